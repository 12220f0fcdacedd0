// Kernels with one error each. A sanitizer must report it with this file and the line marked "planted: NAME"; sanitize.sh holds
// them to that. They are part of the program planted_errors and of nothing else.
// y has count elements; freed is the address of device memory that has been given back.
#include "device.cuh"

#define PARAMETERS ([[maybe_unused]] int64_t count, [[maybe_unused]] int64_t freed, [[maybe_unused]] int32_t* y)

KERNEL(no_error, PARAMETERS) {
    GRID_LOOP(i, count) y[i] = 1;
}

KERNEL(write_beyond_the_end, PARAMETERS) {
    GRID_LOOP(i, count + 1) {
        y[i] = 1;  // planted: write_beyond_the_end
    }
}

// The same in a thread that has a stack of its own on the check device.
BLOCK_KERNEL(write_beyond_the_end_in_a_fiber, PARAMETERS) {
    __syncthreads();
    GRID_LOOP(i, count + 1) {
        y[i] = 1;  // planted: write_beyond_the_end_in_a_fiber
    }
}

BLOCK_KERNEL(write_beyond_shared_memory, PARAMETERS) {
    SHARED(int32_t, values, 64);
    BLOCK_LOOP(i, 65) {
        values[i] = int32_t(count);  // planted: write_beyond_shared_memory
    }
    __syncthreads();
    GRID_LOOP(i, count) y[i] = values[i % 64];
}

KERNEL(read_freed_memory, PARAMETERS) {
    const auto* x = reinterpret_cast<const int32_t*>(freed);
    GRID_LOOP(i, count) {
        y[i] = x[i];  // planted: read_freed_memory
    }
}

KERNEL(overflow_a_signed_integer, PARAMETERS) {
    GRID_LOOP(i, count) {
        y[i] = int32_t(count) * 2147483647;  // planted: overflow_a_signed_integer
    }
}

KERNEL(leak_memory, PARAMETERS) {
    GRID_LOOP(i, count) {
        const auto* lost = new int32_t[4]{int32_t(i)};  // planted: leak_memory
        y[i] = lost[i % 4];
    }
}

// Every block writes the same element, and then its own for long enough that several run at a time.
KERNEL(race_between_blocks, PARAMETERS) {
    y[0] = int32_t(blockIdx.x);  // planted: race_between_blocks
    volatile int32_t* own = y + 1 + blockIdx.x;
    for (int64_t i = 0; i < 1000 * count; ++i) *own = int32_t(i);
}
