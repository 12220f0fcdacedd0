// Where lanes that a branch has parted come together again: at its immediate post-dominator, the first instruction that every way
// from the branch to the end leads through. Compilers for GPUs have warps wait there for each other.
#pragma once

#include "program.h"

namespace softcuda::ptx {

// Fills in `reconvergence` of every branch; no_instruction where the ways meet only at the end.
void find_reconvergence(Kernel& kernel);

}  // namespace softcuda::ptx
