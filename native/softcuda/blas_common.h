// What the cuBLAS and cuSOLVER files share: NVIDIA's codes, OpenBLAS behind one template, and argument checks.
#pragma once

#include <omp.h>

#include <algorithm>
#include <climits>
#include <memory>
#include <mutex>
#include <unordered_set>
#include <utility>

#include "api.h"

enum cublasStatus_t {
    CUBLAS_STATUS_SUCCESS = 0,
    CUBLAS_STATUS_NOT_INITIALIZED = 1,
    CUBLAS_STATUS_ALLOC_FAILED = 3,
    CUBLAS_STATUS_INVALID_VALUE = 7,
    CUBLAS_STATUS_ARCH_MISMATCH = 8,
    CUBLAS_STATUS_MAPPING_ERROR = 11,
    CUBLAS_STATUS_EXECUTION_FAILED = 13,
    CUBLAS_STATUS_INTERNAL_ERROR = 14,
    CUBLAS_STATUS_NOT_SUPPORTED = 15,
    CUBLAS_STATUS_LICENSE_ERROR = 16,
};

enum { CUBLAS_OP_N = 0, CUBLAS_OP_T = 1, CUBLAS_OP_C = 2 };
enum { CUBLAS_SIDE_LEFT = 0, CUBLAS_SIDE_RIGHT = 1 };
enum { CUBLAS_FILL_MODE_LOWER = 0, CUBLAS_FILL_MODE_UPPER = 1 };
enum { CUBLAS_DIAG_NON_UNIT = 0, CUBLAS_DIAG_UNIT = 1 };
enum { CUBLAS_POINTER_MODE_HOST = 0, CUBLAS_POINTER_MODE_DEVICE = 1 };

struct cublasContext {
    void* stream = nullptr;
    int pointer_mode = CUBLAS_POINTER_MODE_HOST;
    int math_mode = 0;
};
using cublasHandle_t = cublasContext*;

extern "C" {
void cblas_sgemm(int, int, int, int, int, int, float, const float*, int, const float*, int, float, float*, int);
void cblas_dgemm(int, int, int, int, int, int, double, const double*, int, const double*, int, double, double*, int);
void cblas_sgemv(int, int, int, int, float, const float*, int, const float*, int, float, float*, int);
void cblas_dgemv(int, int, int, int, double, const double*, int, const double*, int, double, double*, int);
void cblas_strsm(int, int, int, int, int, int, int, float, const float*, int, float*, int);
void cblas_dtrsm(int, int, int, int, int, int, int, double, const double*, int, double*, int);
float cblas_sdot(int, const float*, int, const float*, int);
double cblas_ddot(int, const double*, int, const double*, int);
}

