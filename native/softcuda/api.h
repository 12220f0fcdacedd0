// What every file of softcuda shares: the export macro, the entry hook, and what the other files may ask of the core.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>

#define SOFTCUDA_API extern "C" __attribute__((visibility("default")))

// First line of every exported function: a fault requested for this call (SOFTCUDA_FAIL=name:n) is its result.
#define SOFTCUDA_ENTER(name, status_type)                                              \
    static ::softcuda::EntryPoint softcuda_entry(#name);                               \
    if (int softcuda_fault = ::softcuda::enter(softcuda_entry); softcuda_fault != 0) { \
        return static_cast<status_type>(softcuda_fault);                               \
    }

namespace softcuda {

// One exported function, known from its first call on.
struct EntryPoint {
    explicit EntryPoint(const char* name);

    const char* name;
    std::atomic<long> calls{0};
};

// Counts the call and answers the injected status, 0 when none was asked for.
int enter(EntryPoint& function);

// True when [pointer, pointer + bytes) lies inside one live device allocation (zero bytes are always inside).
bool is_device_range(const void* pointer, size_t bytes);

// Workers of device 0: one per core this process may use.
int worker_count();

// Calls body(i) for i in [0, count), spread over the workers; nested calls run in place.
// The split over workers never influences a result: body(i) must not depend on which worker runs it.
void parallel_for(int64_t count, void (*body)(int64_t index, void* state), void* state);

template <typename Body>
void parallel_for(int64_t count, Body&& body) {
    parallel_for(
        count, [](int64_t index, void* state) { (*static_cast<Body*>(state))(index); },
        const_cast<void*>(static_cast<const void*>(&body)));
}

// Work of cuBLAS and cuSOLVER on the stream set for a handle (null: the legacy stream): run, queued or captured like a
// launch. The work answers false when an address of it is not on the device. True when it was taken (and done, if run here).
enum class Waits { no, for_result, uses_host_memory };
bool submit_library(void* stream, Waits waits, std::function<bool()> work);

}  // namespace softcuda
