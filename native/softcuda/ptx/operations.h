// What the files of operations share: an opcode cut at its dots, and loops over lanes.
#pragma once

#include "machine.h"

namespace softcuda::ptx {

struct Opcode {
    explicit Opcode(std::string_view text);
    bool has(std::string_view modifier) const;
    // The n-th type among the modifiers, from the end.
    Type type(int from_end = 0) const;

    std::string_view base;
    std::vector<std::string_view> modifiers;
};

// Sets run, kind and flow of an instruction with this opcode; false when it has a form that is not supported.
using Decoder = bool (*)(const Kernel& kernel, const Opcode& opcode, Instruction& i);

bool decode_integer(const Kernel&, const Opcode&, Instruction&);
bool decode_float(const Kernel&, const Opcode&, Instruction&);
bool decode_bits(const Kernel&, const Opcode&, Instruction&);
bool decode_comparison(const Kernel&, const Opcode&, Instruction&);
bool decode_selection(const Kernel&, const Opcode&, Instruction&);
bool decode_move(const Kernel&, const Opcode&, Instruction&);
bool decode_conversion(const Kernel&, const Opcode&, Instruction&);
bool decode_address_conversion(const Kernel&, const Opcode&, Instruction&);
bool decode_access(const Kernel&, const Opcode&, Instruction&);
bool decode_async_copy(const Kernel&, const Opcode&, Instruction&);
bool decode_warp(const Kernel&, const Opcode&, Instruction&);
bool decode_tensor_core(const Kernel&, const Opcode&, Instruction&);

inline Kind float_kind(Type type) { return type.bytes == 8 ? Kind::float64 : Kind::float32; }

// result[l] = Op(operands[l] ...) for one type of all of them.
template <typename Op, typename Result, typename... Operands, size_t... Index>
void apply_rows(Warp& warp, const Reference* o, uint32_t lanes, std::index_sequence<Index...>) {
    Result* result = warp.row<Result>(o[0]);
    const std::tuple<const Operands*...> rows{warp.row<const Operands>(o[Index + 1])...};
    if (lanes == all_lanes) {
        for (int l = 0; l < lanes_of_warp; ++l) result[l] = Op::of(std::get<Index>(rows)[l]...);
    } else {
        for_lanes(lanes, [&](int l) { result[l] = Op::of(std::get<Index>(rows)[l]...); });
    }
}

template <typename Op, typename Result, typename... Operands>
void apply(Warp& warp, const Instruction& i, uint32_t lanes) {
    apply_rows<Op, Result, Operands...>(warp, warp.operands(i), lanes, std::index_sequence_for<Operands...>{});
}

template <typename Op, typename T>
constexpr Run unary = apply<Op, T, T>;
template <typename Op, typename T>
constexpr Run binary = apply<Op, T, T, T>;
template <typename Op, typename T>
constexpr Run ternary = apply<Op, T, T, T, T>;

}  // namespace softcuda::ptx
