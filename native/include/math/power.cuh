// Powers with a scalar exponent; see math.cuh.
#pragma once

#include "exp_log.cuh"

namespace math {
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

}  // namespace math
