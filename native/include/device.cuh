// The one header that knows host from device. A kernel source is compiled three ways:
//   nvcc / clang -x cuda   the CUDA device; threadIdx, blockIdx, __shared__, __syncthreads are the real ones
//   SOFTCUDA_DEVICE == 0   softcuda's fast device: one thread per block, a contiguous range per block, vectorised
//   SOFTCUDA_DEVICE == 1   softcuda's check device: real block sizes, one call or fiber per thread
// Loops over the whole grid are written with GRID_LOOP or GRID_ROWS/GRID_COLUMNS, loops over one block with BLOCK_LOOP;
// then one source is right for every block and grid size, and the fast device sees plain loops.
#pragma once

#include <cstdint>

#if defined(__CUDACC__) || defined(__CUDA__)
#define CUDA_DEVICE 1
#else
#define CUDA_DEVICE 0
#endif

#if CUDA_DEVICE && !defined(__CUDACC__)
#include "clang_builtins.cuh"
#endif

#if CUDA_DEVICE
#define HOST_DEVICE __host__ __device__ __forceinline__
#define DEVICE __device__ __forceinline__
#define RESTRICT __restrict__
#define LOOP_IS_PARALLEL
// Aligned to what a thread can read at once.
#define SHARED(type, name, count) __shared__ __align__(16) type name[count]
// The bytes of shared memory that the launch asks for, aligned to 16.
#define DYNAMIC_SHARED(name) extern __shared__ __align__(16) unsigned char name[]
// KERNEL: threads never wait for each other. BLOCK_KERNEL: the threads of a block share memory and use barriers.
#define KERNEL(name, parameters) extern "C" __global__ void name parameters
#define BLOCK_KERNEL(name, parameters) extern "C" __global__ void name parameters
// A BLOCK_KERNEL for blocks of so many threads, so many of which a multiprocessor shall hold: bounds the registers of a thread.
#define BOUNDED_BLOCK_KERNEL(threads, blocks, name, parameters) extern "C" __global__ void __launch_bounds__(threads, blocks) name parameters
#define REQUIRE(condition, otherwise) require(condition)
#else
#include "softcuda_kernel.h"
#define HOST_DEVICE inline __attribute__((always_inline))
#define DEVICE inline __attribute__((always_inline))
#define RESTRICT __restrict__
#define LOOP_IS_PARALLEL _Pragma("GCC ivdep")
#define KERNEL(name, parameters) SOFTCUDA_KERNEL(name, parameters, false)
#define BLOCK_KERNEL(name, parameters) SOFTCUDA_KERNEL(name, parameters, true)
#define BOUNDED_BLOCK_KERNEL(threads, blocks, name, parameters) BLOCK_KERNEL(name, parameters)
#define REQUIRE(condition, otherwise) ((condition) || ::softcuda::fail_launch(otherwise))
#endif

// REQUIRE(condition, "what is wrong"): for what only device memory knows. When the condition does not hold the launch fails (a
// trap on a GPU, where this is not left), and it is false: the kernel must not go on with what it asked about.
#if CUDA_DEVICE
DEVICE bool require(bool condition) {
    if (!condition) asm volatile("trap;");
    return condition;
}
#endif

#if defined(SOFTCUDA_DEVICE) && SOFTCUDA_DEVICE == 0
#define FAST_HOST 1
#else
#define FAST_HOST 0
#endif

// Threads of a warp, the width that kernels give to shuffles. Kernels with warp intrinsics are BLOCK_KERNELs.
#if FAST_HOST
constexpr int warp_lanes = 1;
#else
constexpr int warp_lanes = 32;
#endif

