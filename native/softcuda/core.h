// What the driver's files share: devices, contexts, allocations, the kernel registry, and how errors are numbered.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <random>
#include <string>
#include <vector>

#include "../include/softcuda_kernel.h"
#include "api.h"

using CUresult = int;
using CUdevice = int;
using CUdeviceptr = unsigned long long;

enum : CUresult {
    CUDA_SUCCESS = 0,
    CUDA_ERROR_INVALID_VALUE = 1,
    CUDA_ERROR_OUT_OF_MEMORY = 2,
    CUDA_ERROR_NOT_INITIALIZED = 3,
    CUDA_ERROR_INVALID_DEVICE = 101,
    CUDA_ERROR_INVALID_IMAGE = 200,
    CUDA_ERROR_INVALID_CONTEXT = 201,
    CUDA_ERROR_INVALID_HANDLE = 400,
    CUDA_ERROR_ILLEGAL_STATE = 401,
    CUDA_ERROR_NOT_FOUND = 500,
    CUDA_ERROR_NOT_READY = 600,
    CUDA_ERROR_ILLEGAL_ADDRESS = 700,
    CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES = 701,
    CUDA_ERROR_MISALIGNED_ADDRESS = 716,
    CUDA_ERROR_LAUNCH_FAILED = 719,
    CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED = 900,
    CUDA_ERROR_STREAM_CAPTURE_INVALIDATED = 901,
    CUDA_ERROR_STREAM_CAPTURE_MERGE = 902,
    CUDA_ERROR_STREAM_CAPTURE_UNMATCHED = 903,
    CUDA_ERROR_STREAM_CAPTURE_UNJOINED = 904,
    CUDA_ERROR_STREAM_CAPTURE_ISOLATION = 905,
    CUDA_ERROR_STREAM_CAPTURE_IMPLICIT = 906,
    CUDA_ERROR_CAPTURED_EVENT = 907,
    CUDA_ERROR_STREAM_CAPTURE_WRONG_THREAD = 908,
    CUDA_ERROR_UNKNOWN = 999,
};

namespace softcuda {

constexpr int fast_device = 0, check_device = 1, device_count = 2;

// What a kernel may use on sm_90 without opting in to more, and what every driver since CUDA 11 takes as parameters
// (CUDA 12.1 and later take 32764 bytes on sm_70 and up; no kernel here comes near).
constexpr size_t most_static_shared_bytes = 48 * 1024, most_parameter_bytes = 4096;

struct DeviceLimits {
    const char* name;
    int max_threads_per_block, max_threads_per_multiprocessor, multiprocessors, warp_size, max_shared_bytes;
};
const DeviceLimits& limits(int device);

struct Context {
    int device = 0;
    int references = 0;
    std::atomic<CUresult> sticky = CUDA_SUCCESS;  // a failed kernel leaves the context unusable, as on a GPU
};

// The context current on this thread, null when none is.
Context* current_context();

// Memory. Addresses are host addresses; the check device adds guard zones and poison, and closes its memory to the host.
CUresult allocate(int device, size_t bytes, void** address);
CUresult release(void* address);
void memory_info(int device, size_t* free_bytes, size_t* total_bytes);
bool is_allocated(int device, const void* address);
// The allocation of the check device that holds the address, of those that the running work may touch; 0 bytes when there is none.
struct AllocationRange {
    uintptr_t begin = 0;
    size_t bytes = 0;
};
AllocationRange open_allocation(const void* address);
// While one lives, its thread (which holds check_mutex()) can touch the check device's allocations that it has asked for with
// is_device_range or is_allocated.
class DeviceAccess {
public:
    DeviceAccess();
    ~DeviceAccess();
    DeviceAccess(const DeviceAccess&) = delete;
    DeviceAccess& operator=(const DeviceAccess&) = delete;
};
// For messages; null when no kernel runs.
void name_running_kernel(const char* name);
// Check device: false when a guard zone was written to; what names the kernel in the message.
bool guards_intact(const char* what);

const KernelEntry* find_kernel(int device, const std::string& name);
size_t kernel_count(int device);

// One piece of work at a time runs on the check device; recursive, because work may synchronise what is queued before it.
std::recursive_mutex& check_mutex();
std::mt19937_64& shuffle_engine();
// The check device's order of a grid's blocks.
std::vector<unsigned> shuffled_blocks(Dim3 grid);

// An error when a pointer argument lies in no allocation of the device, or not at a multiple of its elements' alignment.
CUresult check_pointers(int device, const KernelEntry& kernel, void** arguments);
// What fail_launch was told on this thread since it was last asked; null when nothing.
const char* take_launch_failure();
CUresult run_fast(const KernelEntry& kernel, Dim3 grid, Dim3 block, void** arguments);
CUresult run_checked(const KernelEntry& kernel, Dim3 grid, Dim3 block, void** arguments, size_t dynamic_shared_bytes = 0);

}  // namespace softcuda

// The calling thread's healthy context, or the error that stands in its place.
#define SOFTCUDA_CONTEXT(name)                                        \
    ::softcuda::Context* name = ::softcuda::current_context();        \
    if (name == nullptr) return CUDA_ERROR_INVALID_CONTEXT;           \
    if (name->sticky != CUDA_SUCCESS) return name->sticky
