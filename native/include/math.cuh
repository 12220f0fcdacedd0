// exp, expm1, log, log1p, tanh, sigmoid, softplus, power and inverse_normal_cdf with IDENTICAL BITS on every device.
//
// The contract: for one input, nvcc, clang and g++ give the same bits, scalar or vectorised, at any vector width and any
// optimisation level (the sign and payload of a NaN excepted). It holds because the code below uses only
//   - IEEE + - * / sqrt, each rounded once to nearest, and fma where it is written,
//   - comparisons, selections, and integer operations on the bits of a number;
// no libm or libdevice call, no table, no approximate instruction. No rounded product is ever an operand of + or -, so a
// compiler that contracts a * b + c to an fma changes no bit in here; kernels are still compiled with contraction off for
// the sake of the code around. What breaks the contract: -ffast-math, --use_fast_math, -ftz=true.
// Everything but power is branch-free, so loops over these functions vectorise (g++: -fno-math-errno -fno-trapping-math).
//
// Special values follow C99: NaN in, NaN out; exact limits at +-inf; -0 kept where f(-0) = -0; subnormal inputs and
// results are handled in full. "Max n ulp" in a comment is the largest error measured by native/tests/math_test.cpp
// --full (all 2^32 floats, 10^8 doubles), in units of the last place of the true value.
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

// x = k ln2 + r with |r| <= ln2 / 2: adding round_magic rounds x / ln2 to the integer k, and leaves k + 2 * bias in the
// low bits. k ln2 is taken off in two parts; r = high + low, where high is exact.
template <typename T>
struct Reduced {
    T r, high, low;
    Bits<T> doubly_biased;

    HOST_DEVICE explicit Reduced(T x) {
        T shifted = fma(x, Format<T>::log2_e, Format<T>::round_magic);
        T k = shifted - Format<T>::round_magic;
        high = fma(k, -Format<T>::ln2_high, x);
        low = k * -Format<T>::ln2_low;
        r = fma(k, -Format<T>::ln2_low, high);
        doubly_biased = bits_of(shifted);
    }

    // y 2^k for every k that exp meets: by two powers of two, so that a subnormal result is rounded only once.
    HOST_DEVICE T scale(T y) const {
        Bits<T> half = doubly_biased >> 1;
        return y * from_bits(half << Format<T>::mantissa_bits) *
               from_bits((doubly_biased - half) << Format<T>::mantissa_bits);
    }

    // 2^(k - less), itself a normal number.
    HOST_DEVICE T power(unsigned less) const {
        return from_bits((doubly_biased - Format<T>::bias - less) << Format<T>::mantissa_bits);
    }
};

// (e^r - 1 - r) / r^2 for |r| <= ln2 / 2, minimax in units of expm1(r): 2^-25.8 and 2^-54.7.
HOST_DEVICE float exp_tail(float r) {
    return polynomial(r, 0x1.fffffep-2f, 0x1.5554bp-3f, 0x1.555674p-5f, 0x1.1227bp-7f, 0x1.6becp-10f);
}
HOST_DEVICE double exp_tail(double r) {
    return polynomial(r, 0x1.0000000000005p-1, 0x1.5555555555539p-3, 0x1.555555555228ep-5, 0x1.1111111119013p-7,
                      0x1.6c16c17ee729ep-10, 0x1.a01a0174fa2ebp-13, 0x1.a019a74a6acffp-16, 0x1.71de88273c65ep-19,
                      0x1.28a206986de3p-22, 0x1.ae6ba82dbb6d2p-26);
}

// e^r for the r of a reduction.
template <typename T>
HOST_DEVICE T exp_reduced(T r) { return polynomial(r, T(1), T(1), exp_tail(r)); }

// exp for exp_lowest <= x <= exp_highest.
template <typename T>
HOST_DEVICE T exp_in_range(T x) {
    Reduced<T> reduced(x);
    return reduced.scale(exp_reduced(reduced.r));
}

