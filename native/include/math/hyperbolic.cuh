// tanh, and what has its shape: sigmoid and softplus; see math.cuh.
#pragma once

#include "exp_log.cuh"

namespace math {
namespace detail {

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

}  // namespace math
