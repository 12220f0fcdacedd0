// Elementwise functions of one float tensor: UNARY(name, value of x). p and q are the kernel's scalar parameters.
UNARY(exp, math::exp(x))
UNARY(log, math::log(x))
UNARY(tanh, math::tanh(x))
UNARY(sigmoid, math::sigmoid(x))
UNARY(softplus, math::softplus(x, p))
UNARY(relu, x < T(0) ? T(0) : x)
UNARY(step, x > T(0) ? T(1) : x == x ? T(0) : x)
UNARY(scale_shift, scale_shift(x, p, q))
