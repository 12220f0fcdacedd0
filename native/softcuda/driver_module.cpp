// Driver API: modules, functions, launches, error texts. A module image is the text SOFTCUDA-KERNELS and stands for the
// kernels compiled into this library.
#include <cstddef>
#include <cstring>
#include <map>
#include <shared_mutex>
#include <vector>

#include "stream.h"

using namespace softcuda;

namespace {

constexpr int max_dynamic_shared_bytes = 8;  // the only attribute of a function that can be set
constexpr char image_text[] = "SOFTCUDA-KERNELS";

struct Module {
    Context* context;
};

struct Error {
    CUresult code;
    const char* name;
    const char* text;
};

constexpr Error errors[] = {
    {CUDA_SUCCESS, "CUDA_SUCCESS", "no error"},
    {CUDA_ERROR_INVALID_VALUE, "CUDA_ERROR_INVALID_VALUE", "invalid argument"},
    {CUDA_ERROR_OUT_OF_MEMORY, "CUDA_ERROR_OUT_OF_MEMORY", "out of memory"},
    {CUDA_ERROR_NOT_INITIALIZED, "CUDA_ERROR_NOT_INITIALIZED", "initialization error"},
    {CUDA_ERROR_INVALID_DEVICE, "CUDA_ERROR_INVALID_DEVICE", "invalid device ordinal"},
    {CUDA_ERROR_INVALID_IMAGE, "CUDA_ERROR_INVALID_IMAGE", "device kernel image is invalid"},
    {CUDA_ERROR_INVALID_CONTEXT, "CUDA_ERROR_INVALID_CONTEXT", "invalid device context"},
    {CUDA_ERROR_INVALID_HANDLE, "CUDA_ERROR_INVALID_HANDLE", "invalid resource handle"},
    {CUDA_ERROR_ILLEGAL_STATE, "CUDA_ERROR_ILLEGAL_STATE", "the operation cannot be performed in the present state"},
    {CUDA_ERROR_NOT_FOUND, "CUDA_ERROR_NOT_FOUND", "named symbol not found"},
    {CUDA_ERROR_NOT_READY, "CUDA_ERROR_NOT_READY", "device not ready"},
    {CUDA_ERROR_ILLEGAL_ADDRESS, "CUDA_ERROR_ILLEGAL_ADDRESS", "an illegal memory access was encountered"},
    {CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES, "CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES", "too many resources requested for launch"},
    {CUDA_ERROR_MISALIGNED_ADDRESS, "CUDA_ERROR_MISALIGNED_ADDRESS", "misaligned address"},
    {CUDA_ERROR_LAUNCH_FAILED, "CUDA_ERROR_LAUNCH_FAILED", "unspecified launch failure"},
    {CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED, "CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED",
     "operation not permitted when stream is capturing"},
    {CUDA_ERROR_STREAM_CAPTURE_INVALIDATED, "CUDA_ERROR_STREAM_CAPTURE_INVALIDATED",
     "operation failed due to a previous error during capture"},
    {CUDA_ERROR_STREAM_CAPTURE_MERGE, "CUDA_ERROR_STREAM_CAPTURE_MERGE",
     "operation would result in a merge of separate capture sequences"},
    {CUDA_ERROR_STREAM_CAPTURE_UNMATCHED, "CUDA_ERROR_STREAM_CAPTURE_UNMATCHED",
     "capture was not ended in the same stream as it began"},
    {CUDA_ERROR_STREAM_CAPTURE_UNJOINED, "CUDA_ERROR_STREAM_CAPTURE_UNJOINED",
     "capturing stream has unjoined work"},
    {CUDA_ERROR_STREAM_CAPTURE_ISOLATION, "CUDA_ERROR_STREAM_CAPTURE_ISOLATION",
     "dependency created on uncaptured work in another stream"},
    {CUDA_ERROR_STREAM_CAPTURE_IMPLICIT, "CUDA_ERROR_STREAM_CAPTURE_IMPLICIT",
     "operation would make the legacy stream depend on a capturing stream"},
    {CUDA_ERROR_CAPTURED_EVENT, "CUDA_ERROR_CAPTURED_EVENT", "operation not permitted on an event last recorded in a capturing stream"},
    {CUDA_ERROR_STREAM_CAPTURE_WRONG_THREAD, "CUDA_ERROR_STREAM_CAPTURE_WRONG_THREAD",
     "attempt to terminate a thread-local capture sequence from another thread"},
    {CUDA_ERROR_UNKNOWN, "CUDA_ERROR_UNKNOWN", "unknown error"},
};

const Error* find_error(CUresult code) {
    for (const Error& error : errors) {
        if (error.code == code) return &error;
    }
    return nullptr;
}

// Dynamic shared memory that kernels may ask for, where cuFuncSetAttribute has said how much; 48 KiB otherwise.
std::shared_mutex allowed_mutex;
std::map<const KernelEntry*, int> allowed_shared_bytes;

int allowed_shared(const KernelEntry* kernel) {
    const std::shared_lock lock(allowed_mutex);
    const auto found = allowed_shared_bytes.find(kernel);
    return found == allowed_shared_bytes.end() ? int(most_static_shared_bytes) : found->second;
}

CUresult check_shape(int device, const KernelEntry* kernel, Dim3 grid, Dim3 block, unsigned shared_bytes) {
    const DeviceLimits& l = limits(device);
    if (grid.x == 0 || grid.y == 0 || grid.z == 0 || block.x == 0 || block.y == 0 || block.z == 0) return CUDA_ERROR_INVALID_VALUE;
    if (grid.x > 2147483647u || grid.y > 65535 || grid.z > 65535 || block.z > 64) return CUDA_ERROR_INVALID_VALUE;
    if (uint64_t(block.x) * block.y * block.z > uint64_t(l.max_threads_per_block)) return CUDA_ERROR_INVALID_VALUE;
    return shared_bytes <= unsigned(allowed_shared(kernel)) ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
}

// nvcc refuses more when it compiles ("formal parameter space overflowed"), so that no real driver sees such a kernel.
// As the device lays parameters out: each at a multiple of its size's largest power of two, at most 8.
bool parameters_fit(const KernelEntry& kernel) {
    size_t bytes = 0;
    for (int i = 0; i < kernel.parameter_count; ++i) {
        const size_t size = kernel.parameters[i].size, alignment = size % 8 == 0 ? 8 : size % 4 == 0 ? 4 : 1;
        bytes = (bytes + alignment - 1) / alignment * alignment + size;
    }
    return bytes <= most_parameter_bytes;
}

// A launch with its arguments copied by their registered sizes: the caller's may be gone when it runs.
class Launch {
public:
    Launch(const KernelEntry& kernel, Dim3 grid, Dim3 block, unsigned shared_bytes, void** arguments)
        : kernel_(&kernel), grid_(grid), block_(block), shared_bytes_(shared_bytes), device_(current_context()->device) {
        for (int i = 0; i < kernel.parameter_count; ++i) {
            const size_t size = kernel.parameters[i].size;
            values_.emplace_back((size + sizeof(Unit) - 1) / sizeof(Unit));
            std::memcpy(values_.back().data(), arguments[i], size);
        }
    }

