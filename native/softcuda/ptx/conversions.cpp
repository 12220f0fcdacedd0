// cvt (PTX ISA, "Data Movement and Conversion Instructions"). A register may be wider than the type that is read from it or written
// to it: the type's low bits are read, and a result is extended by its sign or by zeros.
#include <cfenv>
#include <cmath>
#include <limits>

#include "operations.h"

namespace softcuda::ptx {
namespace {

enum Rounding { nearest, toward_zero, down, up, none };

double rounded(double x, int rounding) {
    if (rounding == toward_zero) return std::trunc(x);
    if (rounding == down) return std::floor(x);
    return rounding == up ? std::ceil(x) : std::nearbyint(x);
}

// Beyond what the type holds: its ends. NaN: 0, but where one side has 64 bits the highest bit alone.
template <typename To>
To to_integer(double x, int rounding, bool from_double) {
    if (x != x) return from_double || sizeof(To) == 8 ? To(std::make_unsigned_t<To>(1) << (8 * sizeof(To) - 1)) : To(0);
    const double value = rounded(x, rounding);
    constexpr double end = sizeof(To) == 8 ? (std::is_signed_v<To> ? 0x1p63 : 0x1p64) : double(std::numeric_limits<To>::max()) + 1;
    if (value >= end) return std::numeric_limits<To>::max();
    return value <= double(std::numeric_limits<To>::min()) ? std::numeric_limits<To>::min() : To(value);
}

template <typename To, typename From>
To convert(From x, int rounding) {
    if constexpr (std::is_integral_v<To> && std::is_floating_point_v<From>) return to_integer<To>(double(x), rounding, sizeof(From) == 8);
    else if constexpr (std::is_floating_point_v<To> && std::is_same_v<To, From>) return rounding == none ? x : To(rounded(double(x), rounding));
    else return To(x);
}

// Where registers are as wide as their types.
template <typename To, typename From>
void convert_rows(Warp& warp, const Instruction& i, uint32_t lanes) {
    const Reference* o = warp.operands(i);
    To* to = warp.row<To>(o[0]);
    const From* from = warp.row<From>(o[1]);
    for_lanes(lanes, [&](int l) { to[l] = convert<To, From>(from[l], i.detail); });
}

template <typename To, typename From>
void convert_parts(Warp& warp, const Instruction& i, uint32_t lanes) {
    const Reference* o = warp.operands(i);
    for_lanes(lanes, [&](int l) {
        const uint64_t bits = warp.bits(o[1], l);
        From from;
        std::memcpy(&from, &bits, sizeof from);
        const To to = convert<To, From>(from, i.detail);
        uint64_t result = 0;
        if constexpr (std::is_integral_v<To>) result = uint64_t(to);
        else std::memcpy(&result, &to, sizeof to);
        warp.set_bits(o[0], l, result);
    });
}

template <typename To, typename From>
Run conversion(bool whole) { return whole ? convert_rows<To, From> : convert_parts<To, From>; }

template <typename To>
Run conversion_from(Type from, bool whole) {
    const bool is_signed = from.kind == 's';
    if (from.kind == 'f') return from.bytes == 4 ? conversion<To, float>(whole) : conversion<To, double>(whole);
    if (from.bytes == 1) return is_signed ? conversion<To, int8_t>(whole) : conversion<To, uint8_t>(whole);
    if (from.bytes == 2) return is_signed ? conversion<To, int16_t>(whole) : conversion<To, uint16_t>(whole);
    if (from.bytes == 4) return is_signed ? conversion<To, int32_t>(whole) : conversion<To, uint32_t>(whole);
    return is_signed ? conversion<To, int64_t>(whole) : conversion<To, uint64_t>(whole);
}

Run conversion_to(Type to, Type from, bool whole) {
    const bool is_signed = to.kind == 's';
    if (to.kind == 'f') return to.bytes == 4 ? conversion_from<float>(from, whole) : conversion_from<double>(from, whole);
    if (to.bytes == 1) return is_signed ? conversion_from<int8_t>(from, whole) : conversion_from<uint8_t>(from, whole);
    if (to.bytes == 2) return is_signed ? conversion_from<int16_t>(from, whole) : conversion_from<uint16_t>(from, whole);
    if (to.bytes == 4) return is_signed ? conversion_from<int32_t>(from, whole) : conversion_from<uint32_t>(from, whole);
    return is_signed ? conversion_from<int64_t>(from, whole) : conversion_from<uint64_t>(from, whole);
}

int rounding_of(const Opcode& opcode) {
    if (opcode.has("rzi")) return toward_zero;
    if (opcode.has("rmi")) return down;
    if (opcode.has("rpi")) return up;
    return opcode.has("rni") ? nearest : none;
}

}  // namespace

bool decode_conversion(const Kernel& kernel, const Opcode& opcode, Instruction& i) {
    const Type to = opcode.type(1), from = opcode.type();
    for (const char* modifier : {"ftz", "sat", "rz", "rm", "rp", "rna", "relu"}) {
        if (opcode.has(modifier)) return false;
    }
    if (to.kind == 0 || from.kind == 0 || (to.kind == 'f' && to.bytes < 4) || (from.kind == 'f' && from.bytes < 4)) return false;
    const Reference* o = kernel.operands(i);
    i.kind = to.kind == 'f' || from.kind == 'f' ? Kind::float32 : Kind::integer;
    if (to.bytes == 8 && i.kind == Kind::float32) i.kind = Kind::float64;
    i.detail = rounding_of(opcode);
    i.run = conversion_to(to, from, o[0].bytes == to.bytes && o[1].bytes == from.bytes);
    return true;
}

}  // namespace softcuda::ptx
