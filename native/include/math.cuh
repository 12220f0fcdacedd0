// exp, expm1, log, log1p, tanh, sigmoid, softplus, power and inverse_normal_cdf with IDENTICAL BITS on every device.
//
// The contract: for one input, nvcc, clang and g++ give the same bits, scalar or vectorised, at any vector width and any
// optimisation level (the sign and payload of a NaN excepted). It holds because the code uses only
//   - IEEE + - * / sqrt, each rounded once to nearest, and fma where it is written,
//   - comparisons, selections, and integer operations on the bits of a number;
// no libm or libdevice call, no table, no approximate instruction. No rounded product is ever an operand of + or -, so a
// compiler that contracts a * b + c to an fma changes no bit of it; kernels are still compiled with contraction off for
// the sake of the code around. What breaks the contract: -ffast-math, --use_fast_math, -ftz=true.
// Everything but power is branch-free, so loops over these functions vectorise (g++: -fno-math-errno -fno-trapping-math).
//
// Special values follow C99: NaN in, NaN out; exact limits at +-inf; -0 kept where f(-0) = -0; subnormal inputs and
// results are handled in full. "Max n ulp" in a comment is the largest error measured by native/tests/math_test.cpp
// --full (all 2^32 floats, 10^8 doubles), in units of the last place of the true value.
#pragma once

#include "math/exp_log.cuh"
#include "math/format.cuh"
#include "math/hyperbolic.cuh"
#include "math/normal.cuh"
#include "math/power.cuh"