    CUresult run() const {
        std::vector<void*> arguments;
        for (const auto& value : values_) arguments.push_back(const_cast<Unit*>(value.data()));
        const CUresult pointers = check_pointers(device_, *kernel_, arguments.data());
        if (pointers != CUDA_SUCCESS) return pointers;
        if (device_ == fast_device) return run_fast(*kernel_, grid_, block_, arguments.data());
        return run_checked(*kernel_, grid_, block_, arguments.data(), shared_bytes_);
    }

private:
    using Unit = std::max_align_t;
    const KernelEntry* kernel_;
    Dim3 grid_, block_;
    unsigned shared_bytes_;
    int device_;
    std::vector<std::vector<Unit>> values_;
};

}  // namespace

SOFTCUDA_API CUresult cuModuleLoadDataEx(Module** module, const void* image, unsigned options, int* names, void** values) {
    SOFTCUDA_ENTER(cuModuleLoadDataEx, CUresult)
    (void)options, (void)names, (void)values;
    SOFTCUDA_CONTEXT(context);
    if (image == nullptr || std::memcmp(image, image_text, sizeof image_text) != 0) return CUDA_ERROR_INVALID_IMAGE;
    *module = new Module{context};
    return CUDA_SUCCESS;
}

SOFTCUDA_API CUresult cuModuleUnload(Module* module) {
    SOFTCUDA_ENTER(cuModuleUnload, CUresult)
    if (module == nullptr) return CUDA_ERROR_INVALID_HANDLE;
    drain(*module->context);
    delete module;
    return CUDA_SUCCESS;
}

SOFTCUDA_API CUresult cuModuleGetFunction(const KernelEntry** function, Module* module, const char* name) {
    SOFTCUDA_ENTER(cuModuleGetFunction, CUresult)
    if (module == nullptr || name == nullptr) return CUDA_ERROR_INVALID_HANDLE;
    *function = find_kernel(module->context->device, name);
    return *function == nullptr ? CUDA_ERROR_NOT_FOUND : CUDA_SUCCESS;
}

SOFTCUDA_API CUresult cuFuncGetAttribute(int* value, int attribute, const KernelEntry* function) {
    SOFTCUDA_ENTER(cuFuncGetAttribute, CUresult)
    SOFTCUDA_CONTEXT(context);
    if (function == nullptr) return CUDA_ERROR_INVALID_HANDLE;
    if (attribute < 0 || attribute > 9) return CUDA_ERROR_INVALID_VALUE;
    *value = attribute == 0 ? limits(context->device).max_threads_per_block : 0;  // MAX_THREADS_PER_BLOCK
    if (attribute == max_dynamic_shared_bytes) *value = allowed_shared(function);
    return CUDA_SUCCESS;
}

