// Floating-point arithmetic (PTX ISA, "Floating-Point Instructions"), rounded to nearest, subnormal numbers kept: as IEEE 754 has
// it, and so as the host computes. Approximations and other roundings are not supported, since kernels have none.
#include <cmath>

#include "operations.h"

namespace softcuda::ptx {
namespace {

struct Add { template <typename T> static T of(T a, T b) { return a + b; } };
struct Subtract { template <typename T> static T of(T a, T b) { return a - b; } };
struct Multiply { template <typename T> static T of(T a, T b) { return a * b; } };
struct Divide { template <typename T> static T of(T a, T b) { return a / b; } };
struct FusedMultiplyAdd { template <typename T> static T of(T a, T b, T c) { return std::fma(a, b, c); } };
struct Reciprocal { template <typename T> static T of(T a) { return T(1) / a; } };
struct SquareRoot { template <typename T> static T of(T a) { return std::sqrt(a); } };
// Of zeros -0 is the least.
struct Least { template <typename T> static T of(T a, T b) { return a == b ? (std::signbit(a) ? a : b) : std::fmin(a, b); } };
struct Greatest { template <typename T> static T of(T a, T b) { return a == b ? (std::signbit(a) ? b : a) : std::fmax(a, b); } };
struct Negate { template <typename T> static T of(T a) { return -a; } };
struct Absolute { template <typename T> static T of(T a) { return std::fabs(a); } };
struct CopySign { template <typename T> static T of(T a, T b) { return std::copysign(b, a); } };

template <typename Op>
Run unary_of(Type type) { return type.bytes == 4 ? unary<Op, float> : unary<Op, double>; }
template <typename Op>
Run binary_of(Type type) { return type.bytes == 4 ? binary<Op, float> : binary<Op, double>; }
template <typename Op>
Run ternary_of(Type type) { return type.bytes == 4 ? ternary<Op, float> : ternary<Op, double>; }

bool is_exact(const Opcode& opcode) {
    for (const char* modifier : {"ftz", "sat", "rz", "rm", "rp", "approx", "full", "xorsign", "NaN", "relu", "abs"}) {
        if (opcode.has(modifier)) return false;
    }
    return true;
}

}  // namespace

bool decode_float(const Kernel&, const Opcode& opcode, Instruction& i) {
    const Type type = opcode.type();
    const std::string_view base = opcode.base;
    i.kind = float_kind(type);
    if (!is_exact(opcode) || type.bytes < 4) return false;
    if (base == "add") i.run = binary_of<Add>(type);
    else if (base == "sub") i.run = binary_of<Subtract>(type);
    else if (base == "mul") i.run = binary_of<Multiply>(type);
    else if (base == "div") i.run = binary_of<Divide>(type);
    else if (base == "fma" || base == "mad") i.run = ternary_of<FusedMultiplyAdd>(type);
    else if (base == "rcp") i.run = unary_of<Reciprocal>(type);
    else if (base == "sqrt") i.run = unary_of<SquareRoot>(type);
    else if (base == "min") i.run = binary_of<Least>(type);
    else if (base == "max") i.run = binary_of<Greatest>(type);
    else if (base == "neg") i.run = unary_of<Negate>(type);
    else if (base == "abs") i.run = unary_of<Absolute>(type);
    else if (base == "copysign") i.run = binary_of<CopySign>(type);
    return i.run != nullptr;
}

}  // namespace softcuda::ptx
