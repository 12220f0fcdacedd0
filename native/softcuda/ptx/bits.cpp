// Logic and shifts (PTX ISA, "Logic and Shift Instructions") and what works on an integer's bits, of registers and of predicates.
#include <algorithm>

#include "operations.h"

namespace softcuda::ptx {
namespace {

struct And { template <typename T> static T of(T a, T b) { return T(a & b); } };
struct Or { template <typename T> static T of(T a, T b) { return T(a | b); } };
struct Xor { template <typename T> static T of(T a, T b) { return T(a ^ b); } };
struct Not { template <typename T> static T of(T a) { return T(~a); } };
// More than the width is the width.
struct ShiftLeft {
    template <typename T> static T of(T a, uint32_t by) { return by >= 8 * sizeof(T) ? T(0) : T(a << by); }
};
struct ShiftRight {
    template <typename T> static T of(T a, uint32_t by) { return T(a >> std::min(by, uint32_t(8 * sizeof(T) - 1))); }
};
struct ShiftRightUnsigned {
    template <typename T> static T of(T a, uint32_t by) { return by >= 8 * sizeof(T) ? T(0) : T(a >> by); }
};
struct CountOnes { template <typename T> static uint32_t of(T a) { return uint32_t(__builtin_popcountll(a)); } };
struct CountLeadingZeros {
    template <typename T> static uint32_t of(T a) { return a == 0 ? uint32_t(8 * sizeof(T)) : uint32_t(__builtin_clzll(a)) - uint32_t(64 - 8 * sizeof(T)); }
};
struct ReverseBits {
    template <typename T> static T of(T a) {
        T reversed = 0;
        for (size_t bit = 0; bit < 8 * sizeof(T); ++bit) reversed = T(reversed << 1 | (a >> bit & 1));
        return reversed;
    }
};
// `count` bits from `from` on; of a signed field the sign goes on, and bits beyond the register are its highest bit.
struct ExtractField {
    template <typename T> static T of(T a, uint32_t from, uint32_t count) {
        from &= 255, count &= 255;
        const uint32_t width = 8 * sizeof(T);
        if (count == 0) return 0;
        const T shifted = from >= width ? (a < T(0) ? T(-1) : T(0)) : T(a >> from);
        if (from + count >= width || count >= width) return shifted;
        const uint32_t spare = width - count;
        return T(T(std::make_unsigned_t<T>(shifted) << spare) >> spare);
    }
};
struct InsertField {
    template <typename T> static T of(T field, T into, uint32_t from, uint32_t count) {
        from &= 255, count &= 255;
        const uint32_t width = 8 * sizeof(T);
        if (from >= width || count == 0) return into;
        const T mask = T((count >= width ? ~T(0) : T((T(1) << count) - 1)) << from);
        return T((into & ~mask) | (T(field << from) & mask));
    }
};
struct Permute {
    static uint32_t of(uint32_t a, uint32_t b, uint32_t selector) {
        const uint64_t bytes = uint64_t(b) << 32 | a;
        uint32_t result = 0;
        for (int i = 0; i < 4; ++i) {
            const uint32_t which = selector >> 4 * i & 15;
            const auto byte = uint8_t(bytes >> 8 * (which & 7));
            result |= uint32_t((which & 8) != 0 ? (byte & 0x80 ? 0xFF : 0) : byte) << 8 * i;
        }
        return result;
    }
};
template <bool Left, bool Wrap>
struct FunnelShift {
    static uint32_t of(uint32_t low, uint32_t high, uint32_t by) {
        const uint32_t n = Wrap ? by & 31 : std::min(by, uint32_t(32));
        const uint64_t both = uint64_t(high) << 32 | low;
        return Left ? uint32_t((n == 32 ? both << 32 : both << n) >> 32) : uint32_t(both >> n);
    }
};

template <template <typename> class Make>
Run for_width(Type type) {
    if (type.bytes == 2) return Make<uint16_t>::run;
    if (type.bytes == 4) return Make<uint32_t>::run;
    return type.bytes == 8 ? Make<uint64_t>::run : nullptr;
}
template <typename T> struct AndOf { static constexpr Run run = binary<And, T>; };
template <typename T> struct OrOf { static constexpr Run run = binary<Or, T>; };
template <typename T> struct XorOf { static constexpr Run run = binary<Xor, T>; };
template <typename T> struct NotOf { static constexpr Run run = unary<Not, T>; };
template <typename T> struct LeftOf { static constexpr Run run = apply<ShiftLeft, T, T, uint32_t>; };
template <typename T> struct RightOf { static constexpr Run run = apply<ShiftRightUnsigned, T, T, uint32_t>; };
template <typename T> struct SignedRightOf { static constexpr Run run = apply<ShiftRight, std::make_signed_t<T>, std::make_signed_t<T>, uint32_t>; };
template <typename T> struct OnesOf { static constexpr Run run = apply<CountOnes, uint32_t, T>; };
template <typename T> struct ZerosOf { static constexpr Run run = apply<CountLeadingZeros, uint32_t, T>; };
template <typename T> struct ReverseOf { static constexpr Run run = unary<ReverseBits, T>; };
template <typename T> struct FieldOf { static constexpr Run run = apply<ExtractField, T, T, uint32_t, uint32_t>; };
template <typename T> struct SignedFieldOf {
    using S = std::make_signed_t<T>;
    static constexpr Run run = apply<ExtractField, S, S, uint32_t, uint32_t>;
};
template <typename T> struct InsertOf { static constexpr Run run = apply<InsertField, T, T, T, uint32_t, uint32_t>; };

template <char Operation>
void combine_predicates(Warp& warp, const Instruction& i, uint32_t lanes) {
    const Reference* o = warp.operands(i);
    const uint32_t a = warp.predicate(o[1]), b = i.operand_count > 2 ? warp.predicate(o[2]) : 0;
    warp.set_predicate(o[0], lanes, Operation == '&' ? a & b : Operation == '|' ? a | b : Operation == '^' ? a ^ b : ~a);
}

Run of_predicates(std::string_view base) {
    if (base == "and") return combine_predicates<'&'>;
    if (base == "or") return combine_predicates<'|'>;
    if (base == "xor") return combine_predicates<'^'>;
    return base == "not" ? combine_predicates<'~'> : nullptr;
}

// Any function of three bits, as a table of eight.
void look_up(Warp& warp, const Instruction& i, uint32_t lanes) {
    const Reference* o = warp.operands(i);
    for_lanes(lanes, [&](int l) {
        const auto a = uint32_t(warp.bits(o[1], l)), b = uint32_t(warp.bits(o[2], l)), c = uint32_t(warp.bits(o[3], l));
        const auto table = uint32_t(warp.bits(o[4], l));
        uint32_t result = 0;
        for (int k = 0; k < 8; ++k) {
            if ((table >> k & 1) != 0) result |= (k & 4 ? a : ~a) & (k & 2 ? b : ~b) & (k & 1 ? c : ~c);
        }
        warp.set_bits(o[0], l, result);
    });
}

Run funnel_shift(const Opcode& opcode) {
    const bool wrap = opcode.has("wrap");
    if (opcode.has("l")) return wrap ? ternary<FunnelShift<true, true>, uint32_t> : ternary<FunnelShift<true, false>, uint32_t>;
    return wrap ? ternary<FunnelShift<false, true>, uint32_t> : ternary<FunnelShift<false, false>, uint32_t>;
}

}  // namespace

bool decode_bits(const Kernel&, const Opcode& opcode, Instruction& i) {
    const Type type = opcode.type();
    const std::string_view base = opcode.base;
    const bool is_signed = type.kind == 's';
    i.kind = Kind::integer;
    if (type.kind == 'p') i.run = of_predicates(base);
    else if (base == "and") i.run = for_width<AndOf>(type);
    else if (base == "or") i.run = for_width<OrOf>(type);
    else if (base == "xor") i.run = for_width<XorOf>(type);
    else if (base == "not") i.run = for_width<NotOf>(type);
    else if (base == "shl") i.run = for_width<LeftOf>(type);
    else if (base == "shr") i.run = is_signed ? for_width<SignedRightOf>(type) : for_width<RightOf>(type);
    else if (base == "popc") i.run = for_width<OnesOf>(type);
    else if (base == "clz") i.run = for_width<ZerosOf>(type);
    else if (base == "brev") i.run = for_width<ReverseOf>(type);
    else if (base == "bfe") i.run = is_signed ? for_width<SignedFieldOf>(type) : for_width<FieldOf>(type);
    else if (base == "bfi") i.run = for_width<InsertOf>(type);
    else if (base == "prmt" && opcode.modifiers.size() == 1) i.run = ternary<Permute, uint32_t>;
    else if (base == "lop3") i.run = look_up;
    else if (base == "shf") i.run = funnel_shift(opcode);
    return i.run != nullptr;
}

}  // namespace softcuda::ptx
