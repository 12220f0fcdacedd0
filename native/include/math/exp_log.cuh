// exp, expm1, log, log1p; see math.cuh.
#pragma once

#include "format.cuh"

namespace math {
namespace detail {

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

}  // namespace math
