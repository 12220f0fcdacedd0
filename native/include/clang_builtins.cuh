// What nvcc provides by itself and clang provides only with a CUDA toolkit at hand: the keywords and built-in variables
// that the kernels use. It lets clang compile every kernel to PTX on a machine without CUDA.
#pragma once

#define __host__ __attribute__((host))
#define __device__ __attribute__((device))
#define __global__ __attribute__((global))
#define __shared__ __attribute__((shared))
#define __align__(bytes) __attribute__((aligned(bytes)))
#define __launch_bounds__(...) __attribute__((launch_bounds(__VA_ARGS__)))
#define __forceinline__ inline __attribute__((always_inline))

struct ClangThreadIdx {
    struct X { __device__ __forceinline__ operator unsigned() const { return __nvvm_read_ptx_sreg_tid_x(); } } x;
    struct Y { __device__ __forceinline__ operator unsigned() const { return __nvvm_read_ptx_sreg_tid_y(); } } y;
};
struct ClangBlockIdx {
    struct X { __device__ __forceinline__ operator unsigned() const { return __nvvm_read_ptx_sreg_ctaid_x(); } } x;
    struct Y { __device__ __forceinline__ operator unsigned() const { return __nvvm_read_ptx_sreg_ctaid_y(); } } y;
};
struct ClangBlockDim {
    struct X { __device__ __forceinline__ operator unsigned() const { return __nvvm_read_ptx_sreg_ntid_x(); } } x;
    struct Y { __device__ __forceinline__ operator unsigned() const { return __nvvm_read_ptx_sreg_ntid_y(); } } y;
};
struct ClangGridDim {
    struct X { __device__ __forceinline__ operator unsigned() const { return __nvvm_read_ptx_sreg_nctaid_x(); } } x;
    struct Y { __device__ __forceinline__ operator unsigned() const { return __nvvm_read_ptx_sreg_nctaid_y(); } } y;
};
#define threadIdx (ClangThreadIdx{})
#define blockIdx (ClangBlockIdx{})
#define blockDim (ClangBlockDim{})
#define gridDim (ClangGridDim{})

__device__ __forceinline__ unsigned long __cvta_generic_to_shared(const void* pointer) {
    return (unsigned long)(__attribute__((address_space(3))) const void*)pointer;
}
__device__ __forceinline__ void __syncwarp(unsigned mask = 0xffffffffu) { __nvvm_bar_warp_sync(mask); }
__device__ __forceinline__ unsigned __ballot_sync(unsigned mask, int predicate) {
    return __nvvm_vote_ballot_sync(mask, predicate != 0);
}
__device__ __forceinline__ int __any_sync(unsigned mask, int predicate) { return __nvvm_vote_any_sync(mask, predicate != 0); }
__device__ __forceinline__ int __all_sync(unsigned mask, int predicate) { return __nvvm_vote_all_sync(mask, predicate != 0); }

// A value is moved in pieces of 32 bits; the last operand holds the segments' mask and the clamp, as PTX's shfl takes them.
#define CLANG_SHUFFLE(name, instruction, argument, clamp)                                                      \
    template <typename T>                                                                                      \
    __device__ __forceinline__ T name(unsigned mask, T value, argument which, int width = 32) {                \
        int words[(sizeof(T) + 3) / 4] = {};                                                                   \
        __builtin_memcpy(words, &value, sizeof value);                                                         \
        for (int& word : words) word = instruction(mask, word, int(which), (32 - width) << 8 | clamp);         \
        __builtin_memcpy(&value, words, sizeof value);                                                         \
        return value;                                                                                          \
    }
CLANG_SHUFFLE(__shfl_sync, __nvvm_shfl_sync_idx_i32, int, 31)
CLANG_SHUFFLE(__shfl_up_sync, __nvvm_shfl_sync_up_i32, unsigned, 0)
CLANG_SHUFFLE(__shfl_down_sync, __nvvm_shfl_sync_down_i32, unsigned, 31)
CLANG_SHUFFLE(__shfl_xor_sync, __nvvm_shfl_sync_bfly_i32, int, 31)
