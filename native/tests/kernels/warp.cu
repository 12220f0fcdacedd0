// Test-only kernels: one warp intrinsic each. They are part of warp_test, not of the library.
#include "device.cuh"

constexpr unsigned all_lanes = warp_lanes == 32 ? 0xffffffffu : 1u;

// y[b] = the sum of x over block b's threads, by halving shuffles inside each warp and one slot of shared memory per warp.
BLOCK_KERNEL(warp_sum, (const double* x, double* y)) {
    SHARED(double, sums, 32);
    const int lane = int(threadIdx.x) % warp_lanes, warp = int(threadIdx.x) / warp_lanes;
    double total = x[int64_t(blockIdx.x) * blockDim.x + threadIdx.x];
    for (int step = warp_lanes / 2; step > 0; step /= 2) total += __shfl_down_sync(all_lanes, total, unsigned(step));
    if (lane == 0) sums[warp] = total;
    __syncthreads();
    if (threadIdx.x == 0) {
        double sum = 0;
        for (unsigned w = 0; w * warp_lanes < blockDim.x; ++w) sum += sums[w];
        y[blockIdx.x] = sum;
    }
}

// One row of 8 results per thread: shuffles of every kind in segments of 8, and the three votes.
BLOCK_KERNEL(warp_all_kinds, (const int32_t* x, int32_t* y)) {
    const int32_t value = x[threadIdx.x];
    const int width = warp_lanes < 8 ? warp_lanes : 8;
    int32_t* row = y + threadIdx.x * 8;
    row[0] = __shfl_sync(all_lanes, value, 3, width);
    row[1] = __shfl_up_sync(all_lanes, value, 2u, width);
    row[2] = __shfl_down_sync(all_lanes, value, 2u, width);
    row[3] = __shfl_xor_sync(all_lanes, value, 5, width);
    row[4] = int32_t(__ballot_sync(all_lanes, value % 3 == 0));
    row[5] = __any_sync(all_lanes, value == 7);
    row[6] = __all_sync(all_lanes, value < 1000);
    __syncwarp();
    row[7] = int32_t(threadIdx.x);
}

// Only the even lanes take part; the odd ones go another way.
BLOCK_KERNEL(warp_half, (const int32_t* x, int32_t* y)) {
    const int lane = int(threadIdx.x) % warp_lanes;
    y[threadIdx.x] = -1;
    if (lane % 2 == 0) y[threadIdx.x] = __shfl_xor_sync(all_lanes & 0x55555555u, x[threadIdx.x], 2, warp_lanes);
}

// Wrong on purpose: the mask names lanes that never come.
BLOCK_KERNEL(warp_missing, (const int32_t* x, int32_t* y)) {
    if (int(threadIdx.x) % warp_lanes < 16) y[threadIdx.x] = __shfl_sync(all_lanes, x[threadIdx.x], 0, warp_lanes);
    else y[threadIdx.x] = __any_sync(all_lanes, 1);
}

// Wrong on purpose: the value is asked of a lane that the mask leaves out.
BLOCK_KERNEL(warp_absent, (const int32_t* x, int32_t* y)) {
    if (threadIdx.x % 2 == 0) y[threadIdx.x] = __shfl_sync(all_lanes & 0x55555555u, x[threadIdx.x], 1, warp_lanes);
}
