// Device memory: an address map with a limit. Linux hands out more memory than there is, so the limit is kept here.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <string>

#include "address_sanitizer.h"
#include "core.h"

namespace softcuda {
namespace {

constexpr size_t alignment = 512, guard_bytes = 512;
constexpr unsigned char guard_byte = 0xA7;

struct Allocation {
    size_t bytes;
    int device;
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

std::map<uintptr_t, Allocation>::const_iterator containing(uintptr_t address) {
    auto next = allocations.upper_bound(address);
    if (next == allocations.begin()) return allocations.end();
    --next;
    return address < next->first + next->second.bytes ? next : allocations.end();
}

size_t guard_size(int device) { return device == check_device ? guard_bytes : 0; }

void make_zone(unsigned char* zone) {
    std::memset(zone, guard_byte, guard_bytes);
    forbid(zone, guard_bytes);
}

// Check device: fresh memory reads as a quiet NaN in every float type, and the zones around it as guard bytes.
void poison(unsigned char* base, size_t bytes) {
    std::memset(base + guard_bytes, 0xFF, bytes);
    make_zone(base);
    make_zone(base + guard_bytes + bytes);
}

SOFTCUDA_UNSANITIZED bool zone_intact(const unsigned char* zone) {
    for (size_t i = 0; i < guard_bytes; ++i) {
        if (zone[i] != guard_byte) return false;
    }
    return true;
}

bool intact(uintptr_t address, const Allocation& allocation) {
    const auto* data = reinterpret_cast<const unsigned char*>(address);
    return zone_intact(data - guard_bytes) && zone_intact(data + allocation.bytes);
}

}  // namespace

CUresult allocate(int device, size_t bytes, void** address) {
    if (bytes == 0) return CUDA_ERROR_INVALID_VALUE;
    std::unique_lock lock(map_mutex);
    size_t total_used = 0;
    for (size_t u : used) total_used += u;
    if (bytes > memory_limit() || total_used > memory_limit() - bytes) return CUDA_ERROR_OUT_OF_MEMORY;
    const size_t guard = guard_size(device);
    void* block = nullptr;
    // Not rounded up, so that a sanitizer knows where it ends.
    if (posix_memalign(&block, alignment, bytes + 2 * guard) != 0) return CUDA_ERROR_OUT_OF_MEMORY;
    auto* base = static_cast<unsigned char*>(block);
    if (guard != 0) poison(base, bytes);
    used[device] += bytes;
    *address = base + guard;
    allocations[reinterpret_cast<uintptr_t>(*address)] = {bytes, device};
    return CUDA_SUCCESS;
}

CUresult release(void* address) {
    std::unique_lock lock(map_mutex);
    const auto found = allocations.find(reinterpret_cast<uintptr_t>(address));
    if (found == allocations.end()) return CUDA_ERROR_INVALID_VALUE;
    const Allocation allocation = found->second;
    const bool whole = allocation.device != check_device || intact(found->first, allocation);
    allocations.erase(found);
    used[allocation.device] -= allocation.bytes;
    std::free(static_cast<unsigned char*>(address) - guard_size(allocation.device));
    if (whole) return CUDA_SUCCESS;
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
    return found != allocations.end() && bytes <= found->first + found->second.bytes - address;
}

bool is_allocated(int device, const void* address) {
    std::shared_lock lock(map_mutex);
    const auto found = containing(reinterpret_cast<uintptr_t>(address));
    return found != allocations.end() && found->second.device == device;
}

bool guards_intact(const char* what) {
    std::shared_lock lock(map_mutex);
    for (const auto& [address, allocation] : allocations) {
        if (allocation.device != check_device || intact(address, allocation)) continue;
        std::fprintf(stderr, "softcuda: %s wrote outside the %zu bytes at %p\n", what, allocation.bytes,
                     reinterpret_cast<const void*>(address));
        return false;
    }
    return true;
}

}  // namespace softcuda
