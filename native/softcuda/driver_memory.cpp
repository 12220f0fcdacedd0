// Driver API: memory and copies. Every device address must lie in a live allocation, as on a GPU.
#include <cstring>

#include "core.h"

using namespace softcuda;

namespace {

void* host(CUdeviceptr address) { return reinterpret_cast<void*>(address); }

template <typename Write>
CUresult device_write(CUdeviceptr destination, size_t bytes, Write&& write) {
    SOFTCUDA_CONTEXT(context);
    if (!is_device_range(host(destination), bytes)) return CUDA_ERROR_INVALID_VALUE;
    write();
    return CUDA_SUCCESS;
}

CUresult host_to_device(CUdeviceptr destination, const void* source, size_t bytes) {
    if (source == nullptr && bytes != 0) return CUDA_ERROR_INVALID_VALUE;
    return device_write(destination, bytes, [&] { if (bytes != 0) std::memcpy(host(destination), source, bytes); });
}

CUresult device_to_host(void* destination, CUdeviceptr source, size_t bytes) {
    if (destination == nullptr && bytes != 0) return CUDA_ERROR_INVALID_VALUE;
    return device_write(source, bytes, [&] { if (bytes != 0) std::memcpy(destination, host(source), bytes); });
}

CUresult device_to_device(CUdeviceptr destination, CUdeviceptr source, size_t bytes) {
    if (!is_device_range(host(source), bytes)) return CUDA_ERROR_INVALID_VALUE;
    return device_write(destination, bytes, [&] { if (bytes != 0) std::memmove(host(destination), host(source), bytes); });
}

}  // namespace

SOFTCUDA_API CUresult cuMemGetInfo_v2(size_t* free_bytes, size_t* total_bytes) {
    SOFTCUDA_ENTER(cuMemGetInfo_v2, CUresult)
    SOFTCUDA_CONTEXT(context);
    memory_info(context->device, free_bytes, total_bytes);
    return CUDA_SUCCESS;
}

SOFTCUDA_API CUresult cuMemAlloc_v2(CUdeviceptr* address, size_t bytes) {
    SOFTCUDA_ENTER(cuMemAlloc_v2, CUresult)
    SOFTCUDA_CONTEXT(context);
    void* memory = nullptr;
    const CUresult result = allocate(context->device, bytes, &memory);
    *address = reinterpret_cast<CUdeviceptr>(memory);
    return result;
}

SOFTCUDA_API CUresult cuMemFree_v2(CUdeviceptr address) {
    SOFTCUDA_ENTER(cuMemFree_v2, CUresult)
    if (address == 0) return CUDA_SUCCESS;
    return release(host(address));
}

SOFTCUDA_API CUresult cuMemcpyHtoD_v2(CUdeviceptr destination, const void* source, size_t bytes) {
    SOFTCUDA_ENTER(cuMemcpyHtoD_v2, CUresult)
    return host_to_device(destination, source, bytes);
}

SOFTCUDA_API CUresult cuMemcpyDtoH_v2(void* destination, CUdeviceptr source, size_t bytes) {
    SOFTCUDA_ENTER(cuMemcpyDtoH_v2, CUresult)
    return device_to_host(destination, source, bytes);
}

SOFTCUDA_API CUresult cuMemcpyDtoD_v2(CUdeviceptr destination, CUdeviceptr source, size_t bytes) {
    SOFTCUDA_ENTER(cuMemcpyDtoD_v2, CUresult)
    return device_to_device(destination, source, bytes);
}

SOFTCUDA_API CUresult cuMemcpyHtoDAsync_v2(CUdeviceptr destination, const void* source, size_t bytes, void* stream) {
    SOFTCUDA_ENTER(cuMemcpyHtoDAsync_v2, CUresult)
    (void)stream;
    return host_to_device(destination, source, bytes);
}

SOFTCUDA_API CUresult cuMemcpyDtoHAsync_v2(void* destination, CUdeviceptr source, size_t bytes, void* stream) {
    SOFTCUDA_ENTER(cuMemcpyDtoHAsync_v2, CUresult)
    (void)stream;
    return device_to_host(destination, source, bytes);
}

SOFTCUDA_API CUresult cuMemcpyDtoDAsync_v2(CUdeviceptr destination, CUdeviceptr source, size_t bytes, void* stream) {
    SOFTCUDA_ENTER(cuMemcpyDtoDAsync_v2, CUresult)
    (void)stream;
    return device_to_device(destination, source, bytes);
}

SOFTCUDA_API CUresult cuMemsetD8Async(CUdeviceptr destination, unsigned char value, size_t count, void* stream) {
    SOFTCUDA_ENTER(cuMemsetD8Async, CUresult)
    (void)stream;
    return device_write(destination, count, [&] { if (count != 0) std::memset(host(destination), value, count); });
}

SOFTCUDA_API CUresult cuMemsetD32Async(CUdeviceptr destination, unsigned value, size_t count, void* stream) {
    SOFTCUDA_ENTER(cuMemsetD32Async, CUresult)
    (void)stream;
    if (destination % 4 != 0) return CUDA_ERROR_INVALID_VALUE;
    return device_write(destination, count * 4, [&] {
        auto* words = static_cast<unsigned*>(host(destination));
        for (size_t i = 0; i < count; ++i) words[i] = value;
    });
}
