#include "library.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace softcuda::ptx {

Library& Library::instance() {
    static Library& library = *new Library;  // for good: a kernel may run while the process ends
    return library;
}

Library::Library() {
    if (const char* path = std::getenv("SOFTCUDA_PTX"); path != nullptr) path_ = path;
}

void Library::use(std::string path) {
    path_ = std::move(path);
    is_read_ = false;
    kernels_.clear();
    modules_.clear();
}

void Library::read_all() {
    is_read_ = true;
    if (!std::filesystem::is_directory(path_)) return read(path_);
    for (const auto& entry : std::filesystem::directory_iterator(path_)) {
        if (entry.path().extension() == ".ptx") read(entry.path().string());
    }
}

void Library::read(const std::string& file) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream) throw Unusable(file + " cannot be read");
    std::ostringstream text;
    text << stream.rdbuf();
    modules_.push_back(std::make_unique<Module>());
    parse(text.str(), *modules_.back());
}

Kernel* Library::find(const std::string& name) {
    if (!is_read_) read_all();
    if (Kernel* kernel = built(name); kernel != nullptr) return kernel;
    for (const auto& module : modules_) {
        const auto function = module->functions.find(name);
        if (function == module->functions.end() || !function->second.is_kernel || !function->second.has_body) continue;
        Built& entry = kernels_[name] = {build_kernel(*module, function->second), module.get()};
        return entry.kernel.get();
    }
    return nullptr;
}

Kernel* Library::built(const std::string& name) const {
    const auto found = kernels_.find(name);
    return found == kernels_.end() ? nullptr : found->second.kernel.get();
}

std::vector<const Kernel*> Library::all_built() const {
    std::vector<const Kernel*> all;
    for (const auto& [name, built] : kernels_) all.push_back(built.kernel.get());
    return all;
}

std::string Library::source_file(const Kernel& kernel, int file) const {
    const auto found = kernels_.find(kernel.name);
    if (found == kernels_.end()) return {};
    const auto& files = found->second.module->files;
    const auto named = files.find(file);
    return named == files.end() ? std::string() : std::string(named->second);
}

}  // namespace softcuda::ptx