// k ln2 + log(1 + f) for sqrt(1/2) - 1 <= f <= sqrt(2) - 1; k's high part comes last, so that only one rounding is large.
// float: log(1 + f) = f - f^2 / 2 + f^3 P(f), P minimax in units of log(1 + f): 2^-27.1.
HOST_DEVICE float log_reduced(float k, float f) {
    float p = polynomial(f, -0.5f, 0x1.555554p-2f, -0x1.000228p-2f, 0x1.99a01p-3f, -0x1.5471f6p-3f, 0x1.22d90ap-3f,
                         -0x1.0d875cp-3f, 0x1.056494p-3f, -0x1.38c19ep-4f);
    return fma(k, Format<float>::ln2_high, f + fma(f * f, p, k * Format<float>::ln2_low));
}
// double: with s = f / (2 + f), log(1 + f) = 2 atanh(s) = 2 s + s R(s^2) = f - f^2 / 2 + s (f^2 / 2 + R(s^2)),
// R / s^2 minimax to 2^-58.4.
HOST_DEVICE double log_reduced(double k, double f) {
    double s = divide(f, 2.0 + f), z = s * s;
    double r = polynomial(z, 0x1.5555555555593p-1, 0x1.999999997f9f8p-2, 0x1.249249422a425p-2, 0x1.c71c51d7d03f5p-3,
                          0x1.746649af86cep-3, 0x1.39a09587e9e2cp-3, 0x1.2f117fae69f45p-3);
    double half_f = 0.5 * f;
    double product = fma(s, fma(z, r, half_f * f), k * Format<double>::ln2_low);
    return fma(k, Format<double>::ln2_high, f + fma(-half_f, f, product));
}

// log(1 + x) for 0 <= x <= 1.
template <typename T>
HOST_DEVICE T log1p_of_fraction(T x) {
    bool halve = x > T(0x1.a827999fcef32p-2);  // sqrt(2) - 1
    return log_reduced(halve ? T(1) : T(0), halve ? fma(x, T(0.5), T(-0.5)) : x);
}

// (tanh(x) - x) / x^3 as a polynomial of x^2 for 0 <= x <= 0.55, minimax in units of tanh(x): 2^-28.0 and 2^-55.4.
HOST_DEVICE float tanh_tail(float x2) {
    return polynomial(x2, -0x1.55554ap-2f, 0x1.110d24p-3f, -0x1.b9283ep-5f, 0x1.593aeep-6f, -0x1.9b23a2p-8f);
}
HOST_DEVICE double tanh_tail(double x2) {
    return polynomial(x2, -0x1.555555555549dp-2, 0x1.11111111028aap-3, -0x1.ba1ba1ad67c53p-5, 0x1.664f45c10e0f3p-6,
                      -0x1.226ddd17e5507p-7, 0x1.d6c617a2acf0dp-9, -0x1.7cf3816ef2da5p-10, 0x1.2fa1223726fa1p-11,
                      -0x1.b90081f0a2b49p-13, 0x1.abe7591af4f68p-15);
}

}  // namespace detail

// x = k ln2 + r, |r| <= ln2 / 2; e^x = 2^k e^r. Max 0.93 ulp (float), 0.95 ulp (double).
template <typename T>
HOST_DEVICE T exp(T x) {
    using F = detail::Format<T>;
    return detail::exp_in_range(detail::at_most(detail::at_least(x, F::exp_lowest), F::exp_highest));
}

// exp's reduction; e^x - 1 = 2^k (e^r - 1) + (2^k - 1), halved until the end so that 2^k cannot overflow. The exact part
// of r is added first. Max 1.25 ulp (float), 1.22 ulp (double).
template <typename T>
HOST_DEVICE T expm1(T x) {
    using F = detail::Format<T>;
    detail::Reduced<T> reduced(detail::at_most(detail::at_least(x, F::expm1_lowest), F::exp_highest));
    T tail = detail::fma(reduced.r * reduced.r, detail::exp_tail(reduced.r), reduced.low);
    T half_power = reduced.power(1);
    T half_result = detail::fma(half_power, tail, detail::fma(half_power, reduced.high, half_power - T(0.5)));
    return detail::absolute(x) < F::tiny ? x : T(2) * half_result;
}

