// What nvcc provides by itself and clang provides only with a CUDA toolkit at hand: the keywords and built-in variables
// that the kernels use. It lets clang compile every kernel to PTX on a machine without CUDA.
#pragma once

#define __host__ __attribute__((host))
#define __device__ __attribute__((device))
#define __global__ __attribute__((global))
#define __shared__ __attribute__((shared))
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
