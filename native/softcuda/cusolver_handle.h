// cuSOLVER's handles and the checks every one of its calls begins with.
#pragma once

#include <initializer_list>

#include "cusolver_lapack.h"

struct cusolverDnContext {
    void* stream = nullptr;
};
struct cusolverDnParams {};
using cusolverDnHandle_t = cusolverDnContext*;
using cusolverDnParams_t = cusolverDnParams*;
enum cudaDataType { CUDA_R_32F = 0, CUDA_R_64F = 1 };

namespace softcuda {

inline HandleSet<cusolverDnContext>& solver_handles() {
    static HandleSet<cusolverDnContext> set;
    return set;
}
inline HandleSet<cusolverDnParams>& parameter_sets() {
    static HandleSet<cusolverDnParams> set;
    return set;
}

inline cusolverStatus_t check_handles(cusolverDnHandle_t handle, cusolverDnParams_t params) {
    if (!solver_handles().has(handle)) {
        return CUSOLVER_STATUS_NOT_INITIALIZED;
    }
    bool known = params == nullptr || parameter_sets().has(params);
    return known ? CUSOLVER_STATUS_SUCCESS : CUSOLVER_STATUS_INVALID_VALUE;
}

// One real type throughout; the real library also takes complex ones, which this program never uses.
inline cusolverStatus_t check_call(cusolverDnHandle_t handle, cusolverDnParams_t params, bool shape,
                            std::initializer_list<cudaDataType> types) {
    if (cusolverStatus_t status = check_handles(handle, params); status != CUSOLVER_STATUS_SUCCESS) {
        return status;
    }
    cudaDataType first = *types.begin();
    bool alike = std::all_of(types.begin(), types.end(), [&](cudaDataType type) { return type == first; });
    if (!alike || (first != CUDA_R_32F && first != CUDA_R_64F)) {
        return CUSOLVER_STATUS_NOT_SUPPORTED;
    }
    return shape ? CUSOLVER_STATUS_SUCCESS : CUSOLVER_STATUS_INVALID_VALUE;
}

inline cusolverStatus_t answer_size(const Workspace& needed, size_t* device, size_t* host) {
    if (device == nullptr || host == nullptr) {
        return CUSOLVER_STATUS_INVALID_VALUE;
    }
    *device = needed.device;
    *host = needed.host;
    return CUSOLVER_STATUS_SUCCESS;
}

}  // namespace softcuda
