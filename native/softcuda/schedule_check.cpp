// The check device: blocks have their real size and run one after another in a shuffled order; the threads of a block run
// in a shuffled order too, as plain calls, or as fibers when the kernel has barriers. SOFTCUDA_SEED or softcuda_set_seed seeds the
// shuffles. The caller holds check_mutex().
#include <algorithm>
#include <boost/context/fiber.hpp>
#include <boost/context/pooled_fixedsize_stack.hpp>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <numeric>
#include <random>
#include <vector>

#include "barriers.h"

namespace softcuda {
namespace {

namespace context = boost::context;

constexpr size_t stack_bytes = 64 * 1024;

// One thread of the running block.
struct Thread {
    Dim3 index;
    context::fiber fiber;    // suspended at a barrier, or empty
    int barrier_site = 0;    // where it waits; 0 when it has finished
    size_t shared_used = 0;  // every thread asks for the same arrays in the same order
};

struct Block {
    const KernelEntry* kernel = nullptr;
    BarrierRecord* barriers = nullptr;
    int dropped_site = 0;
    Thread* running = nullptr;
    context::fiber scheduler;
    std::vector<unsigned char> shared;
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
            for (unsigned x = 0; x < size.x; ++x) threads.push_back(Thread{{x, y, z}, {}, 0, 0});
        }
    }
    std::shuffle(threads.begin(), threads.end(), shuffle_engine());
    return threads;
}

void enter_thread(Thread& thread) {
    block_state.running = &thread;
    position.thread = thread.index;
}

void start(Thread& thread, void** arguments, context::pooled_fixedsize_stack& stacks) {
    enter_thread(thread);
    thread.fiber = context::fiber(std::allocator_arg, stacks, [arguments](context::fiber&& scheduler) {
        block_state.scheduler = std::move(scheduler);
        block_state.kernel->run(arguments);
        block_state.running->barrier_site = 0;
        return std::move(block_state.scheduler);
    });
    thread.fiber = std::move(thread.fiber).resume();
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

void run_fibers(std::vector<Thread>& threads, void** arguments, context::pooled_fixedsize_stack& stacks) {
    for (Thread& thread : threads) start(thread, arguments, stacks);
    while (all_wait(threads)) {
        std::shuffle(threads.begin(), threads.end(), shuffle_engine());
        for (Thread& thread : threads) {
            enter_thread(thread);
            thread.fiber = std::move(thread.fiber).resume();
        }
    }
}

void run_calls(std::vector<Thread>& threads, void** arguments) {
    for (Thread& thread : threads) {
        enter_thread(thread);
        block_state.kernel->run(arguments);
    }
}

std::vector<unsigned> shuffled_blocks(Dim3 grid) {
    std::vector<unsigned> order(size_t(grid.x) * grid.y * grid.z);
    std::iota(order.begin(), order.end(), 0u);
    std::shuffle(order.begin(), order.end(), shuffle_engine());
    return order;
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

void* shared_memory(size_t bytes, size_t alignment) {
    Thread& thread = *block_state.running;
    const size_t begin = (thread.shared_used + alignment - 1) / alignment * alignment;
    thread.shared_used = begin + bytes;
    if (thread.shared_used > block_state.shared.size()) {
        fail("more shared memory than a block can have");
        std::abort();
    }
    return block_state.shared.data() + begin;
}

void barrier(int site) {
    Thread& thread = *block_state.running;
    if (site == block_state.dropped_site) return;
    if (!block_state.kernel->uses_barriers) {
        fail("has a barrier but is declared KERNEL, not BLOCK_KERNEL");
        return;
    }
    thread.barrier_site = site;
    block_state.scheduler = std::move(block_state.scheduler).resume();
}

bool pointers_valid(int device, const KernelEntry& kernel, void** arguments) {
    for (int i = 0; i < kernel.parameter_count; ++i) {
        if (!kernel.parameters[i].is_pointer) continue;
        void* pointer = nullptr;
        std::memcpy(&pointer, arguments[i], sizeof pointer);
        if (pointer == nullptr || is_allocated(device, pointer)) continue;
        std::fprintf(stderr, "softcuda: kernel %s: argument %d (%p) is no device address\n", kernel.name, i, pointer);
        return false;
    }
    return true;
}

CUresult run_checked(const KernelEntry& kernel, Dim3 grid, Dim3 block, void** arguments) {
    context::pooled_fixedsize_stack stacks(stack_bytes);
    block_state.kernel = &kernel;
    block_state.barriers = &barrier_record(kernel);
    block_state.dropped_site = dropped_barrier(kernel, *block_state.barriers);
    block_state.failed = false;
    ++block_state.barriers->launches;
    for (const unsigned index : shuffled_blocks(grid)) {
        position = {{}, {index % grid.x, index / grid.x % grid.y, index / (grid.x * grid.y)}, block, grid};
        block_state.shared.assign(size_t(limits(check_device).max_shared_bytes), 0xFF);
        std::vector<Thread> threads = make_threads(block);
        if (kernel.uses_barriers) run_fibers(threads, arguments, stacks);
        else run_calls(threads, arguments);
        if (block_state.failed) return CUDA_ERROR_LAUNCH_FAILED;
    }
    return guards_intact(kernel.name) ? CUDA_SUCCESS : CUDA_ERROR_ILLEGAL_ADDRESS;
}

}  // namespace softcuda

// Not part of CUDA: starts the shuffles of the check device anew from this seed.
SOFTCUDA_API void softcuda_set_seed(unsigned long long seed) {
    std::lock_guard lock(softcuda::check_mutex());
    softcuda::shuffle_engine().seed(seed);
}
