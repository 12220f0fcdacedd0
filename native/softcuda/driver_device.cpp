// Driver API: devices and contexts. Attribute numbers are CUdevice_attribute's.
#include <unistd.h>

#include <algorithm>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>

#include "stream.h"

namespace softcuda {
namespace {

std::mutex context_mutex;
Context primary[device_count] = {{fast_device, 0, {}}, {check_device, 0, {}}};
thread_local Context* current = nullptr;
bool initialized = false;

// On the fast device a "multiprocessor" is a core and takes a few blocks, so that a busy neighbour does not hold up a launch.
const DeviceLimits& fast_limits() {
    static const DeviceLimits limits{"softcuda (fast)", 1, 4, worker_count(), 1, 1 << 20};
    return limits;
}
// One multiprocessor: a grid sized to fill the device is small, and every block takes several pieces of work. Counts of a GPU's own
// launches want its number, in SOFTCUDA_MULTIPROCESSORS.
int check_multiprocessors() {
    const char* text = std::getenv("SOFTCUDA_MULTIPROCESSORS");
    return text != nullptr ? std::clamp(std::atoi(text), 1, 1024) : 1;
}
const DeviceLimits& check_limits() {
    static const DeviceLimits limits{"softcuda (check)", 1024, 2048, check_multiprocessors(), 32, 227 * 1024};
    return limits;
}

// Of the processor; 0 where the system does not say.
int last_cache_bytes() {
    const long third = sysconf(_SC_LEVEL3_CACHE_SIZE), second = sysconf(_SC_LEVEL2_CACHE_SIZE);
    const long bytes = third > 0 ? third : second;
    return bytes < 0 ? 0 : int(bytes < INT_MAX ? bytes : INT_MAX);
}

bool valid(CUdevice device) { return device >= 0 && device < device_count; }

}  // namespace

const DeviceLimits& limits(int device) { return device == check_device ? check_limits() : fast_limits(); }

Context* current_context() { return current != nullptr && current->references > 0 ? current : nullptr; }

}  // namespace softcuda

using namespace softcuda;

SOFTCUDA_API CUresult cuInit(unsigned flags) {
    SOFTCUDA_ENTER(cuInit, CUresult)
    if (flags != 0) return CUDA_ERROR_INVALID_VALUE;
    initialized = true;
    return CUDA_SUCCESS;
}

SOFTCUDA_API CUresult cuDriverGetVersion(int* version) {
    SOFTCUDA_ENTER(cuDriverGetVersion, CUresult)
    *version = 13000;
    return CUDA_SUCCESS;
}

SOFTCUDA_API CUresult cuDeviceGetCount(int* count) {
    SOFTCUDA_ENTER(cuDeviceGetCount, CUresult)
    if (!initialized) return CUDA_ERROR_NOT_INITIALIZED;
    *count = device_count;
    return CUDA_SUCCESS;
}

SOFTCUDA_API CUresult cuDeviceGet(CUdevice* device, int ordinal) {
    SOFTCUDA_ENTER(cuDeviceGet, CUresult)
    if (!initialized) return CUDA_ERROR_NOT_INITIALIZED;
    if (!valid(ordinal)) return CUDA_ERROR_INVALID_DEVICE;
    *device = ordinal;
    return CUDA_SUCCESS;
}

SOFTCUDA_API CUresult cuDeviceGetName(char* name, int length, CUdevice device) {
    SOFTCUDA_ENTER(cuDeviceGetName, CUresult)
    if (!valid(device)) return CUDA_ERROR_INVALID_DEVICE;
    if (length <= 0) return CUDA_ERROR_INVALID_VALUE;
    std::snprintf(name, size_t(length), "%s", limits(device).name);
    return CUDA_SUCCESS;
}

SOFTCUDA_API CUresult cuDeviceGetUuid_v2(void* uuid, CUdevice device) {
    SOFTCUDA_ENTER(cuDeviceGetUuid_v2, CUresult)
    if (!valid(device)) return CUDA_ERROR_INVALID_DEVICE;
    std::memset(uuid, 0, 16);
    std::memcpy(uuid, "softcuda", 8);
    static_cast<unsigned char*>(uuid)[15] = static_cast<unsigned char>(device);
    return CUDA_SUCCESS;
}

