// mov: of a register, a predicate, an address or a special register, and between a register and its parts; cvta, between generic
// addresses and those of one space.
#include "operations.h"

namespace softcuda::ptx {
namespace {

template <typename T>
void copy(Warp& warp, const Instruction& i, uint32_t lanes) {
    const Reference* o = warp.operands(i);
    T* to = warp.row<T>(o[0]);
    const T* from = warp.row<T>(o[1]);
    for_lanes(lanes, [&](int l) { to[l] = from[l]; });
}

void copy_predicate(Warp& warp, const Instruction& i, uint32_t lanes) {
    const Reference* o = warp.operands(i);
    warp.set_predicate(o[0], lanes, warp.predicate(o[1]));
}

// One register and several, the lowest bits first. detail: the number of results.
void move_parts(Warp& warp, const Instruction& i, uint32_t lanes) {
    const Reference* o = warp.operands(i);
    for_lanes(lanes, [&](int l) {
        uint64_t bits = 0;
        for (uint32_t k = i.operand_count; k-- > uint32_t(i.detail);) bits = (o[k].bytes == 8 ? 0 : bits << 8 * o[k].bytes) | warp.bits(o[k], l);
        for (int k = 0; k < i.detail; ++k) {
            warp.set_bits(o[k], l, bits);
            bits = o[k].bytes == 8 ? 0 : bits >> 8 * o[k].bytes;
        }
    });
}

uint64_t special_register(Warp& warp, int which, int lane) {
    const Block& block = warp.block();
    const Dim3 of[] = {warp.thread_index(lane), block.index, block.size, block.grid};
    if (which >= 12) return uint64_t(lane);
    const Dim3& d = of[which / 3];
    return which % 3 == 0 ? d.x : which % 3 == 1 ? d.y : d.z;
}

void read_special(Warp& warp, const Instruction& i, uint32_t lanes) {
    const Reference* o = warp.operands(i);
    for_lanes(lanes, [&](int l) { warp.set_bits(o[0], l, special_register(warp, i.detail, l)); });
}

template <bool ToGeneric>
void convert_address(Warp& warp, const Instruction& i, uint32_t lanes) {
    const Reference* o = warp.operands(i);
    const uint64_t base = i.space == Space::shared ? shared_window : i.space == Space::local ? local_window : 0;
    for_lanes(lanes, [&](int l) { warp.set_bits(o[0], l, ToGeneric ? warp.bits(o[1], l) + base : warp.bits(o[1], l) - base); });
}

}  // namespace

// The builder has put the number of a special register, plus 1, into detail, or the number of results that are parts of a list,
// negated.
bool decode_move(const Kernel& kernel, const Opcode& opcode, Instruction& i) {
    const Type type = opcode.type();
    const Reference* o = kernel.operands(i);
    if (i.detail > 0) {
        --i.detail;
        i.run = read_special;
    } else if (i.detail < 0) {
        i.detail = -i.detail;
        i.run = move_parts;
    } else if (type.kind == 'p') {
        i.run = copy_predicate;
    } else if (i.operand_count == 2 && o[0].bytes == o[1].bytes) {
        i.run = type.bytes == 2 ? copy<uint16_t> : type.bytes == 4 ? copy<uint32_t> : type.bytes == 8 ? copy<uint64_t> : nullptr;
    }
    return i.run != nullptr;
}

bool decode_address_conversion(const Kernel&, const Opcode& opcode, Instruction& i) {
    i.space = opcode.has("shared") || opcode.has("shared::cta") ? Space::shared : opcode.has("local") ? Space::local : Space::global;
    if (opcode.has("const") || opcode.has("param")) return false;
    i.run = opcode.has("to") ? convert_address<false> : convert_address<true>;
    i.kind = Kind::integer;
    return true;
}

}  // namespace softcuda::ptx
