// ld and st: every lane's bytes are looked for in the memory that its address names, and must lie within it and be aligned.
#include "operations.h"
#include "transactions.h"

namespace softcuda::ptx {
namespace {

struct Region {
    Space space;
    uint64_t offset;
};

Region region_of(Space space, uint64_t address) {
    if (space != Space::generic) return {space, address};
    if (address - shared_window < window_bytes) return {Space::shared, address - shared_window};
    if (address - local_window < window_bytes) return {Space::local, address - local_window};
    return {Space::global, address};
}

std::string quantity(uint64_t bytes, const char* what, uint64_t offset) {
    return std::to_string(bytes) + " bytes at " + what + " " + std::to_string(int64_t(offset));
}

unsigned char* outside(Warp& warp, const Instruction& i, int lane, const std::string& what) {
    warp.fail(i, lane, CUDA_ERROR_ILLEGAL_ADDRESS, what);
    return nullptr;
}

unsigned char* reach_global(Warp& warp, const Instruction& i, int lane, uint64_t address, uint32_t bytes) {
    AllocationRange& known = warp.block().global;
    if (address - known.begin >= known.bytes || bytes > known.bytes - (address - known.begin)) {
        known = open_allocation(reinterpret_cast<const void*>(address));
        if (known.bytes == 0) return outside(warp, i, lane, quantity(bytes, "global address", address) + ", which no argument's allocation holds");
        if (bytes > known.bytes - (address - known.begin)) {
            return outside(warp, i, lane, quantity(bytes, "byte", address - known.begin) + " of an allocation of " + std::to_string(known.bytes));
        }
    }
    return reinterpret_cast<unsigned char*>(address);
}

unsigned char* reach_shared(Warp& warp, const Instruction& i, int lane, uint64_t offset, uint32_t bytes, bool writes) {
    Block& block = warp.block();
    if (offset > block.shared_bytes || bytes > block.shared_bytes - offset) {
        return outside(warp, i, lane, quantity(bytes, "shared address", offset) + " of " + std::to_string(block.shared_bytes));
    }
    const int thread = warp.first_thread() + lane, other = block.races.note(offset, bytes, thread, warp.syncs, writes);
    if (other >= 0) {
        warp.fail(i, lane, CUDA_ERROR_LAUNCH_FAILED, std::string(writes ? "writes" : "reads") + " shared memory at " + std::to_string(offset) +
                  " that thread " + std::to_string(other) + " has touched since the last barrier");
    }
    return block.shared + offset;
}

unsigned char* reach_local(Warp& warp, const Instruction& i, int lane, uint64_t offset, uint32_t bytes) {
    const uint64_t size = warp.block().kernel->local_bytes;
    if (offset <= size && bytes <= size - offset) return warp.local(lane) + offset;
    return outside(warp, i, lane, quantity(bytes, "local address", offset) + " of " + std::to_string(size));
}

unsigned char* reach_parameter(Warp& warp, const Instruction& i, int lane, uint64_t offset, uint32_t bytes) {
    const uint64_t size = warp.block().kernel->parameter_bytes;
    if (offset <= size && bytes <= size - offset) return const_cast<unsigned char*>(warp.block().parameters) + offset;
    return outside(warp, i, lane, quantity(bytes, "byte", offset) + " of " + std::to_string(size) + " bytes of parameters");
}

// Addresses of the lanes: a row, or a constant, and the offset.
struct Addresses {
    Addresses(Warp& warp, const Instruction& i, const Reference& base, uint32_t lanes) {
        if (base.bytes == 8) {
            const auto* row = warp.row<const uint64_t>(base);
            for (int l = 0; l < lanes_of_warp; ++l) of_lane[l] = row[l] + uint64_t(i.offset);
        } else {
            for_lanes(lanes, [&](int l) { of_lane[l] = uint32_t(warp.bits(base, l) + uint64_t(i.offset)); });
        }
    }
    uint64_t of_lane[lanes_of_warp];
};

void note_cost(Warp& warp, const Instruction& i, const Addresses& addresses, uint32_t lanes, uint32_t bytes) {
    const Space space = region_of(i.space, addresses.of_lane[__builtin_ctz(lanes)]).space;
    if (i.space == Space::generic) warp.profile(i).kind = space == Space::shared ? Kind::shared : space == Space::local ? Kind::local : Kind::global;
    if (space == Space::shared) warp.profile(i).transactions += count_passes(addresses.of_lane, lanes, bytes);
    else if (space == Space::global) warp.profile(i).transactions += count_sectors(addresses.of_lane, lanes, bytes);
    // Local memory is interleaved: 32 lanes' words at one place are neighbours.
    else if (space == Space::local) warp.profile(i).transactions += (uint64_t(__builtin_popcount(lanes)) * bytes + 31) / 32;
}

uint64_t extended(Type type, uint64_t bits) {
    if (type.kind != 's' || type.bytes == 8) return bits;
    const int spare = 64 - 8 * type.bytes;
    return uint64_t(int64_t(bits << spare) >> spare);
}

void load(Warp& warp, const Instruction& i, uint32_t lanes) {
    const Reference* o = warp.operands(i);
    const Addresses addresses(warp, i, o[i.count], lanes);
    const uint32_t element = i.type.bytes, bytes = element * i.count;
    for_lanes(lanes, [&](int l) {
        const unsigned char* from = reach(warp, i, l, i.space, addresses.of_lane[l], bytes, false);
        if (from == nullptr) return;
        for (uint32_t k = 0; k < i.count; ++k) {
            uint64_t bits = 0;
            std::memcpy(&bits, from + k * element, element);
            warp.set_bits(o[k], l, extended(i.type, bits));
        }
    });
    note_cost(warp, i, addresses, lanes, bytes);
}

void store(Warp& warp, const Instruction& i, uint32_t lanes) {
    const Reference* o = warp.operands(i);
    const Addresses addresses(warp, i, o[0], lanes);
    const uint32_t element = i.type.bytes, bytes = element * i.count;
    for_lanes(lanes, [&](int l) {
        unsigned char* to = reach(warp, i, l, i.space, addresses.of_lane[l], bytes, true);
        if (to == nullptr) return;
        for (uint32_t k = 0; k < i.count; ++k) {
            const uint64_t bits = warp.bits(o[k + 1], l);
            std::memcpy(to + k * element, &bits, element);
        }
    });
    note_cost(warp, i, addresses, lanes, bytes);
}

// Parameters of a called function lie in local memory; the builder has said so.
Space space_of(const Opcode& opcode, Space set_before) {
    for (const std::string_view m : opcode.modifiers) {
        if (m == "global") return Space::global;
        if (m.substr(0, 6) == "shared") return Space::shared;
        if (m == "local") return Space::local;
        if (m.substr(0, 5) == "param") return set_before == Space::local ? Space::local : Space::parameter;
    }
    return Space::generic;
}

}  // namespace

unsigned char* reach(Warp& warp, const Instruction& i, int lane, Space space, uint64_t address, uint32_t bytes, bool writes) {
    const Region at = region_of(space, address);
    if (at.offset % bytes != 0) {
        warp.fail(i, lane, CUDA_ERROR_MISALIGNED_ADDRESS, quantity(bytes, "address", at.offset) + ", which is no multiple of the size");
        return nullptr;
    }
    if (at.space == Space::shared) return reach_shared(warp, i, lane, at.offset, bytes, writes);
    if (at.space == Space::local) return reach_local(warp, i, lane, at.offset, bytes);
    if (at.space == Space::parameter) return reach_parameter(warp, i, lane, at.offset, bytes);
    return reach_global(warp, i, lane, at.offset, bytes);
}

bool decode_access(const Kernel& kernel, const Opcode& opcode, Instruction& i) {
    i.space = space_of(opcode, i.space);
    i.type = opcode.type();
    i.count = opcode.has("v2") ? 2 : opcode.has("v4") ? 4 : 1;
    i.kind = i.space == Space::shared ? Kind::shared : i.space == Space::local ? Kind::local : i.space == Space::parameter ? Kind::move : Kind::global;
    i.run = opcode.base == "ld" ? load : store;
    const Reference* o = kernel.operands(i);
    for (uint32_t k = 0; k < i.operand_count; ++k) {
        if (o[k].bytes == 0) return false;
    }
    return i.type.bytes != 0 && i.operand_count == i.count + 1u;
}

}  // namespace softcuda::ptx
