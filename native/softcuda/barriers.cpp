// Dropping one barrier of one kernel on the check device: SOFTCUDA_DROP_BARRIER=kernel:n, or the exported setter.
#include "barriers.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>

namespace softcuda {
namespace {

std::map<std::string, BarrierRecord>& records() {
    static std::map<std::string, BarrierRecord> map;
    return map;
}

struct Drop {
    std::string kernel;
    size_t number = 0;  // from 1; 0 drops nothing
} drop;

bool set_drop(const char* text) {
    drop = {};
    if (text == nullptr || *text == '\0') return true;
    const char* colon = std::strrchr(text, ':');
    const long number = colon == nullptr ? 0 : std::strtol(colon + 1, nullptr, 10);
    if (number <= 0) return false;
    drop = {std::string(text, colon), size_t(number)};
    return true;
}
const bool set_by_environment = set_drop(std::getenv("SOFTCUDA_DROP_BARRIER"));

}  // namespace

BarrierRecord& barrier_record(const KernelEntry& kernel) { return records()[kernel.name]; }

void note_barrier(BarrierRecord& record, int site) {
    const auto place = std::lower_bound(record.sites.begin(), record.sites.end(), site);
    if (place == record.sites.end() || *place != site) record.sites.insert(place, site);
}

int dropped_barrier(const KernelEntry& kernel, const BarrierRecord& record) {
    const bool named = drop.number != 0 && drop.number <= record.sites.size() && drop.kernel == kernel.name;
    return named ? record.sites[drop.number - 1] : 0;
}

}  // namespace softcuda

using namespace softcuda;

// Not part of CUDA: drops the n-th barrier of a kernel from its next launch on, nothing for an empty text.
// Answers 0, or 1 when the text is not kernel:n.
SOFTCUDA_API int softcuda_set_drop_barrier(const char* text) {
    std::lock_guard lock(check_mutex());
    return set_drop(text) ? 0 : 1;
}

// Not part of CUDA: how many barriers of the kernel launches have reached so far; -1 for a kernel declared without barriers.
SOFTCUDA_API int softcuda_barrier_count(const char* kernel) {
    std::lock_guard lock(check_mutex());
    const KernelEntry* entry = kernel == nullptr ? nullptr : find_kernel(check_device, kernel);
    return entry == nullptr || !entry->uses_barriers ? -1 : int(barrier_record(*entry).sites.size());
}

// Not part of CUDA: how often the kernel has run on the check device.
SOFTCUDA_API long softcuda_launch_count(const char* kernel) {
    std::lock_guard lock(check_mutex());
    const KernelEntry* entry = kernel == nullptr ? nullptr : find_kernel(check_device, kernel);
    return entry == nullptr ? 0 : barrier_record(*entry).launches;
}
