// The kernels compiled into this library, one set per device, registered while the library loads.
#include <map>

#include "core.h"

namespace softcuda {

static std::map<std::string, KernelEntry>& kernels(int device) {
    static std::map<std::string, KernelEntry> sets[device_count];
    return sets[device];
}

void register_kernel(int device, const KernelEntry& entry) { kernels(device)[entry.name] = entry; }

const KernelEntry* find_kernel(int device, const std::string& name) {
    const auto found = kernels(device).find(name);
    return found == kernels(device).end() ? nullptr : &found->second;
}

size_t kernel_count(int device) { return kernels(device).size(); }

}  // namespace softcuda

// Not part of CUDA: the i-th kernel name in alphabetical order, null past the end; tests hold it against the op table.
SOFTCUDA_API const char* softcuda_kernel_name(int device, int index) {
    if (device < 0 || device >= softcuda::device_count || index < 0) return nullptr;
    const auto& set = softcuda::kernels(device);
    if (size_t(index) >= set.size()) return nullptr;
    auto entry = set.begin();
    std::advance(entry, index);
    return entry->second.name;
}

// Not part of CUDA: size and kind of a kernel's parameter; 0, or 1 when there is no such kernel or parameter.
SOFTCUDA_API int softcuda_kernel_parameter(int device, const char* kernel, int index, size_t* size, int* is_pointer) {
    if (device < 0 || device >= softcuda::device_count || kernel == nullptr) return 1;
    const softcuda::KernelEntry* entry = softcuda::find_kernel(device, kernel);
    if (entry == nullptr || index < 0 || index >= entry->parameter_count) return 1;
    *size = entry->parameters[index].size;
    *is_pointer = entry->parameters[index].is_pointer ? 1 : 0;
    return 0;
}
