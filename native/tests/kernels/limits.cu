// Test-only kernels at and beyond the limits of a block.
#include "device.cuh"

BLOCK_KERNEL(shared_at_limit, (const int32_t*, int32_t* y)) {
    SHARED(int32_t, values, 48 * 256);
    values[threadIdx.x] = int32_t(threadIdx.x);
    __syncthreads();
    y[threadIdx.x] = values[blockDim.x - 1 - threadIdx.x];
}

#if !CUDA_DEVICE
BLOCK_KERNEL(shared_beyond_limit, (const int32_t*, int32_t* y)) {
    SHARED(int32_t, values, 48 * 256 + 1);
    values[threadIdx.x] = 1;
    y[threadIdx.x] = values[threadIdx.x];
}
#endif
