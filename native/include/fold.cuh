// Lanes of a block folded in halves: l takes up l + width for width = count / 2, ..., 2, 1. That order is fixed by the count alone, so
// every block size and device gives the same bits.
#pragma once

#include "device.cuh"

struct Addition {
    template <typename T>
    static DEVICE T combine(T total, T x) { return total + x; }
};

// Folds `arrays` arrays of `count` lanes (a power of two, all written before a barrier) in shared memory; array a's result is
// lanes[a * count]. Of a single array it is the first thread that has written it; others read it after a barrier. From 32 lanes on it
// is a warp's work, and needs no barriers.
template <typename Combination, typename T>
DEVICE void fold_lanes(T* lanes, int64_t count, int64_t arrays = 1) {
    int width = int(count) / 2;
#if FAST_HOST
    const bool has_warps = false;
#else
    const bool has_warps = blockDim.x >= warp_lanes;
#endif
    for (; width > (has_warps ? warp_lanes / 2 : 0); width /= 2) {
        for (int64_t a = 0; a < arrays; ++a) {
            T* of = lanes + a * count;
            BLOCK_LOOP(lane, width) of[lane] = Combination::combine(of[lane], of[lane + width]);
        }
        __syncthreads();
    }
#if !FAST_HOST
    if (!has_warps) return;
    // A last warp that is not whole takes no part.
    const int warps = int(blockDim.x) / warp_lanes, warp = int(threadIdx.x) / warp_lanes, lane = int(threadIdx.x) % warp_lanes;
    for (int64_t a = warp < warps ? warp : arrays; a < arrays; a += warps) {
        T value = lane == 0 || lane < 2 * width ? lanes[a * count + lane] : T(0);
        _Pragma("unroll") for (int by = warp_lanes / 2; by > 0; by /= 2) {
            if (by <= width) value = Combination::combine(value, __shfl_down_sync(0xFFFFFFFFu, value, unsigned(by)));
        }
        if (lane == 0) lanes[a * count] = value;
    }
#endif
}