SOFTCUDA_API CUresult cuDeviceGetAttribute(int* value, int attribute, CUdevice device) {
    SOFTCUDA_ENTER(cuDeviceGetAttribute, CUresult)
    if (!valid(device)) return CUDA_ERROR_INVALID_DEVICE;
    const DeviceLimits& l = limits(device);
    switch (attribute) {
        case 1: *value = l.max_threads_per_block; break;                       // MAX_THREADS_PER_BLOCK
        case 2: case 3: *value = l.max_threads_per_block; break;               // MAX_BLOCK_DIM_X, _Y
        case 4: *value = l.max_threads_per_block < 64 ? 1 : 64; break;         // MAX_BLOCK_DIM_Z
        case 5: *value = 2147483647; break;                                    // MAX_GRID_DIM_X
        case 6: case 7: *value = 65535; break;                                 // MAX_GRID_DIM_Y, _Z
        case 8: *value = l.max_shared_bytes < 49152 ? l.max_shared_bytes : 49152; break;  // MAX_SHARED_MEMORY_PER_BLOCK
        case 10: *value = l.warp_size; break;                                  // WARP_SIZE
        case 16: *value = l.multiprocessors; break;                            // MULTIPROCESSOR_COUNT
        case 38: *value = last_cache_bytes(); break;                           // L2_CACHE_SIZE
        case 39: *value = l.max_threads_per_multiprocessor; break;             // MAX_THREADS_PER_MULTIPROCESSOR
        case 75: *value = 9; break;                                            // COMPUTE_CAPABILITY_MAJOR
        case 76: *value = 0; break;                                            // COMPUTE_CAPABILITY_MINOR
        case 97: *value = l.max_shared_bytes; break;                           // MAX_SHARED_MEMORY_PER_BLOCK_OPTIN
        default: return CUDA_ERROR_INVALID_VALUE;
    }
    return CUDA_SUCCESS;
}

SOFTCUDA_API CUresult cuDeviceTotalMem_v2(size_t* bytes, CUdevice device) {
    SOFTCUDA_ENTER(cuDeviceTotalMem_v2, CUresult)
    if (!valid(device)) return CUDA_ERROR_INVALID_DEVICE;
    size_t free_bytes = 0;
    memory_info(device, &free_bytes, bytes);
    return CUDA_SUCCESS;
}

SOFTCUDA_API CUresult cuDevicePrimaryCtxRetain(Context** context, CUdevice device) {
    SOFTCUDA_ENTER(cuDevicePrimaryCtxRetain, CUresult)
    if (!initialized) return CUDA_ERROR_NOT_INITIALIZED;
    if (!valid(device)) return CUDA_ERROR_INVALID_DEVICE;
    std::lock_guard lock(context_mutex);
    if (primary[device].references++ == 0) primary[device].sticky = CUDA_SUCCESS;
    *context = &primary[device];
    return CUDA_SUCCESS;
}

SOFTCUDA_API CUresult cuDevicePrimaryCtxRelease_v2(CUdevice device) {
    SOFTCUDA_ENTER(cuDevicePrimaryCtxRelease_v2, CUresult)
    if (!valid(device)) return CUDA_ERROR_INVALID_DEVICE;
    drain(primary[device]);
    std::lock_guard lock(context_mutex);
    if (primary[device].references == 0) return CUDA_ERROR_INVALID_CONTEXT;
    --primary[device].references;
    return CUDA_SUCCESS;
}

SOFTCUDA_API CUresult cuCtxSetCurrent(Context* context) {
    SOFTCUDA_ENTER(cuCtxSetCurrent, CUresult)
    if (context != nullptr && context->references == 0) return CUDA_ERROR_INVALID_CONTEXT;
    current = context;
    return CUDA_SUCCESS;
}

SOFTCUDA_API CUresult cuCtxGetCurrent(Context** context) {
    SOFTCUDA_ENTER(cuCtxGetCurrent, CUresult)
    *context = current_context();
    return CUDA_SUCCESS;
}

SOFTCUDA_API CUresult cuCtxSynchronize() {
    Context* current = current_context();
    if (current != nullptr) drain(*current);  // even when a fault is asked for: it is the answer that fails then
    SOFTCUDA_ENTER(cuCtxSynchronize, CUresult)
    SOFTCUDA_CONTEXT(context);
    return refuse_in_capture(true);
}

// Not part of CUDA: forgets the error that made the device's context unusable; a GPU needs a new process for that.
SOFTCUDA_API void softcuda_forget_error(CUdevice device) {
    if (valid(device)) primary[device].sticky = CUDA_SUCCESS;
}
