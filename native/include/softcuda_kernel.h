// What a kernel sees when it is compiled for softcuda: the built-in variables, shared memory, the barrier, and the
// registration of its name, parameters and entry. The scheduler in softcuda/ is the other side of this header.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace softcuda {

struct Dim3 {
    unsigned x, y, z;
};

// Where the running thread stands. On the fast device thread is always 0 and block_size 1.
struct Position {
    Dim3 thread, block, block_size, grid;
};
extern thread_local Position position;

struct Parameter {
    size_t size;
    bool is_pointer;
    size_t alignment;  // of a pointer's target
};

template <typename T>
constexpr Parameter describe_parameter() {
    using Target = std::remove_pointer_t<T>;
    if constexpr (std::is_pointer_v<T> && !std::is_void_v<Target>) return {sizeof(T), true, alignof(Target)};
    else return {sizeof(T), std::is_pointer_v<T>, 1};
}

struct KernelEntry {
    const char* name;
    void (*run)(void** arguments);
    const Parameter* parameters;
    int parameter_count;
    bool uses_barriers;
};

void register_kernel(int device, const KernelEntry& entry);

// Check device only: memory shared by the threads of the running block, and the wait at a barrier.
void* shared_memory(size_t bytes, size_t alignment);
// Check device only: what the launch asked for, aligned to 16 bytes.
unsigned char* dynamic_shared_memory();
// A site is a place in the source: one number per __syncthreads, rising in source order.
void barrier(int site);

// Check device only: the running thread's copies to shared memory, of async_copy.cuh.
void begin_copy(void* shared, const void* global, size_t bytes, bool exists);
void commit_copies();
void wait_for_copies(int under_way);

// Fails the running launch, which then answers CUDA_ERROR_LAUNCH_FAILED, and says why on standard error; false.
bool fail_launch(const char* reason);

template <typename T>
T* shared_array(size_t count) {
    return static_cast<T*>(shared_memory(count * sizeof(T), 16));  // as SHARED is on a GPU
}

template <auto Function>
struct Launcher;

template <typename... Arguments, void (*Function)(Arguments...)>
struct Launcher<Function> {
    static constexpr Parameter parameters[] = {describe_parameter<Arguments>()...};

    static void run(void** arguments) { run(arguments, std::index_sequence_for<Arguments...>{}); }

    template <size_t... Index>
    static void run(void** arguments, std::index_sequence<Index...>) {
        Function(*static_cast<std::remove_reference_t<Arguments>*>(arguments[Index])...);
    }

    static KernelEntry entry(const char* name, bool uses_barriers) {
        return {name, &run, parameters, int(sizeof...(Arguments)), uses_barriers};
    }
};

struct Registration {
    Registration(int device, const KernelEntry& entry) { register_kernel(device, entry); }
};

}  // namespace softcuda

#define SOFTCUDA_KERNEL(name, arguments, barriers)                                              \
    static void name arguments;                                                                 \
    static const ::softcuda::Registration name##_registration(                                  \
        SOFTCUDA_DEVICE, ::softcuda::Launcher<&name>::entry(#name, barriers));                  \
    static void name arguments

#define blockIdx (::softcuda::position.block)
#define gridDim (::softcuda::position.grid)
#if SOFTCUDA_DEVICE == 0
static constexpr ::softcuda::Dim3 threadIdx{0, 0, 0}, blockDim{1, 1, 1};
#define SHARED(type, name, count) type name[count]
#define __syncthreads() ((void)0)
#else
#define threadIdx (::softcuda::position.thread)
#define blockDim (::softcuda::position.block_size)
#define SHARED(type, name, count) type* name = ::softcuda::shared_array<type>(count)
#define DYNAMIC_SHARED(name) unsigned char* name = ::softcuda::dynamic_shared_memory()
#define __syncthreads() ::softcuda::barrier(__COUNTER__ + 1)
#endif
#include "warp_check.h"
