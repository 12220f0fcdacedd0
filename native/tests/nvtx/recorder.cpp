// A profiler's side of NVTX 3 as small as it can be: writes every range that begins and ends to the file NVTX_RECORDER_FILE. The
// tests name this library in NVTX_INJECTION64_PATH. Types as NVIDIA's nvtxTypes.h declares them.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace {

using Function = void (*)();
struct ExportTableCallbacks {
    size_t bytes;
    int (*get_module_function_table)(int module, Function*** table, unsigned* size);
};
struct ExportTableVersion {
    size_t bytes;
    uint32_t version, reserved;
    void (*set_injection_version)(uint32_t version);
};
constexpr uint32_t callbacks_table = 1, version_table = 3;
constexpr int core_module = 1, range_push_a = 9, range_pop = 11, core_size = 16, unknown_module = 99;

std::FILE* file = nullptr;

int push(const char* name) {
    std::fprintf(file, "push %s\n", name);
    return 0;
}

int pop() {
    std::fprintf(file, "pop\n");
    std::fflush(file);
    return 0;
}

}  // namespace

extern "C" __attribute__((visibility("default"))) int InitializeInjectionNvtx2(const void* (*get_export_table)(uint32_t)) {
    const char* path = std::getenv("NVTX_RECORDER_FILE");
    const auto* callbacks = static_cast<const ExportTableCallbacks*>(get_export_table(callbacks_table));
    const auto* version = static_cast<const ExportTableVersion*>(get_export_table(version_table));
    if (path == nullptr || callbacks == nullptr || version == nullptr || get_export_table(unknown_module) != nullptr) return 0;
    if (callbacks->bytes < sizeof *callbacks || version->bytes < sizeof *version || version->version != 3) return 0;
    version->set_injection_version(3);
    Function** table = nullptr;
    unsigned size = 0;
    if (callbacks->get_module_function_table(unknown_module, &table, &size) != 0) return 0;
    if (callbacks->get_module_function_table(core_module, &table, &size) != 1 || size != core_size || table[0] != nullptr) return 0;
    file = std::fopen(path, "w");
    if (file == nullptr) return 0;
    *table[range_push_a] = reinterpret_cast<Function>(push);
    *table[range_pop] = reinterpret_cast<Function>(pop);
    return 1;
}
