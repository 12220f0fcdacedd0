// Windows on the fast device: what a few neighbouring tiles read of a channel, one tile to a lane.
#pragma once

#include "conv2d/fast_patches.cuh"

namespace conv2d {

// The windows of rows x columns pixels, each `apart` from the next, of the `count` positions from `first` on, of which lanes<T> at most; 0
// outside the source and beyond them.
template <typename T, int rows, int columns = rows, int apart = 1>
class VectorOfWindows {
public:
    VectorOfWindows(const Correlation& z, int64_t first, int64_t count) {
        const int64_t used = count < lanes<T> ? count : lanes<T>;
        next_ = Places{} + lanes<T>;
        for (int64_t lane = 0; lane < used; ++lane) {
            const int64_t g = first + lane, n = g / z.grid_area(), i = g / z.grid_w % z.grid_h, j = g % z.grid_w;
            const int64_t h = i * z.step_h + z.first_h, w = j * z.step_w + z.first_w;
            const unsigned inside = columns_inside(w, z.source_w);
            const bool has_next = lane + 1 < used && j + 1 < z.grid_w && z.step_w == most;
            if (has_next) next_[lane] = int(lane + 1);
            if (!has_next && inside >> most != 0) alone_[alone_count_++] = int(lane);
            for (int a = 0; a < rows; ++a) {
                const int64_t row = h + a * apart;
                offset_[a][lane] = n * z.channels * z.source_h * z.source_w + row * z.source_w + w;
                const unsigned mask = row >= 0 && row < z.source_h ? inside : 0;
                mask_[a][lane] = uint16_t(mask & ((1u << most) - 1));
                last_[a] |= (mask >> most) << lane;
            }
        }
    }

    // row[b] = pixel (a, b) of the windows in the channel at x; entries from `columns` on stay.
    DEVICE void load(const T* x, int a, Vector<T>* row) const {
        Vector<T> pixels[at_once];
        simd::load_rows(x, offset_[a], mask_[a], pixels);
        UNROLLED for (int b = 0; b < (at_once - 1) / apart + 1; ++b) row[b] = pixels[b * apart];
        if constexpr (width > most) row[columns - 1] = last_pixels(x, a, pixels[0]);
    }

    // Row a of one lane's window, for what has its own order.
    DEVICE int64_t offset(int a, int64_t lane) const { return offset_[a][lane]; }
    DEVICE unsigned mask(int a, int64_t lane) const { return mask_[a][lane]; }

private:
    // A row is read at once but for a pixel after the first `most`.
    static constexpr int most = 8, width = (columns - 1) * apart + 1, at_once = width < most ? width : most;
    static_assert(width <= most + 1);
    using Places = decltype(Vector<T>{} < Vector<T>{});

    // Bit b is set where column w + b is a pixel of the window and of the source.
    static unsigned columns_inside(int64_t w, int64_t source_w) {
        unsigned bits = 0;
        for (int b = 0; b < width; b += apart) bits |= unsigned(w + b >= 0 && w + b < source_w) << b;
        return bits;
    }

    // Pixel number `most` of row a is the next tile's first one, which the next lane has unless a row of tiles or the vector ends.
    DEVICE Vector<T> last_pixels(const T* x, int a, Vector<T> first) const {
        Vector<T> last = __builtin_shuffle(first, Vector<T>{}, next_);
        for (int i = 0; i < alone_count_; ++i) {
            const int lane = alone_[i];
            last = simd::load_lanes(x + offset_[a][lane] + most - lane, last_[a] & 1u << lane, last);
        }
        return last;
    }

    int64_t offset_[rows][lanes<T>] = {};
    uint16_t mask_[rows][lanes<T>] = {};
    unsigned last_[rows] = {};  // lanes whose last pixel exists
    Places next_;
    int alone_[lanes<T>] = {}, alone_count_ = 0;
};

}  // namespace conv2d
