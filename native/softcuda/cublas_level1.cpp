// cuBLAS level 1: long vectors are cut into chunks of a fixed length whose results are summed in order, so the bits
// do not depend on the number of workers.
#include <cmath>
#include <vector>

#include "blas_common.h"

using namespace softcuda;

namespace {

constexpr int64_t kChunk = 32768;

template <typename T>
cublasStatus_t check_result(cublasHandle_t handle, int64_t n, const T* result) {
    if (!cublas_alive(handle)) {
        return CUBLAS_STATUS_NOT_INITIALIZED;
    }
    return n < 0 ? CUBLAS_STATUS_INVALID_VALUE : check_scalar(handle, result);
}

// BLAS walks a vector with a negative step from its far end.
template <typename T>
T* first_element(T* x, int64_t n, int64_t step) {
    return step < 0 ? x + (1 - n) * step : x;
}

template <typename T>
double dot_chunk(int64_t n, const T* x, int64_t step_x, const T* y, int64_t step_y) {
    if (step_x == 1 && step_y == 1) {
        BlasThreads one(1);
        return Blas<T>::dot(static_cast<int>(n), x, 1, y, 1);
    }
    double sum = 0;
    for (int64_t i = 0; i < n; i++) {
        sum += static_cast<double>(x[i * step_x]) * static_cast<double>(y[i * step_y]);
    }
    return sum;
}

template <typename T>
double dot_sum(int64_t n, const T* x, int64_t step_x, const T* y, int64_t step_y) {
    int64_t chunks = ceil_div(n, kChunk);
    std::vector<double> parts(static_cast<size_t>(chunks));
    for_tiles(chunks, [&](int64_t c) {
        int64_t start = c * kChunk;
        parts[c] = dot_chunk(std::min(kChunk, n - start), x + start * step_x, step_x, y + start * step_y, step_y);
    });
    double sum = 0;
    for (double part : parts) {
        sum += part;
    }
    return sum;
}

template <typename T>
cublasStatus_t dot(cublasHandle_t handle, int64_t n, const T* x, int64_t step_x, const T* y, int64_t step_y,
                   T* result) {
    if (cublasStatus_t status = check_result(handle, n, result); status != CUBLAS_STATUS_SUCCESS) {
        return status;
    }
    auto work = [=] {
        if (!device_vector(x, n, step_x) || !device_vector(y, n, step_y)) {
            return false;
        }
        const T *x0 = first_element(x, n, step_x), *y0 = first_element(y, n, step_y);
        *result = n == 0 ? T(0) : static_cast<T>(dot_sum(n, x0, step_x, y0, step_y));
        return true;
    };
    return submit_blas(handle, work, has_host_result(handle));
}

// scale * sqrt(squares): the squares of very large or very small doubles would leave the range.
struct ScaledSquares {
    double scale = 1;
    double squares = 0;
};

template <typename T>
double plain_squares(int64_t n, const T* x, int64_t step, double scale) {
    double sum = 0;
#pragma omp simd reduction(+ : sum)
    for (int64_t i = 0; i < n; i++) {
        double value = static_cast<double>(x[i * step]) / scale;
        sum += value * value;
    }
    return sum;
}

template <typename T>
double largest(int64_t n, const T* x, int64_t step) {
    double top = 0;
    for (int64_t i = 0; i < n; i++) {
        top = std::max(top, std::fabs(static_cast<double>(x[i * step])));
    }
    return top;
}

// The squares of floats never leave double's range, and most doubles' do not: only the rest pays a second pass.
template <typename T>
ScaledSquares squares_chunk(int64_t n, const T* x, int64_t step) {
    constexpr double kSmallestSafe = 1e-280;
    constexpr double kLargestSafe = 1e300;
    if (sizeof(T) < sizeof(double)) {
        return {1, plain_squares(n, x, step, 1)};
    }
    double plain = dot_chunk(n, x, step, x, step);
    if (std::isnan(plain) || (plain > kSmallestSafe && plain < kLargestSafe)) {
        return {1, plain};
    }
    double top = largest(n, x, step);
    if (top == 0 || std::isinf(top)) {
        return {1, top};
    }
    return {top, plain_squares(n, x, step, top)};
}

template <typename T>
double norm(int64_t n, const T* x, int64_t step) {
    int64_t chunks = ceil_div(n, kChunk);
    std::vector<ScaledSquares> parts(static_cast<size_t>(chunks));
    for_tiles(chunks, [&](int64_t c) {
        parts[c] = squares_chunk(std::min(kChunk, n - c * kChunk), x + c * kChunk * step, step);
    });
    double scale = 0, sum = 0;
    for (const ScaledSquares& part : parts) {
        scale = std::max(scale, part.squares == 0 ? 0.0 : part.scale);
    }
    for (const ScaledSquares& part : parts) {
        double ratio = scale == 0 ? 0 : part.scale / scale;
        sum += part.squares * ratio * ratio;
    }
    return scale * std::sqrt(sum);
}

// As in the reference BLAS a step that is not positive leaves an empty vector.
template <typename T>
cublasStatus_t nrm2(cublasHandle_t handle, int64_t n, const T* x, int64_t step, T* result) {
    if (cublasStatus_t status = check_result(handle, n, result); status != CUBLAS_STATUS_SUCCESS) {
        return status;
    }
    int64_t length = step > 0 ? n : 0;
    auto work = [=] {
        if (!device_vector(x, length, step)) {
            return false;
        }
        *result = length == 0 ? T(0) : static_cast<T>(norm(length, x, step));
        return true;
    };
    return submit_blas(handle, work, has_host_result(handle));
}

// A plain product: scaling by zero keeps NaN, which OpenBLAS's scal of this version does not.
template <typename T>
void scale_vector(int64_t length, T factor, T* x, int64_t step) {
    for_tiles(ceil_div(length, kChunk), [&](int64_t c) {
        T* part = x + c * kChunk * step;
        int64_t count = std::min(kChunk, length - c * kChunk);
#pragma omp simd
        for (int64_t i = 0; i < count; i++) {
            part[i * step] *= factor;
        }
    });
}

template <typename T>
cublasStatus_t scal(cublasHandle_t handle, int64_t n, const T* alpha, T* x, int64_t step) {
    if (cublasStatus_t status = check_result(handle, n, alpha); status != CUBLAS_STATUS_SUCCESS) {
        return status;
    }
    int64_t length = step > 0 ? n : 0;
    if (length == 0) {
        return CUBLAS_STATUS_SUCCESS;
    }
    return submit_blas(handle, [=, factor = Scalar<T>(handle, alpha)] {
        if (!factor.valid() || !device_vector(x, length, step)) {
            return false;
        }
        scale_vector(length, factor.get(), x, step);
        return true;
    });
}

}  // namespace

