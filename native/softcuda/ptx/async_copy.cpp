// cp.async (PTX ISA, "Data Movement and Conversion Instructions: cp.async"): the data arrive when their thread waits for them.
#include "operations.h"
#include "transactions.h"

namespace softcuda::ptx {
namespace {

// [shared], [global], bytes[, bytes that exist]: the rest is filled with zeros. detail: the offset of the second address.
void begin_copies(Warp& warp, const Instruction& i, uint32_t lanes) {
    const Reference* o = warp.operands(i);
    uint64_t addresses[lanes_of_warp] = {};
    uint32_t reading = 0;
    for_lanes(lanes, [&](int l) {
        const auto bytes = uint32_t(warp.bits(o[2], l)), exist = i.operand_count > 3 ? uint32_t(warp.bits(o[3], l)) : bytes;
        if (exist != 0 && exist != bytes) return warp.fail(i, l, CUDA_ERROR_LAUNCH_FAILED, "copies a part of its bytes, which is not supported");
        unsigned char* to = reach(warp, i, l, Space::shared, uint32_t(warp.bits(o[0], l) + uint64_t(i.offset)), bytes, true);
        addresses[l] = warp.bits(o[1], l) + uint64_t(int64_t(i.detail));
        const void* from = exist != 0 && to != nullptr ? reach(warp, i, l, Space::global, addresses[l], bytes, false) : nullptr;
        if (to == nullptr || (exist != 0 && from == nullptr)) return;
        warp.copies(l).begin(to, from, bytes, exist != 0);
        reading |= uint32_t(exist != 0) << l;
    });
    if (reading != 0) warp.profile(i).transactions += count_sectors(addresses, reading, uint32_t(warp.bits(o[2], __builtin_ctz(reading))));
}

void commit(Warp& warp, const Instruction&, uint32_t lanes) {
    for_lanes(lanes, [&](int l) { warp.copies(l).commit(); });
}

void wait(Warp& warp, const Instruction& i, uint32_t lanes) {
    const Reference* o = warp.operands(i);
    for_lanes(lanes, [&](int l) { warp.copies(l).wait(i.operand_count > 0 ? int(warp.bits(o[0], l)) : 0); });
}

void wait_for_all(Warp& warp, const Instruction& i, uint32_t lanes) {
    commit(warp, i, lanes);
    wait(warp, i, lanes);
}

bool decode_copy(const Kernel& kernel, Instruction& i) {
    const Reference* o = kernel.operands(i);
    if (i.operand_count < 3 || i.operand_count > 4 || !o[2].is_constant || o[i.operand_count - 1].bytes != 4) return false;
    i.run = begin_copies;
    i.kind = Kind::global;
    i.type = {'b', 4};
    i.count = uint8_t(kernel.constants[o[2].offset / 8] % 256 / 4);
    return true;
}

}  // namespace

bool decode_async_copy(const Kernel& kernel, const Opcode& opcode, Instruction& i) {
    if (!opcode.has("async") || opcode.has("bulk") || opcode.has("mbarrier")) return false;
    i.kind = Kind::flow;
    if (opcode.has("commit_group")) i.run = commit;
    else if (opcode.has("wait_group")) i.run = wait;
    else if (opcode.has("wait_all")) i.run = wait_for_all;
    else return decode_copy(kernel, i);
    return true;
}

}  // namespace softcuda::ptx
