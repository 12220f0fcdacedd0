// The check device: blocks have their real size and run one after another in a shuffled order; the threads of a block run
// in a shuffled order too, as plain calls, or as fibers when the kernel has barriers. SOFTCUDA_SEED or softcuda_set_seed seeds the
// shuffles. The caller holds check_mutex(). Where PTX is given (ptx/), it runs in the place of the compiled body.
#include <algorithm>
#include <boost/context/fiber.hpp>
#include <boost/context/pooled_fixedsize_stack.hpp>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <numeric>
#include <random>
#include <vector>

#include "address_sanitizer.h"
#include "async_copies.h"
#include "barriers.h"
#include "fiber_stack.h"
#include "ptx/execution.h"

namespace softcuda {
namespace {

namespace context = boost::context;

constexpr size_t stack_bytes = 64 * 1024;

// Keeps the pool's answer: a sanitizer has to be told which stack a switch goes to.
class NotedStacks {
public:
    NotedStacks(context::pooled_fixedsize_stack& pool, context::stack_context& last) : pool_(pool), last_(&last) {}
    context::stack_context allocate() { return *last_ = pool_.allocate(); }
    void deallocate(context::stack_context& stack) { pool_.deallocate(stack); }

private:
    context::pooled_fixedsize_stack pool_;
    context::stack_context* last_;
};

// One thread of the running block.
struct Thread {
    Dim3 index;
    context::fiber fiber;    // suspended at a barrier, or empty
    int barrier_site = 0;    // where it waits; 0 when it has finished
    size_t shared_used = 0;  // every thread asks for the same arrays in the same order
    int number = 0;          // in the block; 32 in a row are a warp
    int warp_site = 0;       // where it waits for lanes of its warp; 0 when it does not
    unsigned warp_mask = 0;
    uint64_t warp_words[3] = {};
    AsyncCopies copies;
    std::shared_ptr<const WarpValues> warp_values;  // of its last meeting
    context::stack_context stack;
};

struct Block {
    const KernelEntry* kernel = nullptr;
    BarrierRecord* barriers = nullptr;
    int dropped_site = 0;
    Thread* running = nullptr;
    context::fiber scheduler;
    FiberStack scheduler_stack;
    std::vector<unsigned char> shared;
    std::vector<unsigned char> dynamic_shared;  // longer by what its alignment may need
    size_t dynamic_bytes = 0;
    std::vector<unsigned char> beyond;  // for a kernel that asks for too much
    bool failed = false;
};
thread_local Block block_state;

void fail(const char* reason) {
    std::fprintf(stderr, "softcuda: kernel %s: %s\n", block_state.kernel->name, reason);
    block_state.failed = true;
}

std::vector<Thread> make_threads(Dim3 size) {
    std::vector<Thread> threads;
    for (unsigned z = 0; z < size.z; ++z) {
        for (unsigned y = 0; y < size.y; ++y) {
            for (unsigned x = 0; x < size.x; ++x) {
                threads.emplace_back();
                threads.back().index = {x, y, z};
                threads.back().number = int(threads.size()) - 1;
            }
        }
    }
    std::shuffle(threads.begin(), threads.end(), shuffle_engine());
    return threads;
}

void enter_thread(Thread& thread) {
    block_state.running = &thread;
    position.thread = thread.index;
}

void resume(Thread& thread) {
    void* fake_stack = nullptr;
    const size_t size = thread.stack.size;
    leave_stack(&fake_stack, {static_cast<char*>(thread.stack.sp) - size, size});
    thread.fiber = std::move(thread.fiber).resume();
    enter_stack(fake_stack, nullptr);
}

// Back to the scheduler. It may move the threads about: afterwards only block_state.running is this one.
void suspend() {
    void* fake_stack = nullptr;
    leave_stack(&fake_stack, block_state.scheduler_stack);
    block_state.scheduler = std::move(block_state.scheduler).resume();
    enter_stack(fake_stack, nullptr);
}

void start(Thread& thread, void** arguments, context::pooled_fixedsize_stack& stacks) {
    enter_thread(thread);
    NotedStacks noted(stacks, thread.stack);
    thread.fiber = context::fiber(std::allocator_arg, noted, [arguments](context::fiber&& scheduler) {
        enter_stack(nullptr, &block_state.scheduler_stack);
        block_state.scheduler = std::move(scheduler);
        block_state.kernel->run(arguments);
        leave_stack(nullptr, block_state.scheduler_stack);
        return std::move(block_state.scheduler);
    });
    resume(thread);
}

// True while threads wait at a barrier; all of them must wait at the same one.
bool all_wait(const std::vector<Thread>& threads) {
    const int site = threads.front().barrier_site;
    for (const Thread& thread : threads) {
        if (thread.barrier_site == site) continue;
        fail("the threads of a block do not meet at the same barrier");
        return false;
    }
    if (site != 0) note_barrier(*block_state.barriers, site);
    return site != 0;
}

bool has_finished(const Thread& thread) { return thread.barrier_site == 0 && thread.warp_site == 0; }

// The lanes that meet the given one: those of its mask that exist and have not finished. Empty while one is elsewhere.
std::vector<Thread*> meeting(std::vector<Thread>& threads, const Thread& caller) {
    std::vector<Thread*> lanes;
    for (Thread& thread : threads) {
        const bool named = thread.number / 32 == caller.number / 32 && (caller.warp_mask >> thread.number % 32 & 1) != 0;
        if (!named || has_finished(thread)) continue;
        if (thread.warp_site != caller.warp_site || thread.warp_mask != caller.warp_mask) return {};
        lanes.push_back(&thread);
    }
    return lanes;
}

void release(const std::vector<Thread*>& lanes) {
    auto values = std::make_shared<WarpValues>();
    for (const Thread* lane : lanes) {
        std::copy_n(lane->warp_words, 3, values->words[lane->number % 32]);
        values->present |= 1u << lane->number % 32;
    }
    for (Thread* lane : lanes) {
        lane->warp_values = values;
        lane->warp_site = 0;
    }
    for (Thread* lane : lanes) {
        enter_thread(*lane);
        resume(*lane);
    }
}

// Lets warps go on until every thread waits at a barrier or has finished.
bool run_warps(std::vector<Thread>& threads) {
    for (;;) {
        const auto waits = [](const Thread& thread) { return thread.warp_site != 0; };
        if (std::none_of(threads.begin(), threads.end(), waits)) return true;
        std::vector<Thread*> lanes;
        for (auto t = threads.begin(); t != threads.end() && lanes.empty(); ++t) {
            if (waits(*t)) lanes = meeting(threads, *t);
        }
        if (lanes.empty()) {
            fail("lanes that a warp's mask names do not meet at the same intrinsic");
            return false;
        }
        release(lanes);
    }
}

void run_fibers(std::vector<Thread>& threads, void** arguments, context::pooled_fixedsize_stack& stacks) {
    for (Thread& thread : threads) start(thread, arguments, stacks);
    while (run_warps(threads) && all_wait(threads)) {
        std::shuffle(threads.begin(), threads.end(), shuffle_engine());
        for (Thread& thread : threads) {
            enter_thread(thread);
            thread.barrier_site = 0;
            resume(thread);
        }
    }
}

void run_calls(std::vector<Thread>& threads, void** arguments) {
    for (Thread& thread : threads) {
        enter_thread(thread);
        block_state.kernel->run(arguments);
    }
}

bool lies_in(const std::vector<unsigned char>& memory, const void* place, size_t bytes) {
    const unsigned char *begin = memory.data(), *target = static_cast<const unsigned char*>(place);
    return target >= begin && target + bytes <= begin + memory.size();
}

unsigned char* aligned_to_16(unsigned char* memory) {
    return memory + (16 - reinterpret_cast<uintptr_t>(memory) % 16) % 16;
}

// Of exactly the size that was asked for, to a sanitizer; undefined for every block.
void renew_dynamic_shared_memory() {
    std::vector<unsigned char>& dynamic = block_state.dynamic_shared;
    permit(dynamic.data(), dynamic.size());
    dynamic.assign(block_state.dynamic_bytes + 32, 0xFF);
    forbid(dynamic.data(), dynamic.size());
    permit(aligned_to_16(dynamic.data()), block_state.dynamic_bytes);
}

// Undefined for every block, and nobody's until a thread declares an array in it.
void renew_shared_memory() {
    std::vector<unsigned char>& shared = block_state.shared;
    permit(shared.data(), shared.size());
    shared.assign(most_static_shared_bytes, 0xFF);
    forbid(shared.data(), shared.size());
}

}  // namespace

std::recursive_mutex& check_mutex() {
    static std::recursive_mutex mutex;
    return mutex;
}

std::mt19937_64& shuffle_engine() {
    static const char* text = std::getenv("SOFTCUDA_SEED");
    static std::mt19937_64 engine(text != nullptr ? std::strtoull(text, nullptr, 10) : 1);
    return engine;
}

std::vector<unsigned> shuffled_blocks(Dim3 grid) {
    std::vector<unsigned> order(size_t(grid.x) * grid.y * grid.z);
    std::iota(order.begin(), order.end(), 0u);
    std::shuffle(order.begin(), order.end(), shuffle_engine());
    return order;
}

void* shared_memory(size_t bytes, size_t alignment) {
    Thread& thread = *block_state.running;
    const size_t begin = (thread.shared_used + alignment - 1) / alignment * alignment;
    thread.shared_used = begin + bytes;
    if (thread.shared_used > most_static_shared_bytes) {
        fail("declares more than 48 KiB of shared memory");
        block_state.beyond.resize(std::max(block_state.beyond.size(), thread.shared_used));  // lets the launch end
        return block_state.beyond.data() + begin;
    }
    permit(block_state.shared.data() + begin, bytes);
    return block_state.shared.data() + begin;
}

unsigned char* dynamic_shared_memory() { return aligned_to_16(block_state.dynamic_shared.data()); }

void barrier(int site) {
    Thread& thread = *block_state.running;
    if (site == block_state.dropped_site) return;
    if (!block_state.kernel->uses_barriers) {
        fail("has a barrier but is declared KERNEL, not BLOCK_KERNEL");
        return;
    }
    thread.barrier_site = site;
    suspend();
}

int lane_of_thread() { return block_state.running->number % 32; }

const WarpValues& meet_warp(int site, unsigned mask, uint64_t first, uint64_t second, uint64_t third) {
    static const WarpValues nothing{};
    Thread& thread = *block_state.running;
    if (!block_state.kernel->uses_barriers || (mask >> thread.number % 32 & 1) == 0) {
        fail(block_state.kernel->uses_barriers ? "a lane calls a warp intrinsic whose mask does not name it"
                                               : "has a warp intrinsic but is declared KERNEL, not BLOCK_KERNEL");
        return nothing;
    }
    thread.warp_site = site;
    thread.warp_mask = mask;
    thread.warp_words[0] = first;
    thread.warp_words[1] = second;
    thread.warp_words[2] = third;
    suspend();
    return *block_state.running->warp_values;
}

void begin_copy(void* shared, const void* global, size_t bytes, bool exists) {
    if (!lies_in(block_state.shared, shared, bytes) && !lies_in(block_state.dynamic_shared, shared, bytes)) fail("copies asynchronously to memory that is not shared");
    else if (!block_state.running->copies.begin(shared, global, bytes, exists)) fail("copies asynchronously from or to a place that is not aligned");
}

void commit_copies() { block_state.running->copies.commit(); }

void wait_for_copies(int under_way) { block_state.running->copies.wait(under_way); }

CUresult check_pointers(int device, const KernelEntry& kernel, void** arguments) {
    for (int i = 0; i < kernel.parameter_count; ++i) {
        if (!kernel.parameters[i].is_pointer) continue;
        void* pointer = nullptr;
        std::memcpy(&pointer, arguments[i], sizeof pointer);
        if (pointer == nullptr) continue;
        const bool aligned = reinterpret_cast<uintptr_t>(pointer) % kernel.parameters[i].alignment == 0;
        if (aligned && is_allocated(device, pointer)) continue;
        std::fprintf(stderr, "softcuda: kernel %s: argument %d (%p) is %s\n", kernel.name, i, pointer,
                     aligned ? "no device address" : "not aligned to its elements");
        return aligned ? CUDA_ERROR_ILLEGAL_ADDRESS : CUDA_ERROR_MISALIGNED_ADDRESS;
    }
    return CUDA_SUCCESS;
}

CUresult run_checked(const KernelEntry& kernel, Dim3 grid, Dim3 block, void** arguments, size_t dynamic_shared_bytes) {
    if (ptx::is_asked_for()) return ptx::run(kernel, grid, block, arguments, dynamic_shared_bytes);
    context::pooled_fixedsize_stack stacks(stack_bytes);
    block_state.kernel = &kernel;
    block_state.barriers = &barrier_record(kernel);
    block_state.dropped_site = dropped_barrier(kernel, *block_state.barriers);
    block_state.dynamic_bytes = dynamic_shared_bytes;
    block_state.failed = false;
    block_state.beyond.clear();
    name_running_kernel(kernel.name);
    ++block_state.barriers->launches;
    for (const unsigned index : shuffled_blocks(grid)) {
        position = {{}, {index % grid.x, index / grid.x % grid.y, index / (grid.x * grid.y)}, block, grid};
        renew_shared_memory();
        renew_dynamic_shared_memory();
        std::vector<Thread> threads = make_threads(block);
        if (kernel.uses_barriers) run_fibers(threads, arguments, stacks);
        else run_calls(threads, arguments);
        if (const char* reason = take_launch_failure(); reason != nullptr) fail(reason);
        if (block_state.failed) break;
    }
    name_running_kernel(nullptr);
    if (block_state.failed) return CUDA_ERROR_LAUNCH_FAILED;
    return guards_intact(kernel.name) ? CUDA_SUCCESS : CUDA_ERROR_ILLEGAL_ADDRESS;
}

}  // namespace softcuda

// Not part of CUDA: starts the shuffles of the check device anew from this seed.
SOFTCUDA_API void softcuda_set_seed(unsigned long long seed) {
    std::lock_guard lock(softcuda::check_mutex());
    softcuda::shuffle_engine().seed(seed);
}
