#include "execution.h"

#include <algorithm>
#include <cstdio>
#include <numeric>

#include "library.h"
#include "machine.h"

namespace softcuda::ptx {
namespace {

CUresult refuse(const KernelEntry& entry, const std::string& why, CUresult status) {
    std::fprintf(stderr, "softcuda: kernel %s: %s\n", entry.name, why.c_str());
    return status;
}

// The arguments as the kernel's PTX lays them out; throws when host and PTX differ.
std::vector<uint64_t> laid_out(const Kernel& kernel, const KernelEntry& entry, void** arguments) {
    if (int(kernel.parameters.size()) != entry.parameter_count) throw Unusable("other parameters than the host's");
    std::vector<uint64_t> bytes(kernel.parameter_bytes / 8 + 1);
    for (int k = 0; k < entry.parameter_count; ++k) {
        const Parameter& p = kernel.parameters[size_t(k)];
        if (p.bytes != entry.parameters[k].size) throw Unusable("parameter " + std::to_string(k) + " has another size than the host's");
        std::memcpy(reinterpret_cast<unsigned char*>(bytes.data()) + p.offset, arguments[k], p.bytes);
    }
    return bytes;
}

// Warps take turns of random length; a barrier lets them go on when all that have not finished wait there.
void run_block(Block& block, std::vector<Warp>& warps) {
    std::uniform_int_distribution<int> turn(1, 400);
    for (Warp& warp : warps) warp.restart();
    std::vector<size_t> order(warps.size());
    std::iota(order.begin(), order.end(), size_t(0));
    for (;;) {
        std::shuffle(order.begin(), order.end(), shuffle_engine());
        bool any = false;
        for (const size_t w : order) {
            if (warps[w].has_finished() || warps[w].waits() || block.failed) continue;
            warps[w].run(turn(shuffle_engine()));
            any = true;
        }
        if (any && !block.failed) continue;
        any = false;
        for (Warp& warp : warps) any = any || warp.waits();
        if (!any || block.failed) return;
        for (Warp& warp : warps) {
            if (!warp.waits()) continue;
            note_barrier(*block.barriers, warp.barrier_site());
            warp.pass_barrier();
        }
        block.races.pass_barrier();
    }
}

// Shared memory is undefined at the start of a block: ones, which are NaN.
void run_grid(Block& block, Dim3 grid) {
    std::vector<uint64_t> shared((block.shared_bytes + 15) / 8 + 2);
    block.shared = reinterpret_cast<unsigned char*>((reinterpret_cast<uintptr_t>(shared.data()) + 15) / 16 * 16);
    std::vector<Warp> warps;
    for (int thread = 0; thread < block.thread_count(); thread += lanes_of_warp) warps.emplace_back(block, thread);
    for (const unsigned number : shuffled_blocks(grid)) {
        block.index = {number % grid.x, number / grid.x % grid.y, number / (grid.x * grid.y)};
        std::fill(shared.begin(), shared.end(), ~uint64_t(0));
        block.races.restart(block.shared_bytes);
        run_block(block, warps);
        if (block.failed) return;
    }
}

CUresult run_kernel(Kernel& kernel, const KernelEntry& entry, Dim3 grid, Dim3 size, void** arguments, size_t dynamic_shared_bytes) {
    Block block;
    block.kernel = &kernel;
    block.size = size;
    block.grid = grid;
    block.shared_bytes = kernel.dynamic_shared_offset + dynamic_shared_bytes;
    if (kernel.static_shared_bytes > most_static_shared_bytes) {
        return refuse(entry, "declares more than 48 KiB of shared memory", CUDA_ERROR_LAUNCH_FAILED);
    }
    if (block.shared_bytes > uint64_t(limits(check_device).max_shared_bytes)) {
        return refuse(entry, "is given more shared memory than a multiprocessor has", CUDA_ERROR_INVALID_VALUE);
    }
    if (kernel.max_threads != 0 && block.thread_count() > kernel.max_threads) {
        return refuse(entry, "was compiled for at most " + std::to_string(kernel.max_threads) + " threads in a block", CUDA_ERROR_INVALID_VALUE);
    }
    const std::vector<uint64_t> parameters = laid_out(kernel, entry, arguments);
    block.parameters = reinterpret_cast<const unsigned char*>(parameters.data());
    block.barriers = &barrier_record(entry);
    block.dropped_barrier = dropped_barrier(entry, *block.barriers);
    ++block.barriers->launches;
    ++kernel.launches;
    kernel.blocks += uint64_t(grid.x) * grid.y * grid.z;
    kernel.threads += uint64_t(grid.x) * grid.y * grid.z * uint64_t(block.thread_count());
    run_grid(block, grid);
    return block.status;
}

}  // namespace

bool is_asked_for() { return !Library::instance().is_empty(); }

CUresult run(const KernelEntry& entry, Dim3 grid, Dim3 size, void** arguments, size_t dynamic_shared_bytes) {
    name_running_kernel(entry.name);
    CUresult status = CUDA_ERROR_INVALID_IMAGE;
    try {
        Kernel* kernel = Library::instance().find(entry.name);
        if (kernel == nullptr) status = refuse(entry, Library::instance().path() + " does not have it", CUDA_ERROR_NOT_FOUND);
        else status = run_kernel(*kernel, entry, grid, size, arguments, dynamic_shared_bytes);
    } catch (const std::exception& error) {
        refuse(entry, error.what(), CUDA_ERROR_INVALID_IMAGE);
    }
    name_running_kernel(nullptr);
    if (status != CUDA_SUCCESS) return status;
    return guards_intact(entry.name) ? CUDA_SUCCESS : CUDA_ERROR_ILLEGAL_ADDRESS;
}

}  // namespace softcuda::ptx