SOFTCUDA_API cublasStatus_t cublasSdot_v2_64(cublasHandle_t handle, int64_t n, const float* x, int64_t incx,
                                             const float* y, int64_t incy, float* result) {
    SOFTCUDA_ENTER(cublasSdot_v2_64, cublasStatus_t)
    return dot(handle, n, x, incx, y, incy, result);
}

SOFTCUDA_API cublasStatus_t cublasDdot_v2_64(cublasHandle_t handle, int64_t n, const double* x, int64_t incx,
                                             const double* y, int64_t incy, double* result) {
    SOFTCUDA_ENTER(cublasDdot_v2_64, cublasStatus_t)
    return dot(handle, n, x, incx, y, incy, result);
}

SOFTCUDA_API cublasStatus_t cublasSnrm2_v2_64(cublasHandle_t handle, int64_t n, const float* x, int64_t incx,
                                              float* result) {
    SOFTCUDA_ENTER(cublasSnrm2_v2_64, cublasStatus_t)
    return nrm2(handle, n, x, incx, result);
}

SOFTCUDA_API cublasStatus_t cublasDnrm2_v2_64(cublasHandle_t handle, int64_t n, const double* x, int64_t incx,
                                              double* result) {
    SOFTCUDA_ENTER(cublasDnrm2_v2_64, cublasStatus_t)
    return nrm2(handle, n, x, incx, result);
}

SOFTCUDA_API cublasStatus_t cublasSscal_v2_64(cublasHandle_t handle, int64_t n, const float* alpha, float* x,
                                              int64_t incx) {
    SOFTCUDA_ENTER(cublasSscal_v2_64, cublasStatus_t)
    return scal(handle, n, alpha, x, incx);
}

SOFTCUDA_API cublasStatus_t cublasDscal_v2_64(cublasHandle_t handle, int64_t n, const double* alpha, double* x,
                                              int64_t incx) {
    SOFTCUDA_ENTER(cublasDscal_v2_64, cublasStatus_t)
    return scal(handle, n, alpha, x, incx);
}
