// cuSOLVER's handles and its 64-bit QR and SVD entry points over cusolver_lapack.h. Factorisations run on the
// handle's stream.
#include <initializer_list>
#include <new>

#include "cusolver_handle.h"

using namespace softcuda;

SOFTCUDA_API cusolverStatus_t cusolverDnCreate(cusolverDnHandle_t* handle) {
    SOFTCUDA_ENTER(cusolverDnCreate, cusolverStatus_t)
    if (handle == nullptr) {
        return CUSOLVER_STATUS_INVALID_VALUE;
    }
    *handle = new (std::nothrow) cusolverDnContext();
    if (*handle == nullptr) {
        return CUSOLVER_STATUS_ALLOC_FAILED;
    }
    solver_handles().add(*handle);
    return CUSOLVER_STATUS_SUCCESS;
}

SOFTCUDA_API cusolverStatus_t cusolverDnDestroy(cusolverDnHandle_t handle) {
    SOFTCUDA_ENTER(cusolverDnDestroy, cusolverStatus_t)
    if (!solver_handles().remove(handle)) {
        return CUSOLVER_STATUS_NOT_INITIALIZED;
    }
    delete handle;
    return CUSOLVER_STATUS_SUCCESS;
}

SOFTCUDA_API cusolverStatus_t cusolverDnSetStream(cusolverDnHandle_t handle, void* stream) {
    SOFTCUDA_ENTER(cusolverDnSetStream, cusolverStatus_t)
    if (!solver_handles().has(handle)) {
        return CUSOLVER_STATUS_NOT_INITIALIZED;
    }
    handle->stream = stream;
    return CUSOLVER_STATUS_SUCCESS;
}

SOFTCUDA_API cusolverStatus_t cusolverDnCreateParams(cusolverDnParams_t* params) {
    SOFTCUDA_ENTER(cusolverDnCreateParams, cusolverStatus_t)
    if (params == nullptr) {
        return CUSOLVER_STATUS_INVALID_VALUE;
    }
    *params = new (std::nothrow) cusolverDnParams();
    if (*params == nullptr) {
        return CUSOLVER_STATUS_ALLOC_FAILED;
    }
    parameter_sets().add(*params);
    return CUSOLVER_STATUS_SUCCESS;
}

SOFTCUDA_API cusolverStatus_t cusolverDnDestroyParams(cusolverDnParams_t params) {
    SOFTCUDA_ENTER(cusolverDnDestroyParams, cusolverStatus_t)
    if (!parameter_sets().remove(params)) {
        return CUSOLVER_STATUS_INVALID_VALUE;
    }
    delete params;
    return CUSOLVER_STATUS_SUCCESS;
}

// CUDA 12.3's library: 11.5.4.
SOFTCUDA_API cusolverStatus_t cusolverGetVersion(int* version) {
    SOFTCUDA_ENTER(cusolverGetVersion, cusolverStatus_t)
    if (version == nullptr) {
        return CUSOLVER_STATUS_INVALID_VALUE;
    }
    *version = 11 * 1000 + 5 * 100 + 4;
    return CUSOLVER_STATUS_SUCCESS;
}

SOFTCUDA_API cusolverStatus_t cusolverDnXgeqrf_bufferSize(cusolverDnHandle_t handle, cusolverDnParams_t params,
                                                          int64_t m, int64_t n, cudaDataType typeA, const void*,
                                                          int64_t lda, cudaDataType typeTau, const void*,
                                                          cudaDataType computeType, size_t* deviceBytes,
                                                          size_t* hostBytes) {
    SOFTCUDA_ENTER(cusolverDnXgeqrf_bufferSize, cusolverStatus_t)
    cusolverStatus_t status = check_call(handle, params, lapack_shape(m, n, lda), {typeA, typeTau, computeType});
    if (status != CUSOLVER_STATUS_SUCCESS) {
        return status;
    }
    return answer_size(typeA == CUDA_R_32F ? geqrf_workspace<float>(m, n) : geqrf_workspace<double>(m, n),
                       deviceBytes, hostBytes);
}

