// Where the operands of a correlation lie, for the threads of a block: 64-bit division once for each tile, then 32-bit numbers. The
// caller keeps grids, depths and groups of positions below 2^30 (Conv2dSize.cs).
#pragma once

#include "conv2d/correlation.cuh"
#include "conv2d/divider.cuh"

namespace conv2d {

// A position of a grid: its image, its number in the image, its row and column.
struct Place {
    int64_t image;
    int number, i, j;
};

// A product of the depth: its channel and its tap (a, b).
struct Factor {
    int channel, a, b;
};

struct Dividers {
    Divider taps, taps_w, area, grid_w;

    DEVICE explicit Dividers(const Correlation& z) : taps(z.taps()), taps_w(z.taps_w), area(z.grid_area()), grid_w(z.grid_w) {}

    DEVICE Factor factor(int depth) const {
        const int channel = taps.quotient(depth), t = taps.remainder(depth, channel), a = taps_w.quotient(t);
        return {channel, a, taps_w.remainder(t, a)};
    }
};

// The places of the positions from a first one on.
struct Places {
    const Dividers& by;
    int64_t image;
    int number;

    DEVICE Places(const Correlation& z, const Dividers& dividers, int64_t first)
        : by(dividers), image(first / z.grid_area()), number(int(first - image * z.grid_area())) {}

    DEVICE Place at(int offset) const {
        const int g = number + offset, n = by.area.quotient(g), p = by.area.remainder(g, n), i = by.grid_w.quotient(p);
        return {image + n, p, i, by.grid_w.remainder(p, i)};
    }
};

// The patches of a correlation's source: one column per position, of which a thread reads one.
template <typename T>
struct PatchColumn {
    const Correlation& z;
    const T* plane;
    int64_t h, w;

    DEVICE PatchColumn(const Correlation& size, const T* source, const Place& at)
        : z(size), plane(source + at.image * z.channels * z.source_h * z.source_w), h(at.i * z.step_h + z.first_h),
          w(at.j * z.step_w + z.first_w) {}

    DEVICE T at(int64_t channel, int a, int b) const {
        const int64_t row = h + a * z.sign, column = w + b * z.sign;
        const bool inside = row >= 0 && row < z.source_h && column >= 0 && column < z.source_w;
        return inside ? plane[(channel * z.source_h + row) * z.source_w + column] : T(0);
    }
    DEVICE T at(const Factor& f) const { return at(f.channel, f.a, f.b); }
};

}  // namespace conv2d
