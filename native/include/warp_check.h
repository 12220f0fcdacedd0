// The warp intrinsics for softcuda. On the check device the lanes of a warp are fibers that meet in the scheduler. On the fast
// device a warp has one lane (warp_lanes in device.cuh): a shuffle gives the lane's own value, a vote its own predicate.
// A lane that the mask names and that never comes, or a caller that its mask does not name, is an error; the value of a lane
// that the mask leaves out reads as 0xFF bytes.
#pragma once

#if defined(__CUDACC__) || defined(__CUDA__)
#error "warp_check.h is softcuda's: a GPU has these functions itself"
#endif

#include <cstdint>
#include <cstring>

namespace softcuda {

// What the lanes of a mask brought to their meeting.
struct WarpValues {
    uint64_t words[32][3];
    unsigned present;  // lanes that came: those of the mask that exist and have not finished

    uint64_t of_lane(int lane, int word = 0) const { return present >> lane & 1 ? words[lane][word] : ~uint64_t(0); }
};

// Check device only: waits for the other lanes of the mask at the same place of the source.
const WarpValues& meet_warp(int site, unsigned mask, uint64_t first, uint64_t second = 0, uint64_t third = 0);
int lane_of_thread();

template <typename T>
inline uint64_t to_bits(T value) {
    static_assert(sizeof(T) <= sizeof(uint64_t));
    uint64_t bits = 0;
    std::memcpy(&bits, &value, sizeof value);
    return bits;
}

template <typename T>
inline T from_lane(const WarpValues& values, int lane) {
    const uint64_t bits = values.of_lane(lane);
    T value;
    std::memcpy(&value, &bits, sizeof value);
    return value;
}

}  // namespace softcuda

#if SOFTCUDA_DEVICE == 0
inline void __syncwarp(unsigned = 1) {}
template <typename T>
inline T __shfl_sync(unsigned, T value, int, int = 1) { return value; }
template <typename T>
inline T __shfl_up_sync(unsigned, T value, unsigned, int = 1) { return value; }
template <typename T>
inline T __shfl_down_sync(unsigned, T value, unsigned, int = 1) { return value; }
template <typename T>
inline T __shfl_xor_sync(unsigned, T value, int, int = 1) { return value; }
inline unsigned __ballot_sync(unsigned, int predicate) { return predicate != 0 ? 1 : 0; }
inline int __any_sync(unsigned, int predicate) { return predicate != 0; }
inline int __all_sync(unsigned, int predicate) { return predicate != 0; }
#else
inline void __syncwarp(unsigned mask = ~0u, int site = __builtin_LINE()) { ::softcuda::meet_warp(site, mask, 0); }

template <typename T>
inline T __shfl_sync(unsigned mask, T value, int source, int width = 32, int site = __builtin_LINE()) {
    const int lane = ::softcuda::lane_of_thread();
    const auto& values = ::softcuda::meet_warp(site, mask, ::softcuda::to_bits(value));
    return ::softcuda::from_lane<T>(values, (lane & -width) | (source & (width - 1)));
}

template <typename T>
inline T __shfl_up_sync(unsigned mask, T value, unsigned delta, int width = 32, int site = __builtin_LINE()) {
    const int lane = ::softcuda::lane_of_thread(), from = lane - int(delta);
    const auto& values = ::softcuda::meet_warp(site, mask, ::softcuda::to_bits(value));
    return from < (lane & -width) ? value : ::softcuda::from_lane<T>(values, from);
}

template <typename T>
inline T __shfl_down_sync(unsigned mask, T value, unsigned delta, int width = 32, int site = __builtin_LINE()) {
    const int lane = ::softcuda::lane_of_thread(), from = lane + int(delta);
    const auto& values = ::softcuda::meet_warp(site, mask, ::softcuda::to_bits(value));
    return from >= (lane & -width) + width ? value : ::softcuda::from_lane<T>(values, from);
}

template <typename T>
inline T __shfl_xor_sync(unsigned mask, T value, int bits, int width = 32, int site = __builtin_LINE()) {
    const int lane = ::softcuda::lane_of_thread(), from = lane ^ bits;
    const auto& values = ::softcuda::meet_warp(site, mask, ::softcuda::to_bits(value));
    return from >= (lane & -width) + width ? value : ::softcuda::from_lane<T>(values, from);
}

inline unsigned __ballot_sync(unsigned mask, int predicate, int site = __builtin_LINE()) {
    const auto& values = ::softcuda::meet_warp(site, mask, predicate != 0 ? 1 : 0);
    unsigned ballot = 0;
    for (int lane = 0; lane < 32; ++lane) {
        if (values.present >> lane & 1) ballot |= unsigned(values.of_lane(lane)) << lane;
    }
    return ballot;
}

inline int __any_sync(unsigned mask, int predicate, int site = __builtin_LINE()) {
    return __ballot_sync(mask, predicate, site) != 0;
}
inline int __all_sync(unsigned mask, int predicate, int site = __builtin_LINE()) {
    return __ballot_sync(mask, predicate == 0, site) == 0;
}
#endif
