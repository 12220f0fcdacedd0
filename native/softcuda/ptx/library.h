// The modules of PTX that the check device has been given, and the kernels built from them.
#pragma once

#include <memory>

#include "program.h"

namespace softcuda::ptx {

class Library {
public:
    // From SOFTCUDA_PTX, or what use() has named since; the caller holds check_mutex().
    static Library& instance();

    // A file, a folder of *.ptx, or nothing.
    void use(std::string path);
    bool is_empty() const { return path_.empty(); }
    const std::string& path() const { return path_; }
    // Null when no module has it; throws Unusable when one cannot be read, or the kernel cannot be run.
    Kernel* find(const std::string& name);
    // One that has been built; null otherwise.
    Kernel* built(const std::string& name) const;
    // By name.
    std::vector<const Kernel*> all_built() const;
    // Of a place's file; empty where the kernel's module does not say.
    std::string source_file(const Kernel& kernel, int file) const;

private:
    Library();
    void read_all();
    void read(const std::string& file);

    struct Built {
        std::unique_ptr<Kernel> kernel;
        const Module* module;
    };
    std::string path_;
    bool is_read_ = false;
    std::vector<std::unique_ptr<Module>> modules_;
    std::map<std::string, Built> kernels_;
};

}  // namespace softcuda::ptx
