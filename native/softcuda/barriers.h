// The check device's book of barriers: which of them every kernel has reached, and the one that is to be dropped.
#pragma once

#include <vector>

#include "core.h"

namespace softcuda {

struct BarrierRecord {
    std::vector<int> sites;  // static places of __syncthreads in source order, as far as launches have reached them
    long launches = 0;
};

// The kernel's record; the caller holds the check device's queue lock.
BarrierRecord& barrier_record(const KernelEntry& kernel);

void note_barrier(BarrierRecord& record, int site);

// The site SOFTCUDA_DROP_BARRIER or softcuda_set_drop_barrier names for this kernel, 0 for none. The n-th barrier is known
// once a launch has reached it, so the first launch of a kernel always runs whole.
int dropped_barrier(const KernelEntry& kernel, const BarrierRecord& record);

}  // namespace softcuda
