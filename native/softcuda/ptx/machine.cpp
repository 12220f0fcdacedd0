#include "machine.h"

#include <algorithm>
#include <cstdio>

namespace softcuda::ptx {

Warp::Warp(Block& block, int first_thread)
    : block_(block),
      first_thread_(first_thread),
      registers_(block.kernel->register_bytes / 8 + 1, ~uint64_t(0)),
      predicates_(block.kernel->predicate_count),
      local_(size_t(lanes_of_warp) * block.kernel->local_bytes),
      bases_{reinterpret_cast<unsigned char*>(registers_.data()), reinterpret_cast<unsigned char*>(block.kernel->constants.data())} {
    const int count = std::min(lanes_of_warp, block.thread_count() - first_thread);
    existing_ = count == lanes_of_warp ? all_lanes : (1u << count) - 1;
    predicates_[1] = all_lanes;
}

void Warp::restart() {
    live_ = existing_;
    at_barrier_ = at_meeting_ = at_join_ = 0;
    parting_.fill(-1);
    partings_.clear();
    syncs = 0;
    places_.fill(0);
    copies_.assign(lanes_of_warp, AsyncCopies());
    std::fill(local_.begin(), local_.end(), 0xFF);
    std::fill(registers_.begin(), registers_.end(), ~uint64_t(0));
    std::fill(predicates_.begin() + 2, predicates_.end(), 0);
}

Dim3 Warp::thread_index(int lane) const {
    const unsigned thread = unsigned(first_thread_ + lane), x = block_.size.x, y = block_.size.y;
    return {thread % x, thread / x % y, thread / (x * y)};
}

void Warp::pass_barrier() {
    if (lanes_at(uint32_t(barrier_site()) - 1, live_) != live_) {
        const int lane = __builtin_ctz(live_);
        return fail(block_.kernel->code[places_[size_t(lane)]], lane, CUDA_ERROR_LAUNCH_FAILED, "lanes of a warp wait at different barriers");
    }
    for_lanes(at_barrier_, [this](int lane) { ++places_[size_t(lane)]; });
    at_barrier_ = 0;
}

void Warp::move_lanes(uint32_t lanes, uint32_t place) {
    for_lanes(lanes, [&](int lane) { places_[size_t(lane)] = place; });
}

uint32_t Warp::lanes_at(uint32_t place, uint32_t of) const {
    uint32_t found = 0;
    for_lanes(of, [&](int lane) { found |= uint32_t(places_[size_t(lane)] == place) << lane; });
    return found;
}

// The lanes furthest back, of those that the same branches have parted.
void Warp::run(int instructions) {
    while (instructions > 0 && !block_.failed) {
        const uint32_t able = live_ & ~at_barrier_ & ~at_meeting_ & ~at_join_;
        if (able == 0) {
            if (!nobody_can_go_on()) return;
            continue;
        }
        int furthest = __builtin_ctz(able);
        for_lanes(able, [&](int lane) { furthest = places_[size_t(lane)] < places_[size_t(furthest)] ? lane : furthest; });
        uint32_t alike = 0, limit = no_instruction;
        for_lanes(able, [&](int lane) { alike |= uint32_t(parting_[size_t(lane)] == parting_[size_t(furthest)]) << lane; });
        const uint32_t first = places_[size_t(furthest)], lanes = lanes_at(first, alike);
        for_lanes(alike & ~lanes, [&](int lane) { limit = std::min(limit, places_[size_t(lane)]); });
        step(first, lanes, limit, instructions);
    }
}

// Lanes that are together go on until they part, wait, or come to where others are.
void Warp::step(uint32_t place, uint32_t lanes, uint32_t limit, int& budget) {
    Kernel& kernel = *block_.kernel;
    while (place < limit && budget-- > 0 && !block_.failed) {
        if (arrives(place, lanes)) return;
        const Instruction& i = kernel.code[place];
        const uint32_t active = lanes & (predicates_[i.guard] ^ (i.guard_negated ? all_lanes : 0));
        ++kernel.profile[place].warps;
        kernel.profile[place].lanes += uint64_t(__builtin_popcount(i.flow == Flow::branch ? lanes : active));
        if (i.flow == Flow::next) {
            if (active != 0) i.run(*this, i, active);
            ++place;
        } else if (i.flow == Flow::branch) {
            if (active != 0 && active != lanes) {
                part(lanes, i.reconvergence);
                move_lanes(active, i.target);
                return move_lanes(lanes & ~active, place + 1);
            }
            place = active != 0 ? i.target : place + 1;
        } else if (i.flow == Flow::exit) {
            live_ &= ~active;
            lanes &= ~active;
            if (lanes == 0) return;
            ++place;
        } else {
            if (active != lanes) move_lanes(lanes & ~active, place + 1);
            move_lanes(active, place);
            if (active == 0) {
                ++place;
                continue;
            }
            if (i.flow == Flow::block_barrier && int(place) + 1 == block_.dropped_barrier) return move_lanes(active, place + 1);
            if (i.flow == Flow::block_barrier) at_barrier_ |= active;
            else meet(i, place, active);
            return;
        }
    }
    move_lanes(lanes, place);
}

// The lanes that this lane's instruction waits for, of those that have not finished.
uint32_t Warp::members(const Instruction& i, int lane) {
    if (i.detail < 0) return live_;
    return uint32_t(bits(operands(i)[i.detail], lane)) & live_;
}

// Executes an instruction for a whole warp when the lanes that it names are there; else the given ones wait.
bool Warp::meet(const Instruction& i, uint32_t place, uint32_t lanes) {
    at_meeting_ |= lanes;
    const uint32_t there = lanes_at(place, at_meeting_);
    const int first = __builtin_ctz(lanes);
    const uint32_t named = members(i, first);
    if ((named & ~there) != 0) return false;
    if ((named >> first & 1) == 0) fail(i, first, CUDA_ERROR_LAUNCH_FAILED, "the mask does not name its lane");
    at_meeting_ &= ~named;
    if (i.run != nullptr) i.run(*this, i, named);
    move_lanes(named, place + 1);
    return true;
}

// When no lane can go on by itself: lanes that others have finished without may.
bool Warp::resolve_meetings() {
    bool progress = false;
    for_lanes(at_meeting_, [&](int lane) {
        const uint32_t place = places_[size_t(lane)];
        if ((at_meeting_ >> lane & 1) != 0 && meet(block_.kernel->code[place], place, 1u << lane)) progress = true;
    });
    return progress;
}

bool Warp::nobody_can_go_on() {
    if (live_ == 0) return false;
    if (join_any()) return true;
    if (at_meeting_ != 0 && resolve_meetings()) return true;
    if (stop_waiting_for_others()) return true;
    if (at_meeting_ != 0) {
        const int lane = __builtin_ctz(at_meeting_);
        fail(block_.kernel->code[places_[size_t(lane)]], lane, CUDA_ERROR_LAUNCH_FAILED, "lanes that a warp's mask names do not meet at the same intrinsic");
        return false;
    }
    return false;
}

void Warp::fail(const Instruction& i, int lane, CUresult status, const std::string& reason) {
    if (block_.failed) return;
    block_.failed = true;
    block_.status = status;
    const Dim3 thread = thread_index(lane), at = block_.index;
    std::fprintf(stderr, "softcuda: kernel %s: %s: %.*s, line %d of the PTX%s%s, thread (%u, %u, %u) of block (%u, %u, %u)\n",
                 block_.kernel->name.c_str(), reason.c_str(), int(i.opcode.size()), i.opcode.data(), i.place.line,
                 i.place.source_line != 0 ? ", source line " : "", i.place.source_line != 0 ? std::to_string(i.place.source_line).c_str() : "",
                 thread.x, thread.y, thread.z, at.x, at.y, at.z);
}

}  // namespace softcuda::ptx
