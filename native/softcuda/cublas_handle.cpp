// cuBLAS handles, modes and status texts. The workspace is only checked.
#include <new>

#include "blas_common.h"

namespace {

softcuda::HandleSet<cublasContext>& handles() {
    static softcuda::HandleSet<cublasContext> set;
    return set;
}

struct StatusText {
    cublasStatus_t status;
    const char* name;
    const char* text;
};

#define STATUS_TEXT(code, text) \
    { code, #code, text }
const StatusText kStatusTexts[] = {
    STATUS_TEXT(CUBLAS_STATUS_SUCCESS, "success"),
    STATUS_TEXT(CUBLAS_STATUS_NOT_INITIALIZED, "the library was not initialized"),
    STATUS_TEXT(CUBLAS_STATUS_ALLOC_FAILED, "the resource allocation failed"),
    STATUS_TEXT(CUBLAS_STATUS_INVALID_VALUE, "an unsupported value or parameter was passed to the function"),
    STATUS_TEXT(CUBLAS_STATUS_ARCH_MISMATCH,
                "the requested functionality requires features missing in the target device architecture"),
    STATUS_TEXT(CUBLAS_STATUS_MAPPING_ERROR, "an access to GPU memory space failed"),
    STATUS_TEXT(CUBLAS_STATUS_EXECUTION_FAILED, "the function failed to launch on the GPU"),
    STATUS_TEXT(CUBLAS_STATUS_INTERNAL_ERROR, "an internal operation failed"),
    STATUS_TEXT(CUBLAS_STATUS_NOT_SUPPORTED, "the requested functionality is not supported"),
    STATUS_TEXT(CUBLAS_STATUS_LICENSE_ERROR, "an error was detected when checking the current licensing"),
};
#undef STATUS_TEXT

const StatusText* find_status(cublasStatus_t status) {
    for (const StatusText& entry : kStatusTexts) {
        if (entry.status == status) {
            return &entry;
        }
    }
    return nullptr;
}

// The version of the header these signatures were taken from: 12.3.4.
constexpr int kVersion = 12 * 10000 + 3 * 100 + 4;
constexpr size_t kWorkspaceAlignment = 256;
constexpr int kLastMathMode = 4;
constexpr int kDisallowReducedPrecision = 16;

}  // namespace

bool softcuda::cublas_alive(cublasHandle_t handle) { return handles().has(handle); }

SOFTCUDA_API cublasStatus_t cublasCreate_v2(cublasHandle_t* handle) {
    SOFTCUDA_ENTER(cublasCreate_v2, cublasStatus_t)
    if (handle == nullptr) {
        return CUBLAS_STATUS_INVALID_VALUE;
    }
    auto* created = new (std::nothrow) cublasContext();
    if (created == nullptr) {
        return CUBLAS_STATUS_ALLOC_FAILED;
    }
    handles().add(created);
    *handle = created;
    return CUBLAS_STATUS_SUCCESS;
}

SOFTCUDA_API cublasStatus_t cublasDestroy_v2(cublasHandle_t handle) {
    SOFTCUDA_ENTER(cublasDestroy_v2, cublasStatus_t)
    if (!handles().remove(handle)) {
        return CUBLAS_STATUS_NOT_INITIALIZED;
    }
    delete handle;
    return CUBLAS_STATUS_SUCCESS;
}

SOFTCUDA_API cublasStatus_t cublasSetStream_v2(cublasHandle_t handle, void* stream) {
    SOFTCUDA_ENTER(cublasSetStream_v2, cublasStatus_t)
    if (!softcuda::cublas_alive(handle)) {
        return CUBLAS_STATUS_NOT_INITIALIZED;
    }
    handle->stream = stream;
    return CUBLAS_STATUS_SUCCESS;
}

// No tile uses the workspace; a wrong one would fault inside a later real call, so it is refused here.
SOFTCUDA_API cublasStatus_t cublasSetWorkspace_v2(cublasHandle_t handle, void* workspace, size_t bytes) {
    SOFTCUDA_ENTER(cublasSetWorkspace_v2, cublasStatus_t)
    if (!softcuda::cublas_alive(handle)) {
        return CUBLAS_STATUS_NOT_INITIALIZED;
    }
    bool aligned = reinterpret_cast<uintptr_t>(workspace) % kWorkspaceAlignment == 0;
    bool owned = bytes == 0 || softcuda::is_device_range(workspace, bytes);
    return aligned && owned ? CUBLAS_STATUS_SUCCESS : CUBLAS_STATUS_INVALID_VALUE;
}

SOFTCUDA_API cublasStatus_t cublasSetMathMode(cublasHandle_t handle, int mode) {
    SOFTCUDA_ENTER(cublasSetMathMode, cublasStatus_t)
    if (!softcuda::cublas_alive(handle)) {
        return CUBLAS_STATUS_NOT_INITIALIZED;
    }
    if (mode < 0 || (mode & ~kDisallowReducedPrecision) > kLastMathMode) {
        return CUBLAS_STATUS_INVALID_VALUE;
    }
    handle->math_mode = mode;
    return CUBLAS_STATUS_SUCCESS;
}

SOFTCUDA_API cublasStatus_t cublasSetPointerMode_v2(cublasHandle_t handle, int mode) {
    SOFTCUDA_ENTER(cublasSetPointerMode_v2, cublasStatus_t)
    if (!softcuda::cublas_alive(handle)) {
        return CUBLAS_STATUS_NOT_INITIALIZED;
    }
    if (mode != CUBLAS_POINTER_MODE_HOST && mode != CUBLAS_POINTER_MODE_DEVICE) {
        return CUBLAS_STATUS_INVALID_VALUE;
    }
    handle->pointer_mode = mode;
    return CUBLAS_STATUS_SUCCESS;
}

SOFTCUDA_API cublasStatus_t cublasGetVersion_v2(cublasHandle_t handle, int* version) {
    SOFTCUDA_ENTER(cublasGetVersion_v2, cublasStatus_t)
    if (!softcuda::cublas_alive(handle)) {
        return CUBLAS_STATUS_NOT_INITIALIZED;
    }
    if (version == nullptr) {
        return CUBLAS_STATUS_INVALID_VALUE;
    }
    *version = kVersion;
    return CUBLAS_STATUS_SUCCESS;
}

// The two text functions have no status to fail with: the call is counted and a requested fault is dropped.
SOFTCUDA_API const char* cublasGetStatusName(cublasStatus_t status) {
    static softcuda::EntryPoint called("cublasGetStatusName");
    softcuda::enter(called);
    const StatusText* entry = find_status(status);
    return entry != nullptr ? entry->name : "CUBLAS_STATUS_UNKNOWN";
}

SOFTCUDA_API const char* cublasGetStatusString(cublasStatus_t status) {
    static softcuda::EntryPoint called("cublasGetStatusString");
    softcuda::enter(called);
    const StatusText* entry = find_status(status);
    return entry != nullptr ? entry->text : "unknown status code";
}
