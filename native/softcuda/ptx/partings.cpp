// A warp's lanes at branches that part them: where they wait for each other, and when they go on.
#include "machine.h"

namespace softcuda::ptx {

// Lanes wait for each other where the ways of the branch meet, unless they will already wait there for more.
void Warp::part(uint32_t lanes, uint32_t reconvergence) {
    const int outer = parting_[size_t(__builtin_ctz(lanes))];
    if (reconvergence == no_instruction || (outer >= 0 && partings_[size_t(outer)].place == reconvergence)) return;
    if (live_ == lanes) partings_.clear();  // nobody else is under way
    const bool is_alone = partings_.empty();
    partings_.push_back({reconvergence, lanes, 0, is_alone ? -1 : outer});
    for_lanes(lanes, [this](int lane) { parting_[size_t(lane)] = int(partings_.size()) - 1; });
}

// Whether these lanes have come to where they wait for those they were parted from.
bool Warp::arrives(uint32_t place, uint32_t lanes) {
    const int parting = parting_[size_t(__builtin_ctz(lanes))];
    if (parting < 0 || partings_[size_t(parting)].place != place) return false;
    move_lanes(lanes, place);
    partings_[size_t(parting)].arrived |= lanes;
    at_join_ |= lanes;
    join(parting);
    return true;
}

bool Warp::join(int number) {
    Parting& parting = partings_[size_t(number)];
    const uint32_t lanes = parting.lanes & live_;
    if (parting.arrived == 0 || (lanes & ~parting.arrived) != 0) return false;
    for_lanes(lanes, [&](int lane) { parting_[size_t(lane)] = parting.outer; });
    at_join_ &= ~parting.arrived;
    parting.arrived = 0;
    return true;
}

// Lanes that have finished are not waited for.
bool Warp::join_any() {
    bool any = false;
    for (int number = int(partings_.size()) - 1; number >= 0; --number) any = join(number) || any;
    return any;
}

// Lanes that others wait for in vain, which are at a barrier or an intrinsic: the others go on alone.
bool Warp::stop_waiting_for_others() {
    if (at_join_ == 0) return false;
    for_lanes(at_join_, [this](int lane) { parting_[size_t(lane)] = -1; });
    for (Parting& parting : partings_) parting.lanes &= ~at_join_, parting.arrived = 0;
    at_join_ = 0;
    return true;
}

}  // namespace softcuda::ptx
