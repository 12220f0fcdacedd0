// What kernels have done by their PTX, for those who study them. None of it is part of CUDA.
#include <mutex>

#include "library.h"
#include "../core.h"

namespace softcuda::ptx {
namespace {

uint64_t bytes_of(const Instruction& i) { return uint64_t(i.type.bytes) * i.count; }

}  // namespace
}  // namespace softcuda::ptx

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

// Answers 0, or 1 when the kernel has not run.
SOFTCUDA_API int softcuda_ptx_counts(const char* name, SoftcudaCounts* counts) {
    std::lock_guard lock(check_mutex());
    const ptx::Kernel* kernel = name == nullptr ? nullptr : ptx::Library::instance().built(name);
    if (kernel == nullptr) return 1;
    *counts = {};
    counts->launches = kernel->launches;
    counts->blocks = kernel->blocks;
    counts->threads = kernel->threads;
    counts->static_shared_bytes = kernel->static_shared_bytes;
    counts->local_bytes = kernel->local_bytes;
    for (size_t k = 0; k < kernel->code.size(); ++k) {
        const ptx::Instruction& i = kernel->code[k];
        const ptx::Profile& p = kernel->profile[k];
        counts->issued[int(i.kind)] += p.warps;
        counts->lanes[int(i.kind)] += p.lanes;
        if (i.flow == ptx::Flow::block_barrier) counts->barriers += p.warps;
        if (i.kind < ptx::Kind::global || i.kind > ptx::Kind::local) continue;
        const int memory = int(i.kind) - int(ptx::Kind::global);
        const uint64_t bytes = p.lanes * ptx::bytes_of(i), at_once = i.kind == ptx::Kind::shared ? 128 : 32;
        counts->bytes[memory] += bytes;
        counts->transactions[memory] += p.transactions;
        counts->fewest[memory] += (bytes + at_once - 1) / at_once;
    }
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
    *instruction = {i.place.line, i.place.source_line, int(i.kind), p.warps, p.lanes, p.transactions, {}, {}};
    i.opcode.copy(instruction->opcode, sizeof instruction->opcode - 1);
    library.source_file(*kernel, i.place.file).copy(instruction->file, sizeof instruction->file - 1);
    return 0;
}