namespace softcuda {

// cblas.h's enumeration values; the header itself is not included so that no OpenBLAS header path is needed.
enum { kColumnMajor = 102, kNoTrans = 111, kTrans = 112, kUpper = 121, kLower = 122 };
enum { kNonUnit = 131, kUnit = 132, kLeft = 141, kRight = 142 };

template <typename T>
struct Blas;
template <>
struct Blas<float> {
    static constexpr auto gemm = cblas_sgemm;
    static constexpr auto gemv = cblas_sgemv;
    static constexpr auto trsm = cblas_strsm;
    static constexpr auto dot = cblas_sdot;
};
template <>
struct Blas<double> {
    static constexpr auto gemm = cblas_dgemm;
    static constexpr auto gemv = cblas_dgemv;
    static constexpr auto trsm = cblas_dtrsm;
    static constexpr auto dot = cblas_ddot;
};

// The OpenMP build asks omp_get_max_threads() at every call, and that setting belongs to the calling thread:
// setting it here governs the calls below and nobody else's (openblas_set_num_threads would be process-wide).
class BlasThreads {
public:
    explicit BlasThreads(int count) : before_(omp_get_max_threads()) { omp_set_num_threads(count); }
    ~BlasThreads() { omp_set_num_threads(before_); }
    BlasThreads(const BlasThreads&) = delete;
    BlasThreads& operator=(const BlasThreads&) = delete;

private:
    int before_;
};

// Live handles: a destroyed or made-up one is refused instead of being read.
template <typename Context>
class HandleSet {
public:
    void add(Context* handle) {
        std::lock_guard<std::mutex> lock(mutex_);
        live_.insert(handle);
    }
    bool remove(Context* handle) {
        std::lock_guard<std::mutex> lock(mutex_);
        return live_.erase(handle) == 1;
    }
    bool has(Context* handle) {
        std::lock_guard<std::mutex> lock(mutex_);
        return handle != nullptr && live_.count(handle) == 1;
    }

private:
    std::mutex mutex_;
    std::unordered_set<Context*> live_;
};

bool cublas_alive(cublasHandle_t handle);

inline int64_t ceil_div(int64_t value, int64_t by) { return (value + by - 1) / by; }

// One tile needs no worker woken; small calls stay on the caller's thread.
template <typename Body>
void for_tiles(int64_t count, Body&& body) {
    if (count == 1) {
        body(int64_t{0});
    } else {
        parallel_for(count, std::forward<Body>(body));
    }
}

// Uninitialised scratch: every user writes all of it before reading.
template <typename T>
std::unique_ptr<T[]> scratch(int64_t count) {
    return std::unique_ptr<T[]>(new T[static_cast<size_t>(count)]);
}

// Bytes are counted in 128 bits: a huge leading dimension must be refused, not wrapped into a small range.
inline bool device_elements(const void* pointer, __int128 count, size_t size) {
    __int128 bytes = count * static_cast<__int128>(size);
    return bytes <= 0 || (bytes <= PTRDIFF_MAX && is_device_range(pointer, static_cast<size_t>(bytes)));
}

template <typename T>
bool device_matrix(const T* a, int64_t rows, int64_t columns, int64_t ld) {
    if (rows == 0 || columns == 0) {
        return true;
    }
    return device_elements(a, static_cast<__int128>(ld) * (columns - 1) + rows, sizeof(T));
}

template <typename T>
bool device_vector(const T* x, int64_t n, int64_t step) {
    __int128 gap = step < 0 ? -static_cast<__int128>(step) : step;
    return n <= 0 || device_elements(x, gap * (n - 1) + 1, sizeof(T));
}

// A scalar must live where the pointer mode says. Device memory read in host mode crashes a real program;
// here it would silently work, so it is refused.
template <typename T>
cublasStatus_t check_scalar(cublasHandle_t handle, const T* scalar) {
    if (scalar == nullptr) {
        return CUBLAS_STATUS_INVALID_VALUE;
    }
    bool on_device = is_device_range(scalar, sizeof(T));
    if (handle->pointer_mode == CUBLAS_POINTER_MODE_DEVICE) {
        return on_device ? CUBLAS_STATUS_SUCCESS : CUBLAS_STATUS_EXECUTION_FAILED;
    }
    return on_device ? CUBLAS_STATUS_INVALID_VALUE : CUBLAS_STATUS_SUCCESS;
}

template <typename T>
cublasStatus_t check_scalars(cublasHandle_t handle, const T* alpha, const T* beta) {
    cublasStatus_t status = check_scalar(handle, alpha);
    return status != CUBLAS_STATUS_SUCCESS ? status : check_scalar(handle, beta);
}

// A scalar argument: host ones are read when the call is made, device ones when it runs.
template <typename T>
class Scalar {
public:
    Scalar(cublasHandle_t handle, const T* scalar)
        : pointer_(handle->pointer_mode == CUBLAS_POINTER_MODE_DEVICE ? scalar : nullptr),
          value_(pointer_ == nullptr ? *scalar : T(0)) {}
    bool valid() const { return pointer_ == nullptr || is_device_range(pointer_, sizeof(T)); }
    T get() const { return pointer_ == nullptr ? value_ : *pointer_; }

private:
    const T* pointer_;
    T value_;
};

// Real cuBLAS learns of a bad pointer when its kernel faults, and then reports EXECUTION_FAILED.
template <typename Work>
cublasStatus_t submit_blas(cublasHandle_t handle, Work&& work, bool has_host_result = false) {
    const Waits waits = has_host_result ? Waits::for_result : Waits::no;
    return submit_library(handle->stream, waits, std::forward<Work>(work)) ? CUBLAS_STATUS_SUCCESS
                                                                           : CUBLAS_STATUS_EXECUTION_FAILED;
}

inline bool has_host_result(cublasHandle_t handle) { return handle->pointer_mode == CUBLAS_POINTER_MODE_HOST; }

inline bool valid_operation(int operation) { return operation >= CUBLAS_OP_N && operation <= CUBLAS_OP_C; }

}  // namespace softcuda
