// cuSOLVER's 64-bit Cholesky, LU and symmetric eigenvalue entry points over cusolver_square.h. Work runs on the handle's stream.
#include "cusolver_handle.h"
#include "cusolver_square.h"

using namespace softcuda;

namespace {

bool one_bit(int mode) { return (mode | 1) == 1; }

bool square_shape(int mode, int64_t n, int64_t lda) { return one_bit(mode) && lapack_shape(n, n, lda); }

// Beyond kLargest LAPACK's 32-bit work length for the vectors, 2 n * n, would overflow.
bool eigen_shape(int jobz, int uplo, int64_t n, int64_t lda) {
    constexpr int64_t kLargest = 32000;
    return one_bit(jobz) && square_shape(uplo, n, lda) && (jobz == 0 || n <= kLargest);
}

template <typename T>
Eigen<T> make_eigen(int jobz, int uplo, int64_t n, const void* a, int64_t lda, const void* w) {
    auto real = [](const void* pointer) { return static_cast<T*>(const_cast<void*>(pointer)); };
    return {jobz == 1, uplo == 1, static_cast<int>(n), static_cast<int>(lda), real(a), real(w)};
}

}  // namespace

SOFTCUDA_API cusolverStatus_t cusolverDnXpotrf_bufferSize(cusolverDnHandle_t handle, cusolverDnParams_t params, int uplo,
                                                          int64_t n, cudaDataType typeA, const void*, int64_t lda,
                                                          cudaDataType computeType, size_t* deviceBytes,
                                                          size_t* hostBytes) {
    SOFTCUDA_ENTER(cusolverDnXpotrf_bufferSize, cusolverStatus_t)
    cusolverStatus_t status = check_call(handle, params, square_shape(uplo, n, lda), {typeA, computeType});
    if (status != CUSOLVER_STATUS_SUCCESS) {
        return status;
    }
    return answer_size(typeA == CUDA_R_32F ? potrf_workspace<float>(n) : potrf_workspace<double>(n), deviceBytes,
                       hostBytes);
}

SOFTCUDA_API cusolverStatus_t cusolverDnXpotrf(cusolverDnHandle_t handle, cusolverDnParams_t params, int uplo, int64_t n,
                                               cudaDataType typeA, void* A, int64_t lda, cudaDataType computeType,
                                               void* bufferOnDevice, size_t deviceBytes, void* bufferOnHost,
                                               size_t hostBytes, int* info) {
    SOFTCUDA_ENTER(cusolverDnXpotrf, cusolverStatus_t)
    cusolverStatus_t status = check_call(handle, params, square_shape(uplo, n, lda), {typeA, computeType});
    if (status != CUSOLVER_STATUS_SUCCESS) {
        return status;
    }
    if (typeA == CUDA_R_32F) {
        return potrf(handle->stream, uplo == 1, n, static_cast<float*>(A), lda, bufferOnDevice, deviceBytes, bufferOnHost, hostBytes, info);
    }
    return potrf(handle->stream, uplo == 1, n, static_cast<double*>(A), lda, bufferOnDevice, deviceBytes, bufferOnHost, hostBytes, info);
}

SOFTCUDA_API cusolverStatus_t cusolverDnXgetrf_bufferSize(cusolverDnHandle_t handle, cusolverDnParams_t params, int64_t m,
                                                          int64_t n, cudaDataType typeA, const void*, int64_t lda,
                                                          cudaDataType computeType, size_t* deviceBytes,
                                                          size_t* hostBytes) {
    SOFTCUDA_ENTER(cusolverDnXgetrf_bufferSize, cusolverStatus_t)
    cusolverStatus_t status = check_call(handle, params, lapack_shape(m, n, lda), {typeA, computeType});
    if (status != CUSOLVER_STATUS_SUCCESS) {
        return status;
    }
    return answer_size(typeA == CUDA_R_32F ? getrf_workspace<float>(m, n) : getrf_workspace<double>(m, n), deviceBytes,
                       hostBytes);
}

