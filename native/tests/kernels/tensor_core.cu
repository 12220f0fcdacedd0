// Test-only kernels: the product of a warp on tensor cores, loads of matrices, rounding to TF32, and asynchronous copies. The check device's alone: the
// fast device has no warp of 32 lanes.
#include "async_copy.cuh"
#include "tensor_core.cuh"

#if !FAST_HOST

// A line of 10 words per lane: its part of a and b as they are, its part of the addend in float.
BLOCK_KERNEL(tensor_core_product, (const uint32_t* x, float* y)) {
    const uint32_t* mine = x + threadIdx.x * 10;
    const uint32_t a[4] = {mine[0], mine[1], mine[2], mine[3]}, b[2] = {mine[4], mine[5]};
    float sum[4];
    for (int i = 0; i < 4; ++i) sum[i] = math::detail::from_bits(unsigned(mine[6 + i]));
    mma_m16n8k8_tf32(sum, a, b);
    for (int i = 0; i < 4; ++i) y[threadIdx.x * 4 + i] = sum[i];
}

struct alignas(16) Line {
    float values[4];
};

// Every lane names another one of 32 lines: those of a matrix need not follow each other.
BLOCK_KERNEL(tensor_core_matrices, (const float* x, float* y)) {
    SHARED(Line, lines, 32);
    for (int i = 0; i < 4; ++i) lines[threadIdx.x].values[i] = x[threadIdx.x * 4 + i];
    __syncthreads();
    float words[4] = {};
    load_matrices(lines[(threadIdx.x * 5 + 3) % 32].values, words);
    for (int i = 0; i < 4; ++i) y[threadIdx.x * 4 + i] = words[i];
}

// Wrong on purpose: lines that are not a multiple of 16 bytes.
BLOCK_KERNEL(tensor_core_matrices_misaligned, (const float* x, float* y)) {
    SHARED(Line, lines, 33);
    lines[threadIdx.x].values[0] = x[threadIdx.x];
    __syncthreads();
    float words[4] = {};
    load_matrices(lines[threadIdx.x].values + 1, words);
    y[threadIdx.x] = words[0];
}

BLOCK_KERNEL(tensor_core_round, (const float* x, uint32_t* y)) { y[threadIdx.x] = tf32_operand(x[threadIdx.x]); }

// high and low of 3xTF32.
BLOCK_KERNEL(tensor_core_split, (const float* x, uint32_t* y)) {
    Tf32Fragment<3, 1> parts;
    parts.set(0, x[threadIdx.x]);
    y[threadIdx.x * 2] = parts.high[0];
    y[threadIdx.x * 2 + 1] = parts.low[0];
}

// Per thread: what is there before the wait, after waiting for the first of two groups, the second group's before and after its
// wait, and zeros in the place of what does not exist.
BLOCK_KERNEL(async_copy_groups, (const float* x, float* y)) {
    SHARED(Line, lines, 3 * 32);
    float *first = lines[threadIdx.x].values, *second = lines[32 + threadIdx.x].values, *third = lines[64 + threadIdx.x].values;
    third[1] = 1;
    async_copy_16(first, x + 4 * threadIdx.x, true);
    commit_copies();
    async_copy_4(second, x + 4 * threadIdx.x + 1, true);
    async_copy_4(third + 1, x + 4 * threadIdx.x + 1, false);
    commit_copies();
    float* mine = y + 6 * threadIdx.x;
    mine[0] = first[3];
    wait_for_copies<1>();
    mine[1] = first[3];
    mine[2] = second[0];
    wait_for_copies<0>();
    mine[3] = second[0];
    mine[4] = third[1];
    mine[5] = second[1];
}

// Wrong on purpose: a source that is not a multiple of 16 bytes, and a target that is not shared.
BLOCK_KERNEL(async_copy_misaligned, (const float* x, float* y)) {
    SHARED(Line, line, 1);
    async_copy_16(line->values, x + 1, true);
    wait_for_copies<0>();
    y[threadIdx.x] = line->values[0];
}
BLOCK_KERNEL(async_copy_elsewhere, (const float* x, float* y)) { async_copy_4(y + threadIdx.x, x, true); }

#endif