SOFTCUDA_API CUresult cuFuncSetAttribute(const KernelEntry* function, int attribute, int value) {
    SOFTCUDA_ENTER(cuFuncSetAttribute, CUresult)
    SOFTCUDA_CONTEXT(context);
    if (function == nullptr) return CUDA_ERROR_INVALID_HANDLE;
    if (attribute != max_dynamic_shared_bytes) return CUDA_ERROR_INVALID_VALUE;
    if (value < 0 || value > limits(context->device).max_shared_bytes) return CUDA_ERROR_INVALID_VALUE;
    const std::unique_lock lock(allowed_mutex);
    allowed_shared_bytes[function] = value;
    return CUDA_SUCCESS;
}

SOFTCUDA_API CUresult cuOccupancyMaxActiveBlocksPerMultiprocessor(
    int* blocks, const KernelEntry* function, int block_size, size_t dynamic_shared_bytes) {
    SOFTCUDA_ENTER(cuOccupancyMaxActiveBlocksPerMultiprocessor, CUresult)
    SOFTCUDA_CONTEXT(context);
    if (function == nullptr) return CUDA_ERROR_INVALID_HANDLE;
    const DeviceLimits& l = limits(context->device);
    if (blocks == nullptr || block_size <= 0) return CUDA_ERROR_INVALID_VALUE;
    const bool fits = block_size <= l.max_threads_per_block && dynamic_shared_bytes <= size_t(l.max_shared_bytes);
    *blocks = fits ? l.max_threads_per_multiprocessor / block_size : 0;
    return CUDA_SUCCESS;
}

SOFTCUDA_API CUresult cuLaunchKernel(const KernelEntry* function, unsigned grid_x, unsigned grid_y, unsigned grid_z,
                                     unsigned block_x, unsigned block_y, unsigned block_z, unsigned shared_bytes,
                                     Stream* stream, void** arguments, void** extra) {
    SOFTCUDA_ENTER(cuLaunchKernel, CUresult)
    SOFTCUDA_CONTEXT(context);
    if (function == nullptr || extra != nullptr) return CUDA_ERROR_INVALID_VALUE;
    if (arguments == nullptr && function->parameter_count != 0) return CUDA_ERROR_INVALID_VALUE;
    if (!parameters_fit(*function)) return CUDA_ERROR_INVALID_VALUE;
    const Dim3 grid{grid_x, grid_y, grid_z}, block{block_x, block_y, block_z};
    if (const CUresult shape = check_shape(context->device, function, grid, block, shared_bytes); shape != CUDA_SUCCESS) return shape;
    Stream& queue = stream_of(*context, stream);
    // On the fast device an uncaptured launch runs before it returns and needs no copy of its arguments.
    if (stream != nullptr && queue.capture == nullptr && context->device == fast_device) {
        return run_fast(*function, grid, block, arguments);
    }
    return submit(queue, [launch = Launch(*function, grid, block, shared_bytes, arguments)] { return launch.run(); });
}

// What cuda.h calls CUlaunchConfig and CUlaunchAttribute.
struct LaunchAttribute {
    int id;
    char pad[4];
    union {
        char bytes[64];
        int allowed;
    } value;
};
struct LaunchConfig {
    unsigned grid_x, grid_y, grid_z, block_x, block_y, block_z, shared_bytes;
    Stream* stream;
    const LaunchAttribute* attributes;
    unsigned attribute_count;
};
static_assert(sizeof(LaunchAttribute) == 72 && sizeof(LaunchConfig) == 56, "as cuda.h lays them out");

// Programmatic stream serialization is a permission to begin early, which need not be used: here launches follow one another.
SOFTCUDA_API CUresult cuLaunchKernelEx(const LaunchConfig* config, const KernelEntry* function, void** arguments, void** extra) {
    SOFTCUDA_ENTER(cuLaunchKernelEx, CUresult)
    constexpr int programmatic_stream_serialization = 6;
    if (config == nullptr || (config->attributes == nullptr && config->attribute_count != 0)) return CUDA_ERROR_INVALID_VALUE;
    for (unsigned i = 0; i < config->attribute_count; ++i) {
        const LaunchAttribute& attribute = config->attributes[i];
        if (attribute.id != programmatic_stream_serialization || (attribute.value.allowed & ~1) != 0) return CUDA_ERROR_INVALID_VALUE;
    }
    return cuLaunchKernel(function, config->grid_x, config->grid_y, config->grid_z, config->block_x, config->block_y, config->block_z,
                          config->shared_bytes, config->stream, arguments, extra);
}

SOFTCUDA_API CUresult cuGetErrorName(CUresult code, const char** text) {
    const Error* error = find_error(code);
    *text = error == nullptr ? nullptr : error->name;
    return error == nullptr ? CUDA_ERROR_INVALID_VALUE : CUDA_SUCCESS;
}

SOFTCUDA_API CUresult cuGetErrorString(CUresult code, const char** text) {
    const Error* error = find_error(code);
    *text = error == nullptr ? nullptr : error->text;
    return error == nullptr ? CUDA_ERROR_INVALID_VALUE : CUDA_SUCCESS;
}
