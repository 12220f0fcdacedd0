// Device memory: an address map with a limit. Linux hands out more memory than there is, so the limit is kept here. The check
// device's is guarded (guarded_memory.h); work opens the allocations it asks for.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <vector>

#include "core.h"
#include "guarded_memory.h"

namespace softcuda {
namespace {

constexpr size_t alignment = 512;

struct Allocation {
    size_t bytes;
    int device;
    bool open;     // check device: to the work that is running
    bool damaged;  // check device: work wrote to its guard zones
};

std::shared_mutex map_mutex;
std::map<uintptr_t, Allocation> allocations;
size_t used[device_count];

size_t machine_memory() {
    size_t bytes = size_t(sysconf(_SC_PHYS_PAGES)) * size_t(sysconf(_SC_PAGESIZE));
    for (const char* file : {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"}) {
        std::ifstream stream(file);
        size_t limit = 0;
        if (stream >> limit && limit > 0 && limit < bytes) bytes = limit;
    }
    return bytes;
}

// SOFTCUDA_MEMORY, in bytes; by default 80 % of what the machine or its cgroup has.
size_t memory_limit() {
    static const size_t limit = [] {
        const char* text = std::getenv("SOFTCUDA_MEMORY");
        const size_t asked = text != nullptr ? std::strtoull(text, nullptr, 10) : 0;
        return asked > 0 ? asked : machine_memory() / 5 * 4;
    }();
    return limit;
}

thread_local int accesses = 0;  // DeviceAccess of this thread
thread_local const char* kernel_name = nullptr;
std::vector<uintptr_t> opened;  // under check_mutex()

unsigned char* bytes_at(uintptr_t address) { return reinterpret_cast<unsigned char*>(address); }

std::map<uintptr_t, Allocation>::iterator containing(uintptr_t address) {
    auto next = allocations.upper_bound(address);
    if (next == allocations.begin()) return allocations.end();
    --next;
    return address < next->first + next->second.bytes ? next : allocations.end();
}

// Only one thread at a time has access to the check device.
void open(uintptr_t address, Allocation& allocation) {
    if (allocation.device != check_device || accesses == 0 || allocation.open) return;
    open_guarded(bytes_at(address), allocation.bytes);
    allocation.open = true;
    opened.push_back(address);
}

void close_all() {
    std::unique_lock lock(map_mutex);
    for (const uintptr_t address : opened) {
        const auto found = allocations.find(address);
        if (found == allocations.end() || !found->second.open) continue;
        if (!zones_intact(bytes_at(address), found->second.bytes)) found->second.damaged = true;
        close_guarded(bytes_at(address), found->second.bytes);
        found->second.open = false;
    }
    opened.clear();
}

// For the handler of a fault, which may come at any time: takes no lock that it would have to wait for.
bool describe_fault(const void* at, char* text, size_t size) {
    const std::shared_lock lock(map_mutex, std::try_to_lock);
    if (!lock) return false;
    for (const auto& [address, allocation] : allocations) {
        if (allocation.device != check_device || !is_in_pages(bytes_at(address), allocation.bytes, at)) continue;
        const auto offset = static_cast<long long>(reinterpret_cast<uintptr_t>(at) - address);
        const char* what = kernel_name != nullptr ? kernel_name : accesses > 0 ? "a library call" : "the host";
        const char* advice = accesses > 0 ? "None of its arguments names that allocation." : "Copy device memory with cuMemcpy.";
        std::snprintf(text, size, "softcuda: %s touched byte %lld of %zu bytes of device memory at %p. %s\n", what, offset,
                      allocation.bytes, reinterpret_cast<const void*>(address), advice);
        return true;
    }
    return false;
}

void* obtain(int device, size_t bytes) {
    if (device == check_device) {
        static const bool reports = (report_faults(describe_fault), true);
        return reports ? make_guarded(bytes) : nullptr;
    }
    void* memory = nullptr;  // not rounded up, so that a sanitizer knows where it ends
    return posix_memalign(&memory, alignment, bytes) == 0 ? memory : nullptr;
}

}  // namespace

CUresult allocate(int device, size_t bytes, void** address) {
    if (bytes == 0) return CUDA_ERROR_INVALID_VALUE;
    std::unique_lock lock(map_mutex);
    size_t total_used = 0;
    for (size_t u : used) total_used += u;
    if (bytes > memory_limit() || total_used > memory_limit() - bytes) return CUDA_ERROR_OUT_OF_MEMORY;
    void* memory = obtain(device, bytes);
    if (memory == nullptr) return CUDA_ERROR_OUT_OF_MEMORY;
    used[device] += bytes;
    *address = memory;
    allocations[reinterpret_cast<uintptr_t>(memory)] = {bytes, device, false, false};
    return CUDA_SUCCESS;
}

CUresult release(void* address) {
    std::unique_lock lock(map_mutex);
    const auto found = allocations.find(reinterpret_cast<uintptr_t>(address));
    if (found == allocations.end()) return CUDA_ERROR_INVALID_VALUE;
    const Allocation allocation = found->second;
    allocations.erase(found);
    used[allocation.device] -= allocation.bytes;
    if (allocation.device == check_device) drop_guarded(static_cast<unsigned char*>(address), allocation.bytes);
    else std::free(address);
    if (!allocation.damaged) return CUDA_SUCCESS;
    std::fprintf(stderr, "softcuda: guard zone of %zu bytes at %p was overwritten\n", allocation.bytes, address);
    return CUDA_ERROR_ILLEGAL_ADDRESS;
}

void memory_info(int device, size_t* free_bytes, size_t* total_bytes) {
    (void)device;
    std::shared_lock lock(map_mutex);
    size_t total_used = 0;
    for (size_t u : used) total_used += u;
    *total_bytes = memory_limit();
    *free_bytes = memory_limit() - total_used;
}

bool is_device_range(const void* pointer, size_t bytes) {
    if (bytes == 0) return true;
    const auto address = reinterpret_cast<uintptr_t>(pointer);
    std::shared_lock lock(map_mutex);
    const auto found = containing(address);
    if (found == allocations.end() || bytes > found->first + found->second.bytes - address) return false;
    open(found->first, found->second);
    return true;
}

bool is_allocated(int device, const void* address) {
    std::shared_lock lock(map_mutex);
    const auto found = containing(reinterpret_cast<uintptr_t>(address));
    if (found == allocations.end() || found->second.device != device) return false;
    open(found->first, found->second);
    return true;
}

AllocationRange open_allocation(const void* address) {
    std::shared_lock lock(map_mutex);
    const auto found = containing(reinterpret_cast<uintptr_t>(address));
    if (found == allocations.end() || found->second.device != check_device || !found->second.open) return {};
    return {found->first, found->second.bytes};
}

// What is closed nobody can have written to.
bool guards_intact(const char* what) {
    std::shared_lock lock(map_mutex);
    for (const uintptr_t address : opened) {
        const auto found = allocations.find(address);
        if (found == allocations.end() || !found->second.open || zones_intact(bytes_at(address), found->second.bytes)) continue;
        std::fprintf(stderr, "softcuda: %s wrote outside the %zu bytes at %p\n", what, found->second.bytes,
                     reinterpret_cast<const void*>(address));
        return false;
    }
    return true;
}

DeviceAccess::DeviceAccess() { ++accesses; }

DeviceAccess::~DeviceAccess() {
    if (--accesses == 0) close_all();
}

void name_running_kernel(const char* name) { kernel_name = name; }

}  // namespace softcuda
