// What the functions of math.cuh are written in: the bits and the layout of numbers, single rounded operations, polynomials.
#pragma once

#ifndef HOST_DEVICE
#if defined(__clang__) && defined(__CUDA__)
#define HOST_DEVICE __attribute__((host, device, always_inline)) inline
#elif defined(__CUDACC__)
#define HOST_DEVICE __host__ __device__ __forceinline__
#else
#define HOST_DEVICE __attribute__((always_inline)) inline
#endif
#endif

namespace math {
namespace detail {

#if defined(__CUDA_ARCH__) && !defined(__clang__)
HOST_DEVICE unsigned bits_of(float x) { return __float_as_uint(x); }
HOST_DEVICE unsigned long long bits_of(double x) { return (unsigned long long)__double_as_longlong(x); }
HOST_DEVICE float from_bits(unsigned bits) { return __uint_as_float(bits); }
HOST_DEVICE double from_bits(unsigned long long bits) { return __longlong_as_double((long long)bits); }
HOST_DEVICE float fma(float a, float b, float c) { return __fmaf_rn(a, b, c); }
HOST_DEVICE double fma(double a, double b, double c) { return __fma_rn(a, b, c); }
HOST_DEVICE float divide(float a, float b) { return __fdiv_rn(a, b); }
HOST_DEVICE double divide(double a, double b) { return __ddiv_rn(a, b); }
HOST_DEVICE float square_root(float x) { return __fsqrt_rn(x); }
HOST_DEVICE double square_root(double x) { return __dsqrt_rn(x); }
#else
template <typename To, typename From>
HOST_DEVICE To bit_cast(From from) {
    static_assert(sizeof(To) == sizeof(From), "a bit cast keeps the size");
    To to;
    __builtin_memcpy(&to, &from, sizeof to);
    return to;
}
HOST_DEVICE unsigned bits_of(float x) { return bit_cast<unsigned>(x); }
HOST_DEVICE unsigned long long bits_of(double x) { return bit_cast<unsigned long long>(x); }
HOST_DEVICE float from_bits(unsigned bits) { return bit_cast<float>(bits); }
HOST_DEVICE double from_bits(unsigned long long bits) { return bit_cast<double>(bits); }
HOST_DEVICE float fma(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
HOST_DEVICE double fma(double a, double b, double c) { return __builtin_fma(a, b, c); }
HOST_DEVICE float divide(float a, float b) { return a / b; }
HOST_DEVICE double divide(double a, double b) { return a / b; }
#if defined(__CUDA_ARCH__)
HOST_DEVICE float square_root(float x) { return __nvvm_sqrt_rn_f(x); }
HOST_DEVICE double square_root(double x) { return __nvvm_sqrt_rn_d(x); }
#else
HOST_DEVICE float square_root(float x) { return __builtin_sqrtf(x); }
HOST_DEVICE double square_root(double x) { return __builtin_sqrt(x); }
#endif
#endif

// The layout of a floating-point format and the constants whose value depends on it.
template <typename T>
struct Format;

template <>
struct Format<float> {
    using Bits = unsigned;
    static constexpr int mantissa_bits = 23;
    static constexpr Bits bias = 127, one = 0x3f800000u, infinity = 0x7f800000u, nan = 0x7fc00000u, sign = 0x80000000u;
    static constexpr Bits sqrt_half = 0x3f3504f3u;             // the lowest mantissa of log's reduction
    static constexpr float two_power_mantissa = 0x1p23f;
    static constexpr float round_magic = 0x1.8p23f + 254;      // t + round_magic has the integer nearest t in its low bits
    static constexpr float log2_e = 0x1.715476p+0f;
    static constexpr float ln2_high = 0x1.62e4p-1f;            // short: its product with an exponent is exact
    static constexpr float ln2_low = 0x1.7f7d1cp-20f;
    static constexpr float smallest_normal = 0x1p-126f;
    static constexpr float tiny = 0x1p-25f;                    // below it log1p(x) and expm1(x) round to x
    static constexpr float exp_lowest = -104, exp_highest = 89;  // beyond them exp is 0 and infinity
    static constexpr float expm1_lowest = -18;                 // below it expm1 is -1
    static constexpr float tanh_highest = 10;                  // above it tanh is 1
};

template <>
struct Format<double> {
    using Bits = unsigned long long;
    static constexpr int mantissa_bits = 52;
    static constexpr Bits bias = 1023, one = 0x3ffull << 52, infinity = 0x7ffull << 52, nan = 0x7ff8ull << 48,
                          sign = 1ull << 63;
    static constexpr Bits sqrt_half = 0x3fe6a09e667f3bcdull;
    static constexpr double two_power_mantissa = 0x1p52;
    static constexpr double round_magic = 0x1.8p52 + 2046;
    static constexpr double log2_e = 0x1.71547652b82fep+0;
    static constexpr double ln2_high = 0x1.62e42fefa38p-1;
    static constexpr double ln2_low = 0x1.ef35793c7673p-45;
    static constexpr double smallest_normal = 0x1p-1022;
    static constexpr double tiny = 0x1p-54;
    static constexpr double exp_lowest = -746, exp_highest = 710;
    static constexpr double expm1_lowest = -38;
    static constexpr double tanh_highest = 20;
};

template <typename T>
using Bits = typename Format<T>::Bits;

HOST_DEVICE float absolute(float x) { return from_bits(bits_of(x) & ~Format<float>::sign); }
HOST_DEVICE double absolute(double x) { return from_bits(bits_of(x) & ~Format<double>::sign); }

// Both keep a NaN x.
template <typename T>
HOST_DEVICE T at_least(T x, T lowest) { return x < lowest ? lowest : x; }
template <typename T>
HOST_DEVICE T at_most(T x, T highest) { return x > highest ? highest : x; }

// c0 + x * (c1 + x * (c2 + ...)), an fma per step.
template <typename T>
HOST_DEVICE T polynomial(T, T c0) { return c0; }
template <typename T, typename... Rest>
HOST_DEVICE T polynomial(T x, T c0, Rest... rest) { return fma(x, polynomial(x, rest...), c0); }

}  // namespace detail
}  // namespace math