// Without pivots the real library factors without exchanges; this program never does.
SOFTCUDA_API cusolverStatus_t cusolverDnXgetrf(cusolverDnHandle_t handle, cusolverDnParams_t params, int64_t m, int64_t n,
                                               cudaDataType typeA, void* A, int64_t lda, int64_t* ipiv,
                                               cudaDataType computeType, void* bufferOnDevice, size_t deviceBytes,
                                               void* bufferOnHost, size_t hostBytes, int* info) {
    SOFTCUDA_ENTER(cusolverDnXgetrf, cusolverStatus_t)
    cusolverStatus_t status = check_call(handle, params, lapack_shape(m, n, lda), {typeA, computeType});
    if (status != CUSOLVER_STATUS_SUCCESS) {
        return status;
    }
    if (ipiv == nullptr) {
        return CUSOLVER_STATUS_NOT_SUPPORTED;
    }
    if (typeA == CUDA_R_32F) {
        return getrf(handle->stream, m, n, static_cast<float*>(A), lda, ipiv, bufferOnDevice, deviceBytes, bufferOnHost, hostBytes, info);
    }
    return getrf(handle->stream, m, n, static_cast<double*>(A), lda, ipiv, bufferOnDevice, deviceBytes, bufferOnHost, hostBytes, info);
}

SOFTCUDA_API cusolverStatus_t cusolverDnXgetrs(cusolverDnHandle_t handle, cusolverDnParams_t params, int trans, int64_t n,
                                               int64_t nrhs, cudaDataType typeA, const void* A, int64_t lda,
                                               const int64_t* ipiv, cudaDataType typeB, void* B, int64_t ldb, int* info) {
    SOFTCUDA_ENTER(cusolverDnXgetrs, cusolverStatus_t)
    bool shape = square_shape(trans, n, lda) && lapack_shape(n, nrhs, ldb);
    cusolverStatus_t status = check_call(handle, params, shape, {typeA, typeB});
    if (status != CUSOLVER_STATUS_SUCCESS) {
        return status;
    }
    if (ipiv == nullptr) {
        return CUSOLVER_STATUS_NOT_SUPPORTED;
    }
    if (typeA == CUDA_R_32F) {
        return getrs(handle->stream, trans == 1, n, nrhs, static_cast<const float*>(A), lda, ipiv, static_cast<float*>(B), ldb, info);
    }
    return getrs(handle->stream, trans == 1, n, nrhs, static_cast<const double*>(A), lda, ipiv, static_cast<double*>(B), ldb, info);
}

SOFTCUDA_API cusolverStatus_t cusolverDnXsyevd_bufferSize(cusolverDnHandle_t handle, cusolverDnParams_t params, int jobz,
                                                          int uplo, int64_t n, cudaDataType typeA, const void* A,
                                                          int64_t lda, cudaDataType typeW, const void* W,
                                                          cudaDataType computeType, size_t* deviceBytes,
                                                          size_t* hostBytes) {
    SOFTCUDA_ENTER(cusolverDnXsyevd_bufferSize, cusolverStatus_t)
    cusolverStatus_t status = check_call(handle, params, eigen_shape(jobz, uplo, n, lda), {typeA, typeW, computeType});
    if (status != CUSOLVER_STATUS_SUCCESS) {
        return status;
    }
    return answer_size(typeA == CUDA_R_32F ? make_eigen<float>(jobz, uplo, n, A, lda, W).workspace()
                                           : make_eigen<double>(jobz, uplo, n, A, lda, W).workspace(),
                       deviceBytes, hostBytes);
}

SOFTCUDA_API cusolverStatus_t cusolverDnXsyevd(cusolverDnHandle_t handle, cusolverDnParams_t params, int jobz, int uplo,
                                               int64_t n, cudaDataType typeA, void* A, int64_t lda, cudaDataType typeW,
                                               void* W, cudaDataType computeType, void* bufferOnDevice,
                                               size_t deviceBytes, void* bufferOnHost, size_t hostBytes, int* info) {
    SOFTCUDA_ENTER(cusolverDnXsyevd, cusolverStatus_t)
    cusolverStatus_t status = check_call(handle, params, eigen_shape(jobz, uplo, n, lda), {typeA, typeW, computeType});
    if (status != CUSOLVER_STATUS_SUCCESS) {
        return status;
    }
    if (typeA == CUDA_R_32F) {
        return syevd(handle->stream, make_eigen<float>(jobz, uplo, n, A, lda, W), bufferOnDevice, deviceBytes, bufferOnHost, hostBytes, info);
    }
    return syevd(handle->stream, make_eigen<double>(jobz, uplo, n, A, lda, W), bufferOnDevice, deviceBytes, bufferOnHost, hostBytes, info);
}
