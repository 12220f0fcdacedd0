// setp: compares into predicates, perhaps combined with another; selp: chooses by one (PTX ISA, "Comparison and Selection").
#include <cmath>

#include "operations.h"

namespace softcuda::ptx {
namespace {

struct Equal { template <typename T> static bool of(T a, T b) { return a == b; } };
struct Unequal { template <typename T> static bool of(T a, T b) { return a < b || a > b; } };
struct Less { template <typename T> static bool of(T a, T b) { return a < b; } };
struct LessOrEqual { template <typename T> static bool of(T a, T b) { return a <= b; } };
struct Ordered { template <typename T> static bool of(T a, T b) { return a == a && b == b; } };
// True of NaN as well.
template <typename Comparison>
struct OrUnordered { template <typename T> static bool of(T a, T b) { return !Ordered::of(a, b) || Comparison::of(a, b); } };
struct Unordered { template <typename T> static bool of(T a, T b) { return !Ordered::of(a, b); } };
template <typename Comparison>
struct Swapped { template <typename T> static bool of(T a, T b) { return Comparison::of(b, a); } };

enum Combination { none, with_and, with_or, with_xor };

uint32_t combine(int how, uint32_t result, uint32_t other) {
    if (how == with_and) return result & other;
    if (how == with_or) return result | other;
    return how == with_xor ? result ^ other : result;
}

// p[|q], a, b[, c]: p the comparison with c, q its opposite with c. detail: the combination, and 4 where q is asked for.
template <typename Comparison, typename T>
void compare(Warp& warp, const Instruction& i, uint32_t lanes) {
    const int first = (i.detail & 4) != 0 ? 2 : 1;
    const Reference* o = warp.operands(i);
    const T *a = warp.row<T>(o[first]), *b = warp.row<T>(o[first + 1]);
    uint32_t holds = 0;
    for (int l = 0; l < lanes_of_warp; ++l) holds |= uint32_t(Comparison::of(a[l], b[l])) << l;
    const int how = i.detail & 3;
    const uint32_t other = how != none ? warp.predicate(o[first + 2]) : 0;
    warp.set_predicate(o[0], lanes, combine(how, holds, other));
    if (first == 2) warp.set_predicate(o[1], lanes, combine(how, ~holds, other));
}

template <typename Comparison>
Run of_type(Type type) {
    const bool is_signed = type.kind == 's';
    if (type.kind == 'f') return type.bytes == 4 ? compare<Comparison, float> : compare<Comparison, double>;
    if (type.bytes == 2) return is_signed ? compare<Comparison, int16_t> : compare<Comparison, uint16_t>;
    if (type.bytes == 4) return is_signed ? compare<Comparison, int32_t> : compare<Comparison, uint32_t>;
    return is_signed ? compare<Comparison, int64_t> : compare<Comparison, uint64_t>;
}

Run comparison(std::string_view name, Type type) {
    if (name == "eq") return of_type<Equal>(type);
    if (name == "ne") return of_type<Unequal>(type);
    if (name == "lt" || name == "lo") return of_type<Less>(type);
    if (name == "le" || name == "ls") return of_type<LessOrEqual>(type);
    if (name == "gt" || name == "hi") return of_type<Swapped<Less>>(type);
    if (name == "ge" || name == "hs") return of_type<Swapped<LessOrEqual>>(type);
    if (name == "equ") return of_type<OrUnordered<Equal>>(type);
    if (name == "neu") return of_type<OrUnordered<Unequal>>(type);
    if (name == "ltu") return of_type<OrUnordered<Less>>(type);
    if (name == "leu") return of_type<OrUnordered<LessOrEqual>>(type);
    if (name == "gtu") return of_type<OrUnordered<Swapped<Less>>>(type);
    if (name == "geu") return of_type<OrUnordered<Swapped<LessOrEqual>>>(type);
    if (name == "num") return of_type<Ordered>(type);
    return name == "nan" ? of_type<Unordered>(type) : nullptr;
}

// One or two predicates, two values, perhaps a predicate.
bool operands_fit(const Kernel& kernel, const Instruction& i, int bytes) {
    const Reference* o = kernel.operands(i);
    const uint32_t first = (i.detail & 4) != 0 ? 2 : 1, count = first + 2 + ((i.detail & 3) != none ? 1 : 0);
    if (i.operand_count != count) return false;
    for (uint32_t k = 0; k < count; ++k) {
        if (o[k].bytes != (k == first || k == first + 1 ? bytes : 0)) return false;
    }
    return true;
}

template <typename T>
void select(Warp& warp, const Instruction& i, uint32_t lanes) {
    const Reference* o = warp.operands(i);
    T* result = warp.row<T>(o[0]);
    const T *a = warp.row<T>(o[1]), *b = warp.row<T>(o[2]);
    const uint32_t chosen = warp.predicate(o[3]);
    for_lanes(lanes, [&](int l) { result[l] = (chosen >> l & 1) != 0 ? a[l] : b[l]; });
}

}  // namespace

bool decode_comparison(const Kernel& kernel, const Opcode& opcode, Instruction& i) {
    const Type type = opcode.type();
    i.kind = type.kind == 'f' ? float_kind(type) : Kind::integer;
    if (opcode.modifiers.empty() || type.bytes < (type.kind == 'f' ? 4 : 2) || opcode.has("ftz")) return false;
    i.detail = opcode.has("and") ? with_and : opcode.has("or") ? with_or : opcode.has("xor") ? with_xor : none;
    if (i.operand_count > (i.detail != none ? 4u : 3u)) i.detail |= 4;
    i.run = comparison(opcode.modifiers.front(), type);
    return i.run != nullptr && operands_fit(kernel, i, type.bytes);
}

bool decode_selection(const Kernel& kernel, const Opcode& opcode, Instruction& i) {
    const int bytes = opcode.type().bytes;
    i.run = bytes == 2 ? select<uint16_t> : bytes == 4 ? select<uint32_t> : bytes == 8 ? select<uint64_t> : nullptr;
    if (i.run == nullptr || i.operand_count != 4) return false;
    const Reference* o = kernel.operands(i);
    return o[0].bytes == bytes && o[1].bytes == bytes && o[2].bytes == bytes && o[3].bytes == 0;
}

}  // namespace softcuda::ptx
