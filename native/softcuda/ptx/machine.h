// What runs a kernel: blocks of warps of 32 lanes. Lanes of a warp go on together until a branch parts them; then those that are furthest
// back in the program go first, and where the branch's ways meet, lanes wait for each other (reconvergence.h).
#pragma once

#include <array>
#include <cstring>
#include <random>

#include "../async_copies.h"
#include "../barriers.h"
#include "program.h"
#include "races.h"

namespace softcuda::ptx {

constexpr int lanes_of_warp = 32;
constexpr uint32_t all_lanes = 0xFFFFFFFFu;

// Generic addresses of shared and local memory lie in windows that no allocation is in; global addresses are generic as they are.
constexpr uint64_t shared_window = uint64_t(1) << 60, local_window = uint64_t(1) << 61, window_bytes = uint64_t(1) << 32;

template <typename Action>
void for_lanes(uint32_t lanes, Action action) {
    for (; lanes != 0; lanes &= lanes - 1) action(__builtin_ctz(lanes));
}

struct Block {
    Kernel* kernel = nullptr;
    Dim3 index{}, size{}, grid{};
    const unsigned char* parameters = nullptr;
    unsigned char* shared = nullptr;
    uint64_t shared_bytes = 0;
    AllocationRange global;  // where the last access was
    BarrierRecord* barriers = nullptr;
    int dropped_barrier = 0;
    Races races;
    bool failed = false;
    CUresult status = CUDA_SUCCESS;

    int thread_count() const { return int(size.x * size.y * size.z); }
};

class Warp {
public:
    Warp(Block& block, int first_thread);

    // Begins a new block.
    void restart();
    // Executes until nothing can go on, or some so many instructions.
    void run(int instructions);
    // Whether all lanes that have not finished wait at a barrier; its site is the same in every launch.
    bool waits() const { return live_ != 0 && at_barrier_ == live_; }
    int barrier_site() const { return int(places_[__builtin_ctz(at_barrier_)]) + 1; }
    bool has_finished() const { return live_ == 0; }
    // Fails where its lanes wait at several barriers.
    void pass_barrier();

    template <typename T>
    T* row(const Reference& r) {
        return reinterpret_cast<T*>(bases_[r.is_constant] + r.offset);
    }
    // A value of any width, its sign not extended.
    uint64_t bits(const Reference& r, int lane) {
        uint64_t value = 0;
        std::memcpy(&value, row<unsigned char>(r) + lane * r.bytes, r.bytes);
        return value;
    }
    void set_bits(const Reference& r, int lane, uint64_t value) { std::memcpy(row<unsigned char>(r) + lane * r.bytes, &value, r.bytes); }
    uint32_t predicate(const Reference& r) const { return predicates_[r.offset]; }
    void set_predicate(const Reference& r, uint32_t lanes, uint32_t values) {
        uint32_t& p = predicates_[r.offset];
        p = (p & ~lanes) | (values & lanes);
    }

    Block& block() { return block_; }
    const Reference* operands(const Instruction& i) const { return block_.kernel->operands(i); }
    Profile& profile(const Instruction& i) { return block_.kernel->profile[size_t(&i - block_.kernel->code.data())]; }
    int first_thread() const { return first_thread_; }
    Dim3 thread_index(int lane) const;
    unsigned char* local(int lane) { return local_.data() + size_t(lane) * block_.kernel->local_bytes; }
    AsyncCopies& copies(int lane) { return copies_[size_t(lane)]; }
    uint32_t live() const { return live_; }
    // The number of __syncwarp calls so far: what lanes did before one they may rely on after it.
    uint32_t syncs = 0;

    // Ends the launch and says where and why.
    void fail(const Instruction& i, int lane, CUresult status, const std::string& reason);

private:
    void step(uint32_t place, uint32_t lanes, uint32_t limit, int& budget);
    void move_lanes(uint32_t lanes, uint32_t place);
    uint32_t lanes_at(uint32_t place, uint32_t of) const;
    void part(uint32_t lanes, uint32_t reconvergence);
    bool arrives(uint32_t place, uint32_t lanes);
    bool join(int parting);
    bool join_any();
    bool stop_waiting_for_others();
    bool meet(const Instruction& i, uint32_t place, uint32_t lanes);
    uint32_t members(const Instruction& i, int lane);
    bool resolve_meetings();
    bool nobody_can_go_on();

    Block& block_;
    int first_thread_;
    // Lanes that a branch has parted, and those of them that wait where its ways meet.
    struct Parting {
        uint32_t place, lanes, arrived;
        int outer;  // the parting before it, or -1
    };

    uint32_t existing_, live_ = 0, at_barrier_ = 0, at_meeting_ = 0, at_join_ = 0;
    std::array<uint32_t, lanes_of_warp> places_{};
    std::array<int, lanes_of_warp> parting_{};  // of each lane the innermost, or -1
    std::vector<Parting> partings_;
    std::vector<uint64_t> registers_;
    std::vector<uint32_t> predicates_;
    std::vector<unsigned char> local_;
    std::vector<AsyncCopies> copies_;
    unsigned char* bases_[2];
};

// The bytes that a lane reaches at an address, or null after a failure. Notes accesses to shared memory for the search of races.
unsigned char* reach(Warp& warp, const Instruction& i, int lane, Space space, uint64_t address, uint32_t bytes, bool writes);

}  // namespace softcuda::ptx