// x = 2^k (1 + f), sqrt(1/2) <= 1 + f < sqrt(2), by integer operations on the bits of x; a subnormal x is scaled up first.
// Max 0.88 ulp (float), 0.76 ulp (double).
template <typename T>
HOST_DEVICE T log(T x) {
    using F = detail::Format<T>;
    using Bits = detail::Bits<T>;
    constexpr Bits offset = F::one - F::sqrt_half, mantissa = (Bits(1) << F::mantissa_bits) - 1;
    bool subnormal = x < F::smallest_normal;
    Bits bits = detail::bits_of(subnormal ? x * F::two_power_mantissa : x) + offset;
    T f = detail::from_bits((bits & mantissa) + F::sqrt_half) - T(1);
    // The exponent field, at most 2 * bias + 1, becomes a number as the low bits of 2^mantissa_bits.
    T biased_k = detail::from_bits(detail::bits_of(F::two_power_mantissa) | (bits >> F::mantissa_bits));
    T k = biased_k - (F::two_power_mantissa + T(F::bias) + (subnormal ? T(F::mantissa_bits) : T(0)));
    T result = detail::log_reduced(k, f);
    T infinity = detail::from_bits(F::infinity);
    result = x < infinity ? result : x;  // infinity, NaN
    result = x == T(0) ? -infinity : result;
    return x < T(0) ? detail::from_bits(F::nan) : result;
}

// k from 1 + x rounded, then f = 2^-k x + (2^-k - 1) in one fma: exact for k = 0, below half an ulp off otherwise, so no
// correction term is needed. 2^-k is kept as 4 2^-k, a normal number for every k. Max 1.48 ulp (float), 1.36 ulp (double).
template <typename T>
HOST_DEVICE T log1p(T x) {
    using F = detail::Format<T>;
    using Bits = detail::Bits<T>;
    Bits biased_k = (detail::bits_of(T(1) + x) + (F::one - F::sqrt_half)) >> F::mantissa_bits;
    T power = detail::from_bits((2 * F::bias + 2 - biased_k) << F::mantissa_bits);
    T f = detail::fma(T(0.25) * x, power, detail::fma(T(0.25), power, T(-1)));
    T k = detail::from_bits(detail::bits_of(F::two_power_mantissa) | biased_k) - (F::two_power_mantissa + T(F::bias));
    T result = detail::log_reduced(k, f);
    T infinity = detail::from_bits(F::infinity);
    result = detail::absolute(x) < F::tiny ? x : result;
    result = x < infinity ? result : x;  // infinity, NaN
    result = x == T(-1) ? -infinity : result;
    return x < T(-1) ? detail::from_bits(F::nan) : result;
}

// For |x| < 0.55 the odd polynomial x + x^3 P(x^2); from there on, where tanh exceeds 1/2, 1 - 2 / (e^(2|x|) + 1).
// Max 1.59 ulp (float), 1.59 ulp (double).
template <typename T>
HOST_DEVICE T tanh(T x) {
    using F = detail::Format<T>;
    T a = detail::absolute(x), a2 = a * a;
    T small = detail::fma(a2 * a, detail::tanh_tail(a2), a);
    detail::Reduced<T> reduced(T(2) * detail::at_most(a, F::tanh_highest));
    T exp_2a_plus_1 = detail::fma(detail::exp_reduced(reduced.r), reduced.power(0), T(1));
    T large = T(1) - detail::divide(T(2), exp_2a_plus_1);
    T result = a < T(0.55) ? small : large;
    return detail::from_bits(detail::bits_of(result) | (detail::bits_of(x) & F::sign));
}

