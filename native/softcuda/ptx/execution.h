// The check device's way to run a kernel by its PTX in the place of its compiled body: SOFTCUDA_PTX names a file of PTX, as a
// compiler for GPUs makes it, or a folder of such files.
#pragma once

#include "../core.h"

namespace softcuda::ptx {

// Whether SOFTCUDA_PTX is set.
bool is_asked_for();

// Runs the kernel; the caller holds check_mutex() and has checked the pointers among the arguments.
CUresult run(const KernelEntry& entry, Dim3 grid, Dim3 block, void** arguments, size_t dynamic_shared_bytes);

}  // namespace softcuda::ptx
