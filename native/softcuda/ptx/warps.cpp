// Instructions that lanes of a warp or threads of a block execute together: barriers, shuffles, votes (PTX ISA, "Parallel
// Synchronization and Communication Instructions"), and those that end a launch or order memory.
#include "operations.h"

namespace softcuda::ptx {
namespace {

void stop(Warp& warp, const Instruction& i, uint32_t lanes) {
    warp.fail(i, __builtin_ctz(lanes), CUDA_ERROR_LAUNCH_FAILED, "a condition that it requires does not hold");
}

void nothing(Warp&, const Instruction&, uint32_t) {}

void note_sync(Warp& warp, const Instruction&, uint32_t lanes) { warp.syncs += lanes == warp.live() ? 1 : 0; }

enum Shuffle { up, down, butterfly, index };

struct Source {
    int lane;
    bool in_segment;
};

// c holds the clamp in its bits 0 to 4, the segments' mask in bits 8 to 12.
Source source_lane(int how, int lane, int b, int c) {
    const int mask = c >> 8 & 31, clamp = c & 31, first = lane & mask, last = first | (clamp & ~mask);
    b &= 31;
    const int from = how == up ? lane - b : how == down ? lane + b : how == butterfly ? lane ^ b : first | (b & ~mask);
    const bool in_segment = how == up ? from >= last : from <= last;
    return {in_segment ? from : lane, in_segment};
}

// d[|p], a, b, c, mask. A lane that takes no part gives ones.
template <int How>
void shuffle(Warp& warp, const Instruction& i, uint32_t lanes) {
    const Reference* o = warp.operands(i);
    const int a = i.operand_count == 6 ? 2 : 1;
    uint32_t values[lanes_of_warp], in_segment = 0;
    for_lanes(lanes, [&](int l) {
        const Source from = source_lane(How, l, int(warp.bits(o[a + 1], l)), int(warp.bits(o[a + 2], l)));
        values[l] = (lanes >> from.lane & 1) != 0 ? uint32_t(warp.bits(o[a], from.lane)) : ~0u;
        in_segment |= uint32_t(from.in_segment) << l;
    });
    for_lanes(lanes, [&](int l) { warp.set_bits(o[0], l, values[l]); });
    if (a == 2) warp.set_predicate(o[1], lanes, in_segment);
}

Run shuffle_of(const Opcode& opcode) {
    if (opcode.has("up")) return shuffle<up>;
    if (opcode.has("down")) return shuffle<down>;
    if (opcode.has("bfly")) return shuffle<butterfly>;
    return opcode.has("idx") ? shuffle<index> : nullptr;
}

// d, p, mask.
template <char Kind>
void vote(Warp& warp, const Instruction& i, uint32_t lanes) {
    const Reference* o = warp.operands(i);
    const uint32_t ballot = warp.predicate(o[1]) & lanes;
    const bool all = ballot == lanes, any = ballot != 0;
    if (Kind == 'b') for_lanes(lanes, [&](int l) { warp.set_bits(o[0], l, ballot); });
    else warp.set_predicate(o[0], lanes, (Kind == 'l' ? all : Kind == 'y' ? any : all || !any) ? all_lanes : 0);
}

Run vote_of(const Opcode& opcode) {
    if (opcode.has("ballot")) return vote<'b'>;
    if (opcode.has("all")) return vote<'l'>;
    if (opcode.has("any")) return vote<'y'>;
    return opcode.has("uni") ? vote<'u'> : nullptr;
}

void meet_at(Instruction& i, Run run, int mask_operand) {
    i.flow = Flow::warp_meeting;
    i.run = run;
    i.detail = mask_operand;
}

// Operands that are predicates are, and others are not.
bool are_predicates(const Kernel& kernel, const Instruction& i, std::initializer_list<bool> expected) {
    if (i.operand_count != expected.size()) return false;
    const Reference* o = kernel.operands(i);
    for (const bool is_predicate : expected) {
        if ((o++->bytes == 0) != is_predicate) return false;
    }
    return true;
}

bool shuffle_fits(const Kernel& kernel, const Instruction& i) {
    return are_predicates(kernel, i, {false, false, false, false, false}) || are_predicates(kernel, i, {false, true, false, false, false, false});
}

bool is_whole_block(const Kernel& kernel, const Instruction& i) {
    if (i.operand_count != 1) return false;
    const Reference& number = kernel.operands(i)[0];
    return number.is_constant && kernel.constants[number.offset / 8] == 0;
}

}  // namespace

bool decode_warp(const Kernel& kernel, const Opcode& opcode, Instruction& i) {
    const std::string_view base = opcode.base;
    i.kind = Kind::flow;
    if (base == "shfl" && !(opcode.has("sync") && shuffle_fits(kernel, i))) return false;
    if (base == "vote" && !(opcode.has("sync") && are_predicates(kernel, i, {!opcode.has("ballot"), true, false}))) return false;
    if (base == "shfl") meet_at(i, shuffle_of(opcode), int(i.operand_count) - 1);
    else if (base == "vote") meet_at(i, vote_of(opcode), 2);
    else if (base == "bar" && opcode.has("warp")) meet_at(i, note_sync, 0);
    else if ((base == "bar" || base == "barrier") && opcode.has("sync") && is_whole_block(kernel, i)) i.run = nothing, i.flow = Flow::block_barrier;
    else if (base == "trap") i.run = stop;
    else if (base == "membar" || base == "fence" || base == "griddepcontrol") i.run = nothing;
    return i.run != nullptr;
}

}  // namespace softcuda::ptx
