// Test-only kernels at and beyond the limits of a block.
#include "device.cuh"

BLOCK_KERNEL(shared_at_limit, (const int32_t*, int32_t* y)) {
    SHARED(int32_t, values, 48 * 256);
    values[threadIdx.x] = int32_t(threadIdx.x);
    __syncthreads();
    y[threadIdx.x] = values[blockDim.x - 1 - threadIdx.x];
}

template <int Count>
struct Words {
    int32_t value[Count];
};

// 4096 bytes of parameters.
KERNEL(parameters_at_limit, (Words<1022> words, int32_t* y)) {
    GRID_LOOP(i, 1022) y[i] = words.value[i];
}

#if !CUDA_DEVICE
KERNEL(parameters_beyond_limit, (Words<1024> words, int32_t* y)) {
    GRID_LOOP(i, 1024) y[i] = words.value[i];
}

BLOCK_KERNEL(shared_beyond_limit, (const int32_t*, int32_t* y)) {
    SHARED(int32_t, values, 48 * 256 + 1);
    values[threadIdx.x] = 1;
    y[threadIdx.x] = values[threadIdx.x];
}
#endif
