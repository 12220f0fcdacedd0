// The fast device: one call per block, blocks spread over the workers. A launch has ended when it returns, so its failure is
// its own answer, and the device stays usable.
#include <atomic>
#include <cstdio>

#include "core.h"

namespace softcuda {

thread_local Position position = {};
static thread_local const char* launch_failure = nullptr;

bool fail_launch(const char* reason) {
    launch_failure = reason;
    return false;
}

const char* take_launch_failure() {
    const char* reason = launch_failure;
    launch_failure = nullptr;
    return reason;
}

CUresult run_fast(const KernelEntry& kernel, Dim3 grid, Dim3 block, void** arguments) {
    const int64_t plane = int64_t(grid.x) * grid.y;
    std::atomic<const char*> failure = nullptr;
    parallel_for(plane * grid.z, [&](int64_t index) {
        const unsigned x = unsigned(index % grid.x), y = unsigned(index / grid.x % grid.y), z = unsigned(index / plane);
        position = {{0, 0, 0}, {x, y, z}, block, grid};
        kernel.run(arguments);
        if (const char* reason = take_launch_failure(); reason != nullptr) failure = reason;
    });
    if (failure == nullptr) return CUDA_SUCCESS;
    std::fprintf(stderr, "softcuda: kernel %s: %s\n", kernel.name, failure.load());
    return CUDA_ERROR_LAUNCH_FAILED;
}

}  // namespace softcuda
