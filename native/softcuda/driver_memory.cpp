// Driver API: memory and copies. Every device address must lie in a live allocation, as on a GPU. Host memory here is always
// pageable: a copy from it is staged when it is submitted; the target of a copy to it is poisoned until the copy has run.
#include <cstring>

#include "stream.h"

using namespace softcuda;

namespace {

void* host(CUdeviceptr address) { return reinterpret_cast<void*>(address); }

bool in_range(CUdeviceptr address, size_t bytes) { return is_device_range(host(address), bytes); }

// Checks the ranges again when the work runs: a graph may outlive the memory it was captured with.
template <typename Move>
CUresult move_bytes(Stream* stream, CUdeviceptr one, CUdeviceptr other, size_t bytes, bool host_memory, Move move) {
    SOFTCUDA_CONTEXT(context);
    if (!in_range(one, bytes) || !in_range(other, bytes)) return CUDA_ERROR_INVALID_VALUE;
    return submit(
        stream_of(*context, stream),
        [=] {
            if (!in_range(one, bytes) || !in_range(other, bytes)) return CUDA_ERROR_ILLEGAL_ADDRESS;
            if (bytes != 0) move();
            return CUDA_SUCCESS;
        },
        host_memory);
}

template <typename Write>
CUresult device_write(Stream* stream, CUdeviceptr address, size_t bytes, bool host_memory, Write write) {
    return move_bytes(stream, address, address, bytes, host_memory, write);
}

bool runs_at_once() { return current_context() != nullptr && current_context()->device == fast_device; }

CUresult host_to_device(Stream* stream, CUdeviceptr destination, const void* source, size_t bytes) {
    if (source == nullptr && bytes != 0) return CUDA_ERROR_INVALID_VALUE;
    if (runs_at_once()) {
        return device_write(stream, destination, bytes, true, [=] { std::memcpy(host(destination), source, bytes); });
    }
    const auto* begin = static_cast<const unsigned char*>(source);
    auto staged = std::make_shared<std::vector<unsigned char>>(begin, begin + bytes);
    return device_write(stream, destination, bytes, true, [=] { std::memcpy(host(destination), staged->data(), bytes); });
}

CUresult device_to_host(Stream* stream, void* destination, CUdeviceptr source, size_t bytes) {
    if (destination == nullptr && bytes != 0) return CUDA_ERROR_INVALID_VALUE;
    const CUresult result =
        device_write(stream, source, bytes, true, [=] { std::memcpy(destination, host(source), bytes); });
    if (result == CUDA_SUCCESS && bytes != 0 && !runs_at_once()) std::memset(destination, 0xFF, bytes);
    return result;
}

CUresult device_to_device(Stream* stream, CUdeviceptr destination, CUdeviceptr source, size_t bytes) {
    return move_bytes(stream, destination, source, bytes, false, [=] { std::memmove(host(destination), host(source), bytes); });
}

// The copies without a stream belong to the legacy stream and return when they are done.
CUresult finish_legacy(CUresult submitted) {
    if (submitted != CUDA_SUCCESS) return submitted;
    return drain(stream_of(*current_context(), nullptr));
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
    if (const CUresult refused = refuse_in_capture(); refused != CUDA_SUCCESS) return refused;
    void* memory = nullptr;
    const CUresult result = allocate(context->device, bytes, &memory);
    *address = reinterpret_cast<CUdeviceptr>(memory);
    return result;
}

// Waits for all work, as a GPU does; what that finds is told by the next synchronisation.
SOFTCUDA_API CUresult cuMemFree_v2(CUdeviceptr address) {
    SOFTCUDA_ENTER(cuMemFree_v2, CUresult)
    if (address == 0) return CUDA_SUCCESS;
    if (const CUresult refused = refuse_in_capture(); refused != CUDA_SUCCESS) return refused;
    if (current_context() != nullptr) drain(*current_context());
    return release(host(address));
}

SOFTCUDA_API CUresult cuMemcpyHtoD_v2(CUdeviceptr destination, const void* source, size_t bytes) {
    SOFTCUDA_ENTER(cuMemcpyHtoD_v2, CUresult)
    return finish_legacy(host_to_device(nullptr, destination, source, bytes));
}

SOFTCUDA_API CUresult cuMemcpyDtoH_v2(void* destination, CUdeviceptr source, size_t bytes) {
    SOFTCUDA_ENTER(cuMemcpyDtoH_v2, CUresult)
    return finish_legacy(device_to_host(nullptr, destination, source, bytes));
}

SOFTCUDA_API CUresult cuMemcpyDtoD_v2(CUdeviceptr destination, CUdeviceptr source, size_t bytes) {
    SOFTCUDA_ENTER(cuMemcpyDtoD_v2, CUresult)
    return finish_legacy(device_to_device(nullptr, destination, source, bytes));
}

SOFTCUDA_API CUresult cuMemcpyHtoDAsync_v2(CUdeviceptr destination, const void* source, size_t bytes, Stream* stream) {
    SOFTCUDA_ENTER(cuMemcpyHtoDAsync_v2, CUresult)
    return host_to_device(stream, destination, source, bytes);
}

SOFTCUDA_API CUresult cuMemcpyDtoHAsync_v2(void* destination, CUdeviceptr source, size_t bytes, Stream* stream) {
    SOFTCUDA_ENTER(cuMemcpyDtoHAsync_v2, CUresult)
    return device_to_host(stream, destination, source, bytes);
}

SOFTCUDA_API CUresult cuMemcpyDtoDAsync_v2(CUdeviceptr destination, CUdeviceptr source, size_t bytes, Stream* stream) {
    SOFTCUDA_ENTER(cuMemcpyDtoDAsync_v2, CUresult)
    return device_to_device(stream, destination, source, bytes);
}

SOFTCUDA_API CUresult cuMemsetD8Async(CUdeviceptr destination, unsigned char value, size_t count, Stream* stream) {
    SOFTCUDA_ENTER(cuMemsetD8Async, CUresult)
    return device_write(stream, destination, count, false, [=] { std::memset(host(destination), value, count); });
}

SOFTCUDA_API CUresult cuMemsetD32Async(CUdeviceptr destination, unsigned value, size_t count, Stream* stream) {
    SOFTCUDA_ENTER(cuMemsetD32Async, CUresult)
    if (destination % 4 != 0) return CUDA_ERROR_INVALID_VALUE;
    return device_write(stream, destination, count * 4, false, [=] {
        auto* words = static_cast<unsigned*>(host(destination));
        for (size_t i = 0; i < count; ++i) words[i] = value;
    });
}
