// A kernel that does almost nothing, to measure what a launch costs when each depends on the one before it.
#include "programmatic.cuh"

// x <- x + 1
KERNEL(chain_link, (int64_t count, float* x)) {
    let_next_begin();
    wait_for_previous();
    GRID_LOOP(i, count) x[i] += 1.0f;
}
