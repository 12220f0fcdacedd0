// Integer arithmetic (PTX ISA, "Integer Arithmetic Instructions"): results modulo 2^n; division by zero gives all ones.
#include <limits>
#include <type_traits>

#include "operations.h"

namespace softcuda::ptx {
namespace {

template <typename T>
using Unsigned = std::make_unsigned_t<T>;
template <typename T>
struct WiderOf;
template <> struct WiderOf<int16_t> { using type = int32_t; };
template <> struct WiderOf<uint16_t> { using type = uint32_t; };
template <> struct WiderOf<int32_t> { using type = int64_t; };
template <> struct WiderOf<uint32_t> { using type = uint64_t; };
template <> struct WiderOf<int64_t> { using type = __int128; };
template <> struct WiderOf<uint64_t> { using type = unsigned __int128; };
template <typename T>
using Wider = typename WiderOf<T>::type;

template <typename T>
T product(T a, T b) { return T(uint64_t(a) * uint64_t(b)); }

struct Add { template <typename T> static T of(T a, T b) { return T(Unsigned<T>(a) + Unsigned<T>(b)); } };
struct Subtract { template <typename T> static T of(T a, T b) { return T(Unsigned<T>(a) - Unsigned<T>(b)); } };
struct MultiplyLow { template <typename T> static T of(T a, T b) { return product(a, b); } };
struct MultiplyHigh { template <typename T> static T of(T a, T b) { return T((Wider<T>(a) * Wider<T>(b)) >> (8 * sizeof(T))); } };
struct MultiplyWide { template <typename T> static Wider<T> of(T a, T b) { return Wider<T>(Wider<T>(a) * Wider<T>(b)); } };
struct MultiplyAddLow { template <typename T> static T of(T a, T b, T c) { return Add::of(product(a, b), c); } };
struct MultiplyAddHigh { template <typename T> static T of(T a, T b, T c) { return Add::of(MultiplyHigh::of(a, b), c); } };
struct MultiplyAddWide {
    template <typename T> static Wider<T> of(T a, T b, Wider<T> c) {
        return Wider<T>(uint64_t(MultiplyWide::of(a, b)) + uint64_t(c));
    }
};
struct Divide {
    template <typename T> static T of(T a, T b) {
        if (b == 0) return T(~T(0));
        if (std::is_signed_v<T> && b == T(-1)) return Subtract::of(T(0), a);
        return T(a / b);
    }
};
struct Remainder {
    template <typename T> static T of(T a, T b) {
        if (b == 0) return a;
        return std::is_signed_v<T> && b == T(-1) ? T(0) : T(a % b);
    }
};
struct Least { template <typename T> static T of(T a, T b) { return b < a ? b : a; } };
struct Greatest { template <typename T> static T of(T a, T b) { return a < b ? b : a; } };
struct Negate { template <typename T> static T of(T a) { return Subtract::of(T(0), a); } };
struct Absolute { template <typename T> static T of(T a) { return a < T(0) ? Subtract::of(T(0), a) : a; } };

// Calls make with a value of the type.
template <typename Make>
Run for_type(Type type, Make make) {
    const bool is_signed = type.kind == 's';
    if (type.bytes == 2) return is_signed ? make(int16_t()) : make(uint16_t());
    if (type.bytes == 4) return is_signed ? make(int32_t()) : make(uint32_t());
    if (type.bytes == 8) return is_signed ? make(int64_t()) : make(uint64_t());
    return nullptr;
}

template <typename Op>
Run binary_of(Type type) { return for_type(type, [](auto t) -> Run { return binary<Op, decltype(t)>; }); }
template <typename Op>
Run unary_of(Type type) { return for_type(type, [](auto t) -> Run { return unary<Op, decltype(t)>; }); }
template <typename Op>
Run ternary_of(Type type) { return for_type(type, [](auto t) -> Run { return ternary<Op, decltype(t)>; }); }

Run multiply(const Opcode& opcode, Type type) {
    if (opcode.has("lo")) return binary_of<MultiplyLow>(type);
    if (opcode.has("hi")) return binary_of<MultiplyHigh>(type);
    if (!opcode.has("wide") || type.bytes == 8) return nullptr;
    return for_type(type, [](auto t) -> Run { return apply<MultiplyWide, Wider<decltype(t)>, decltype(t), decltype(t)>; });
}

Run multiply_add(const Opcode& opcode, Type type) {
    if (opcode.has("lo")) return ternary_of<MultiplyAddLow>(type);
    if (opcode.has("hi")) return ternary_of<MultiplyAddHigh>(type);
    if (!opcode.has("wide") || type.bytes == 8) return nullptr;
    return for_type(type, [](auto t) -> Run {
        using T = decltype(t);
        return apply<MultiplyAddWide, Wider<T>, T, T, Wider<T>>;
    });
}

}  // namespace

bool decode_integer(const Kernel&, const Opcode& opcode, Instruction& i) {
    const Type type = opcode.type();
    i.kind = Kind::integer;
    if (opcode.has("cc") || opcode.has("sat") || opcode.has("relu")) return false;
    if (opcode.base == "add") i.run = binary_of<Add>(type);
    else if (opcode.base == "sub") i.run = binary_of<Subtract>(type);
    else if (opcode.base == "mul") i.run = multiply(opcode, type);
    else if (opcode.base == "mad") i.run = multiply_add(opcode, type);
    else if (opcode.base == "div") i.run = binary_of<Divide>(type);
    else if (opcode.base == "rem") i.run = binary_of<Remainder>(type);
    else if (opcode.base == "min") i.run = binary_of<Least>(type);
    else if (opcode.base == "max") i.run = binary_of<Greatest>(type);
    else if (opcode.base == "neg") i.run = unary_of<Negate>(type);
    else if (opcode.base == "abs") i.run = unary_of<Absolute>(type);
    return i.run != nullptr;
}

}  // namespace softcuda::ptx
