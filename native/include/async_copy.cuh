// Copies from global to shared memory that go on while the thread computes: cp.async (sm_80 and newer; PTX ISA, "Data Movement and
// Conversion Instructions: cp.async"). A thread commits the copies it has begun as a group and waits until at most so many of its
// groups are under way; a barrier then shows their data to the other threads. GPUs before sm_80 copy at once. The check device
// destroys the target when a copy begins and fills it when its thread waits, so that data used too early are not numbers.
#pragma once

#include "device.cuh"

#if CUDA_DEVICE && (!defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 800)

DEVICE unsigned shared_address(const void* shared) { return unsigned(__cvta_generic_to_shared(shared)); }

// Four bytes, through the first-level cache; zeros where nothing exists at the source, which is then not read.
DEVICE void async_copy_4(float* shared, const float* global, bool exists) {
    asm volatile("cp.async.ca.shared.global [%0], [%1], 4, %2;" ::"r"(shared_address(shared)), "l"(global), "r"(exists ? 4 : 0) : "memory");
}
// Sixteen bytes, aligned on both sides, past the first-level cache.
DEVICE void async_copy_16(void* shared, const void* global, bool exists) {
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(shared_address(shared)), "l"(global), "r"(exists ? 16 : 0) : "memory");
}
DEVICE void commit_copies() { asm volatile("cp.async.commit_group;" ::: "memory"); }
template <int UnderWay>
DEVICE void wait_for_copies() { asm volatile("cp.async.wait_group %0;" ::"n"(UnderWay) : "memory"); }

#elif CUDA_DEVICE

DEVICE void async_copy_4(float* shared, const float* global, bool exists) { *shared = exists ? *global : 0.0f; }
DEVICE void async_copy_16(void* shared, const void* global, bool exists) {
    struct alignas(16) Sixteen {
        float v[4];
    };
    *static_cast<Sixteen*>(shared) = exists ? *static_cast<const Sixteen*>(global) : Sixteen{};
}
DEVICE void commit_copies() {}
template <int UnderWay>
DEVICE void wait_for_copies() {}

#elif !FAST_HOST

DEVICE void async_copy_4(float* shared, const float* global, bool exists) { ::softcuda::begin_copy(shared, global, 4, exists); }
DEVICE void async_copy_16(void* shared, const void* global, bool exists) { ::softcuda::begin_copy(shared, global, 16, exists); }
DEVICE void commit_copies() { ::softcuda::commit_copies(); }
template <int UnderWay>
DEVICE void wait_for_copies() { ::softcuda::wait_for_copies(UnderWay); }

#endif
