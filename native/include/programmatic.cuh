// Programmatic dependent launch (compute capability 9.0 and later, PTX ISA 7.8): a kernel launched by Kernel.LaunchOverlapping may
// begin while the one before it in the stream still runs. It then calls wait_for_previous() before it reads or writes anything
// that others write too. A kernel that calls let_next_begin() allows the next one to begin from there on; without it, from its end on.
// Elsewhere kernels follow one after the other and both are nothing.
#pragma once

#include "device.cuh"

#if CUDA_DEVICE && defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 900
DEVICE void let_next_begin() { asm volatile("griddepcontrol.launch_dependents;"); }
DEVICE void wait_for_previous() { asm volatile("griddepcontrol.wait;" ::: "memory"); }
#else
DEVICE void let_next_begin() {}
DEVICE void wait_for_previous() {}
#endif