#if FAST_HOST
DEVICE int64_t grid_begin(int64_t count) { return count * blockIdx.x / gridDim.x; }
DEVICE int64_t grid_end(int64_t count) { return count * (int64_t(blockIdx.x) + 1) / gridDim.x; }
DEVICE int64_t grid_stride() { return 1; }
DEVICE int64_t first_block(int64_t count) { return grid_begin(count); }
DEVICE int64_t last_block(int64_t count) { return grid_end(count); }
DEVICE int64_t block_stride() { return 1; }
#else
DEVICE int64_t grid_begin(int64_t) { return int64_t(blockIdx.x) * blockDim.x + threadIdx.x; }
DEVICE int64_t grid_end(int64_t count) { return count; }
DEVICE int64_t grid_stride() { return int64_t(gridDim.x) * blockDim.x; }
DEVICE int64_t first_block(int64_t) { return blockIdx.x; }
DEVICE int64_t last_block(int64_t count) { return count; }
DEVICE int64_t block_stride() { return gridDim.x; }
#endif

// Every i in [0, count) is visited by exactly one thread of the grid; iterations must be independent.
#define GRID_LOOP(i, count)                                                                     \
    LOOP_IS_PARALLEL                                                                            \
    for (int64_t i = grid_begin(count), i##_end = grid_end(count); i < i##_end; i += grid_stride())

// Every b in [0, count) is taken by exactly one block (all its threads see it).
#define GRID_BLOCKS(b, count) \
    for (int64_t b = first_block(count), b##_end = last_block(count); b < b##_end; b += block_stride())

// Every i in [0, count) is visited by exactly one thread of this block.
#define BLOCK_LOOP(i, count) for (int64_t i = threadIdx.x; i < (count); i += blockDim.x)

// Walks a rows x columns index space row by row; GRID_COLUMNS inside it gives the columns of the row that are this thread's.
// On the fast device that is a run of columns, elsewhere a single one: work done once per row is done per element there.
#if FAST_HOST
class GridRows {
public:
    DEVICE GridRows(int64_t rows, int64_t columns)
        : width_(columns), next_(grid_begin(rows * columns)), last_(grid_end(rows * columns)) {}

    DEVICE bool next() {
        if (next_ >= last_) return false;
        index = next_ / width_;
        begin = next_ - index * width_;
        end = last_ - index * width_ < width_ ? last_ - index * width_ : width_;
        next_ = index * width_ + end;
        return true;
    }

    int64_t index = 0, begin = 0, end = 0;

private:
    int64_t width_, next_, last_;
};
#else
// Divides for a thread's first element and for the stride to its second, if it has one; from then on it adds.
class GridRows {
public:
    DEVICE GridRows(int64_t rows, int64_t columns) : rows_(columns > 0 ? rows : 0), columns_(columns) {
        const int64_t first = grid_begin(0), stride = grid_stride(), count = rows_ * columns;
        if (first >= count) {
            rows_ = 0;
            return;
        }
        index = first / columns;
        begin = first - index * columns;
        row_step_ = first + stride < count ? stride / columns : rows;
        column_step_ = first + stride < count ? stride - row_step_ * columns : 0;
    }

    DEVICE bool next() {
        if (is_first_) {
            is_first_ = false;
        } else {
            index += row_step_;
            begin += column_step_;
            const int64_t wraps = begin >= columns_ ? 1 : 0;  // no branch: lanes stay together
            begin -= wraps != 0 ? columns_ : 0;
            index += wraps;
        }
        end = begin + 1;
        return index < rows_;
    }

    int64_t index = 0, begin = 0, end = 0;

private:
    int64_t rows_, columns_, row_step_ = 0, column_step_ = 0;
    bool is_first_ = true;
};
#endif

#define GRID_ROWS(row, rows, columns)                              \
    for (GridRows row##_range(rows, columns); row##_range.next();) \
        for (int64_t row = row##_range.index, row##_once = 1; row##_once; row##_once = 0)
#define GRID_COLUMNS(column, row) \
    LOOP_IS_PARALLEL              \
    for (int64_t column = row##_range.begin; column < row##_range.end; ++column)

#define FOR_FLOAT_TYPES(X) X(float, f32) X(double, f64)
#define FOR_ALL_TYPES(X) X(float, f32) X(double, f64) X(int32_t, i32) X(uint8_t, u8)
