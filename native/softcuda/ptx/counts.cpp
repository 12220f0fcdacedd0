// What kernels have done by their PTX, for those who study them. None of it is part of CUDA.
#include <cstdio>
#include <cstdlib>
#include <mutex>

#include "library.h"
#include "../core.h"

using namespace softcuda;

// From now on kernels run by this file of PTX, or this folder's; by their compiled bodies when it is empty. Counts begin anew.
SOFTCUDA_API int softcuda_set_ptx(const char* path) {
    std::lock_guard lock(check_mutex());
    ptx::Library::instance().use(path == nullptr ? "" : path);
    return 0;
}

// All launches of a kernel: what they were, and instructions issued to warps by kind with their active lanes.
struct SoftcudaCounts {
    uint64_t launches, blocks, threads;
    uint64_t issued[ptx::kind_count], lanes[ptx::kind_count];
    // Of global, shared and local memory: what lanes asked for, the sectors or passes it took, and the fewest that could do.
    uint64_t bytes[3], transactions[3], fewest[3];
    uint64_t barriers, static_shared_bytes, local_bytes;
};

namespace {

uint64_t bytes_of(const ptx::Instruction& i) { return uint64_t(i.type.bytes) * i.count; }

SoftcudaCounts counts_of(const ptx::Kernel& kernel) {
    SoftcudaCounts counts{kernel.launches, kernel.blocks, kernel.threads, {}, {}, {}, {}, {}, 0, kernel.static_shared_bytes, kernel.local_bytes};
    for (size_t k = 0; k < kernel.code.size(); ++k) {
        const ptx::Instruction& i = kernel.code[k];
        const ptx::Profile& p = kernel.profile[k];
        counts.issued[int(p.kind)] += p.warps;
        counts.lanes[int(p.kind)] += p.lanes;
        if (i.flow == ptx::Flow::block_barrier) counts.barriers += p.warps;
        if (p.kind < ptx::Kind::global || p.kind > ptx::Kind::local) continue;
        const int memory = int(p.kind) - int(ptx::Kind::global);
        const uint64_t bytes = p.lanes * bytes_of(i), at_once = p.kind == ptx::Kind::shared ? 128 : 32;
        counts.bytes[memory] += bytes;
        counts.transactions[memory] += p.transactions;
        counts.fewest[memory] += (bytes + at_once - 1) / at_once;
    }
    return counts;
}

constexpr const char* kind_names[ptx::kind_count] = {"float32", "float64", "integer", "move", "tensor", "global", "shared", "local", "flow"};

void print(std::FILE* file, const ptx::Kernel& kernel) {
    const SoftcudaCounts c = counts_of(kernel);
    const auto number = [&](uint64_t value) { std::fprintf(file, "\t%llu", static_cast<unsigned long long>(value)); };
    std::fprintf(file, "%s", kernel.name.c_str());
    for (const uint64_t value : {c.launches, c.blocks, c.threads, c.barriers}) number(value);
    for (const uint64_t issued : c.issued) number(issued);
    for (const uint64_t lanes : c.lanes) number(lanes);
    for (int memory = 0; memory < 3; ++memory) {
        for (const uint64_t value : {c.bytes[memory], c.transactions[memory], c.fewest[memory]}) number(value);
    }
    std::fprintf(file, "\n");
}

// SOFTCUDA_PTX_COUNTS names a file that a process leaves its kernels' counts in, a line each, tabs between.
void write_counts() {
    std::FILE* file = std::fopen(std::getenv("SOFTCUDA_PTX_COUNTS"), "w");
    if (file == nullptr) return std::perror("softcuda: SOFTCUDA_PTX_COUNTS");
    std::fprintf(file, "kernel\tlaunches\tblocks\tthreads\tbarriers");
    for (const char* name : kind_names) std::fprintf(file, "\tissued_%s", name);
    for (const char* name : kind_names) std::fprintf(file, "\tlanes_%s", name);
    for (const char* memory : {"global", "shared", "local"}) std::fprintf(file, "\t%s_bytes\t%s_transactions\t%s_fewest", memory, memory, memory);
    std::fprintf(file, "\n");
    for (const ptx::Kernel* kernel : ptx::Library::instance().all_built()) print(file, *kernel);
    std::fclose(file);
}

const bool reports_at_exit = std::getenv("SOFTCUDA_PTX_COUNTS") != nullptr && std::atexit(write_counts) == 0;

}  // namespace

// Answers 0, or 1 when the kernel has not run.
SOFTCUDA_API int softcuda_ptx_counts(const char* name, SoftcudaCounts* counts) {
    std::lock_guard lock(check_mutex());
    const ptx::Kernel* kernel = name == nullptr ? nullptr : ptx::Library::instance().built(name);
    if (kernel == nullptr) return 1;
    *counts = counts_of(*kernel);
    return 0;
}

// One instruction of a kernel: where it was written (line 0 where the PTX does not say), and how often it was issued.
struct SoftcudaInstruction {
    int ptx_line, source_line, kind;
    uint64_t issued, lanes, transactions;
    char opcode[64], file[256];
};

// Answers 0, or 1 past the end and when the kernel has not run.
SOFTCUDA_API int softcuda_ptx_instruction(const char* name, int index, SoftcudaInstruction* instruction) {
    std::lock_guard lock(check_mutex());
    const ptx::Library& library = ptx::Library::instance();
    const ptx::Kernel* kernel = name == nullptr ? nullptr : library.built(name);
    if (kernel == nullptr || index < 0 || size_t(index) >= kernel->code.size()) return 1;
    const ptx::Instruction& i = kernel->code[size_t(index)];
    const ptx::Profile& p = kernel->profile[size_t(index)];
    *instruction = {i.place.line, i.place.source_line, int(p.kind), p.warps, p.lanes, p.transactions, {}, {}};
    i.opcode.copy(instruction->opcode, sizeof instruction->opcode - 1);
    library.source_file(*kernel, i.place.file).copy(instruction->file, sizeof instruction->file - 1);
    return 0;
}
