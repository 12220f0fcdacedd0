// The fast device: one call per block, blocks spread over the workers.
#include "core.h"

namespace softcuda {

thread_local Position position = {};

CUresult run_fast(const KernelEntry& kernel, Dim3 grid, Dim3 block, void** arguments) {
    const int64_t plane = int64_t(grid.x) * grid.y;
    parallel_for(plane * grid.z, [&](int64_t index) {
        const unsigned x = unsigned(index % grid.x), y = unsigned(index / grid.x % grid.y), z = unsigned(index / plane);
        position = {{0, 0, 0}, {x, y, z}, block, grid};
        kernel.run(arguments);
    });
    return CUDA_SUCCESS;
}

}  // namespace softcuda
