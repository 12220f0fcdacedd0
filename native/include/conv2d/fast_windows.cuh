// Windows on the fast device: what a few neighbouring tiles read of a channel, one tile to a lane.
#pragma once

#include "conv2d/correlation.cuh"
#include "simd.h"

namespace conv2d {

using simd::lanes;
template <typename T>
using Vector = simd::Vector<T>;

// The windows taps_h x taps_w of the `count` positions from `first` on, of which lanes<T> at most; 0 outside the source and beyond them.
template <typename T, int side>
class VectorOfWindows {
public:
    VectorOfWindows(const Correlation& z, int64_t first, int64_t count) {
        for (int64_t lane = 0; lane < lanes<T> && lane < count; ++lane) {
            const int64_t g = first + lane, n = g / z.grid_area(), i = g / z.grid_w % z.grid_h, j = g % z.grid_w;
            const int64_t h = i * z.step_h + z.first_h, w = j * z.step_w + z.first_w;
            const unsigned columns = inside(w, z.source_w);
            for (int a = 0; a < side; ++a) {
                offset_[a][lane] = n * z.channels * z.source_h * z.source_w + (h + a) * z.source_w + w;
                mask_[a][lane] = uint16_t(h + a >= 0 && h + a < z.source_h ? columns : 0);
            }
        }
    }

    // row[b] = pixel (a, b) of the windows in the channel at x.
    DEVICE void load(const T* x, int a, Vector<T> (&row)[side]) const { simd::load_rows(x, offset_[a], mask_[a], row); }

    // Row a of one lane's window, for what has its own order.
    DEVICE int64_t offset(int a, int64_t lane) const { return offset_[a][lane]; }
    DEVICE unsigned mask(int a, int64_t lane) const { return mask_[a][lane]; }

private:
    // Bit b is set where column w + b is one of the source.
    static unsigned inside(int64_t w, int64_t width) {
        unsigned bits = 0;
        for (int b = 0; b < side; ++b) bits |= unsigned(w + b >= 0 && w + b < width) << b;
        return bits;
    }

    int64_t offset_[side][lanes<T>] = {};
    uint16_t mask_[side][lanes<T>] = {};
};

}  // namespace conv2d