SOFTCUDA_API cusolverStatus_t cusolverDnXgeqrf(cusolverDnHandle_t handle, cusolverDnParams_t params, int64_t m,
                                               int64_t n, cudaDataType typeA, void* A, int64_t lda,
                                               cudaDataType typeTau, void* tau, cudaDataType computeType,
                                               void* bufferOnDevice, size_t deviceBytes, void* bufferOnHost,
                                               size_t hostBytes, int* info) {
    SOFTCUDA_ENTER(cusolverDnXgeqrf, cusolverStatus_t)
    cusolverStatus_t status = check_call(handle, params, lapack_shape(m, n, lda), {typeA, typeTau, computeType});
    if (status != CUSOLVER_STATUS_SUCCESS) {
        return status;
    }
    if (typeA == CUDA_R_32F) {
        return geqrf(handle->stream, m, n, static_cast<float*>(A), lda, static_cast<float*>(tau), bufferOnDevice, deviceBytes,
                     bufferOnHost, hostBytes, info);
    }
    return geqrf(handle->stream, m, n, static_cast<double*>(A), lda, static_cast<double*>(tau), bufferOnDevice, deviceBytes,
                 bufferOnHost, hostBytes, info);
}

SOFTCUDA_API cusolverStatus_t cusolverDnXgesvd_bufferSize(
    cusolverDnHandle_t handle, cusolverDnParams_t params, signed char jobu, signed char jobvt, int64_t m, int64_t n,
    cudaDataType typeA, const void* A, int64_t lda, cudaDataType typeS, const void* S, cudaDataType typeU,
    const void* U, int64_t ldu, cudaDataType typeVT, const void* VT, int64_t ldvt, cudaDataType computeType,
    size_t* deviceBytes, size_t* hostBytes) {
    SOFTCUDA_ENTER(cusolverDnXgesvd_bufferSize, cusolverStatus_t)
    cusolverStatus_t status = check_call(handle, params, svd_shape(jobu, jobvt, m, n, lda, ldu, ldvt),
                                         {typeA, typeS, typeU, typeVT, computeType});
    if (status != CUSOLVER_STATUS_SUCCESS) {
        return status;
    }
    Workspace needed = typeA == CUDA_R_32F
                           ? make_svd<float>(jobu, jobvt, m, n, A, lda, S, U, ldu, VT, ldvt).workspace()
                           : make_svd<double>(jobu, jobvt, m, n, A, lda, S, U, ldu, VT, ldvt).workspace();
    return answer_size(needed, deviceBytes, hostBytes);
}

SOFTCUDA_API cusolverStatus_t cusolverDnXgesvd(cusolverDnHandle_t handle, cusolverDnParams_t params,
                                               signed char jobu, signed char jobvt, int64_t m, int64_t n,
                                               cudaDataType typeA, void* A, int64_t lda, cudaDataType typeS, void* S,
                                               cudaDataType typeU, void* U, int64_t ldu, cudaDataType typeVT,
                                               void* VT, int64_t ldvt, cudaDataType computeType,
                                               void* bufferOnDevice, size_t deviceBytes, void* bufferOnHost,
                                               size_t hostBytes, int* info) {
    SOFTCUDA_ENTER(cusolverDnXgesvd, cusolverStatus_t)
    cusolverStatus_t status = check_call(handle, params, svd_shape(jobu, jobvt, m, n, lda, ldu, ldvt),
                                         {typeA, typeS, typeU, typeVT, computeType});
    if (status != CUSOLVER_STATUS_SUCCESS) {
        return status;
    }
    if (typeA == CUDA_R_32F) {
        return gesvd(handle->stream, make_svd<float>(jobu, jobvt, m, n, A, lda, S, U, ldu, VT, ldvt), bufferOnDevice, deviceBytes,
                     bufferOnHost, hostBytes, info);
    }
    return gesvd(handle->stream, make_svd<double>(jobu, jobvt, m, n, A, lda, S, U, ldu, VT, ldvt), bufferOnDevice, deviceBytes,
                 bufferOnHost, hostBytes, info);
}