// 1 / (1 + e^-x) as (x >= 0 ? 1 : z) / (1 + z), z = e^-|x|: it neither overflows nor loses the subnormal tail.
// Max 2.41 ulp (float), 2.37 ulp (double).
template <typename T>
HOST_DEVICE T sigmoid(T x) {
    T z = detail::exp_in_range(detail::at_least(-detail::absolute(x), detail::Format<T>::exp_lowest));
    return detail::divide(x >= T(0) ? T(1) : z, T(1) + z);
}

// log(1 + e^(alpha x)) / alpha as (max(alpha x, 0) + log1p(e^-|alpha x|)) / alpha.
// Max 1.89 ulp (float), 1.77 ulp (double) where alpha x is exact.
template <typename T>
HOST_DEVICE T softplus(T x, T alpha) {
    T scaled = alpha * x;
    T z = detail::exp_in_range(detail::at_least(-detail::absolute(scaled), detail::Format<T>::exp_lowest));
    return detail::divide(detail::at_least(scaled, T(0)) + detail::log1p_of_fraction(z), alpha);
}

namespace detail {

// An unevaluated sum high + low, |low| below an ulp of high: some 100 bits.
struct Twofold {
    double high, low;

    HOST_DEVICE Twofold times(Twofold b) const {
        double product = high * b.high;
        return {product, fma(high, b.low, fma(low, b.high, fma(high, b.high, -product)))};
    }
    // Where high is an overflow or a reciprocal of 0 or infinity, low is no finite number; adding 0 would lose the sign of -0.
    HOST_DEVICE double rounded() const {
        return low != 0 && absolute(low) < from_bits(Format<double>::infinity) ? high + low : high;
    }
};

// 1 / x.
HOST_DEVICE Twofold twofold_reciprocal(double x) {
    double high = divide(1.0, x);
    return {high, fma(-high, x, 1.0) * high};
}

// x^n for n >= 0 by squaring.
HOST_DEVICE double whole_power(Twofold x, int n) {
    Twofold result = {1, 0};
    for (; n > 0; n >>= 1) {
        if (n & 1) result = result.times(x);
        if (n > 1) x = x.times(x);
    }
    return result.rounded();
}

// log x for a finite x > 0 as k ln2 + 2 atanh(s), s = f / (2 + f): 2 s + s (2/3 z + z^2 P(z)) with z = s^2. All but z^2 P
// is carried twofold, so the sum is right to some 2^-65 of its size. P: the series to z^9, z <= 0.0295.
HOST_DEVICE Twofold twofold_log(double x) {
    constexpr unsigned long long offset = Format<double>::one - Format<double>::sqrt_half, mantissa = (1ull << 52) - 1;
    bool is_subnormal = x < Format<double>::smallest_normal;
    unsigned long long bits = bits_of(is_subnormal ? x * Format<double>::two_power_mantissa : x) + offset;
    double f = from_bits((bits & mantissa) + Format<double>::sqrt_half) - 1.0;
    double k = double(int(bits >> 52) - int(Format<double>::bias) - (is_subnormal ? Format<double>::mantissa_bits : 0));
    double d = 2.0 + f, d_low = f - (d - 2.0);
    double s = divide(f, d), s_low = divide(fma(-s, d_low, fma(-s, d, f)), d);
    Twofold z = Twofold{s, s_low}.times({s, s_low});
    Twofold tail = z.times({0x1.5555555555555p-1, 0x1.5555555555555p-55});
    double p = polynomial(z.high, 2.0 / 5, 2.0 / 7, 2.0 / 9, 2.0 / 11, 2.0 / 13, 2.0 / 15, 2.0 / 17, 2.0 / 19, 2.0 / 21, 2.0 / 23);
    tail.low = fma(z.high * z.high, p, tail.low);
    Twofold rest = tail.times({s, s_low});
    double k_high = k * Format<double>::ln2_high, sum = fma(2.0, s, k_high), of_s = sum - k_high;
    double lost = (k_high - (sum - of_s)) + fma(2.0, s, -of_s);
    double low = lost + fma(2.0, s_low, fma(k, Format<double>::ln2_low, rest.low));
    double top = sum + rest.high, from_rest = top - sum;
    low += (sum - (top - from_rest)) + (rest.high - from_rest);
    double high = top + low;
    return {high, low - (high - top)};
}

// e^(p log x) for x >= 0; what exp's rounded argument lacks is multiplied back in where that is finite.
HOST_DEVICE double power_by_log(double x, double p) {
    double infinity = from_bits(Format<double>::infinity);
    if (!(x > 0 && x < infinity)) return exp(p * log(x));
    Twofold log_x = twofold_log(x);
    double high = p * log_x.high, low = fma(p, log_x.low, fma(p, log_x.high, -high));
    double result = exp(high);
    return absolute(high) < infinity && result < infinity ? fma(result, low, result) : result;
}

}  // namespace detail

// x^p for a finite p, with C99's special values except that a negative x, -inf included, has no power with a fractional p.
// Whole p up to 64: repeated multiplication, so exact where x^p has so few bits. p = +-1/2: by the square root. Others by
// logarithm and exp. Float is computed in double. Not branch-free: it does not vectorise.
// Max 0.5 ulp (float), 1.4 ulp (double; 0.5 for p = +-1/2), subnormal results included.
HOST_DEVICE double power(double x, double p) {
    double size = detail::absolute(p);
    bool is_whole = size >= 0x1p52 || (size + 0x1p52) - 0x1p52 == size;
    if (is_whole && size <= 64)
        return detail::whole_power(p < 0 ? detail::twofold_reciprocal(x) : detail::Twofold{x, 0}, int(size));
    if (size == 0.5) {
        double root = detail::square_root(x) + 0.0;  // +0 for -0
        return p < 0 ? detail::divide(1.0, root) : root;
    }
    if (!is_whole) return detail::power_by_log(x, p);
    bool is_odd = size < 0x1p53 && ((unsigned long long)size & 1) != 0;
    double result = detail::power_by_log(detail::absolute(x), p);
    return is_odd ? detail::from_bits(detail::bits_of(result) | (detail::bits_of(x) & detail::Format<double>::sign)) : result;
}
HOST_DEVICE float power(float x, float p) { return float(power(double(x), double(p))); }

// The x with normal_cdf(x) = p: Wichura's AS 241, PPND16, a ratio of polynomials for each of |p - 1/2| <= 0.425, the near
// tail and the far tail. -inf and inf at 0 and 1, NaN outside. Max 6.2 ulp, 7e-16
// relative, nearly all of it rounding.
HOST_DEVICE double inverse_normal_cdf(double p) {
    using namespace detail;
    double q = p - 0.5;
    double r = fma(-q, q, 0.180625);
    double numerator = q * polynomial(r, 3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3,
                                      1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4,
                                      3.3430575583588128105e4, 2.5090809287301226727e3);
    double denominator = polynomial(r, 1.0, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
                                    2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4,
                                    5.2264952788528545610e3);
    double tail = square_root(-log(q < 0 ? p : 1.0 - p));
    double in_near = tail - 1.6, in_far = tail - 5.0;
    bool is_near = tail <= 5.0;
    double tail_numerator =
        is_near ? polynomial(in_near, 1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0,
                             3.64784832476320460504e0, 1.27045825245236838258e0, 2.41780725177450611770e-1,
                             2.27238449892691845833e-2, 7.74545014278341407640e-4)
                : polynomial(in_far, 6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0,
                             2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
                             2.71155556874348757815e-5, 2.01033439929228813265e-7);
    double tail_denominator =
        is_near ? polynomial(in_near, 1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
                             1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4,
                             1.05075007164441684324e-9)
                : polynomial(in_far, 1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
                             7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7,
                             2.04426310338993978564e-15);
    bool central = absolute(q) <= 0.425;
    double x = divide(central ? numerator : q < 0 ? -tail_numerator : tail_numerator,
                      central ? denominator : tail_denominator);
    double infinity = from_bits(Format<double>::infinity);
    return p == 0.0 ? -infinity : p == 1.0 ? infinity : x;
}

}  // namespace math
