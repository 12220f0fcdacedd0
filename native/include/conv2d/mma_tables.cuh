// What the copies of a convolution's operands need to know of every depth: worked out once for a chunk and kept in shared memory, so
// that a copy takes an addition and a test of bits. Kernels are at most 15 x 15: bit a stands for row a of the taps, bit 15 + b for
// column b.
#pragma once

#include "conv2d/mma_tile.cuh"

namespace conv2d {

constexpr int most_taps = 15, table_depth = int(chunk);
static_assert(table_depth == block_threads && table_depth % stage_depth == 0, "every thread fills one entry, stages lie in one chunk");

// What a tap beyond the depth has, and every pixel lacks; what a position beyond the last lacks.
constexpr uint32_t no_tap = 1u << 31, no_position = 1u << 30;

DEVICE bool has_few_taps(const Correlation& z) {
    return REQUIRE(z.taps_h <= most_taps && z.taps_w <= most_taps, "a convolution on tensor cores has a kernel of more than 15 x 15");
}

// A tap of a channel: how far from a patch's first pixel it lies in memory, where its weight of row 0 lies, its row's and column's bits.
struct Tap {
    int offset, weight;
    uint32_t bits;

    static DEVICE Tap of(const Correlation& z, int d) {
        if (d >= int(z.depth())) return {0, 0, no_tap};
        const int taps = int(z.taps()), taps_w = int(z.taps_w), sign = int(z.sign);
        const int channel = d / taps, tap = d - channel * taps, a = tap / taps_w, b = tap - a * taps_w;
        return {(channel * int(z.source_h) + a * sign) * int(z.source_w) + b * sign,
                channel * int(z.channel_stride) + int(z.tap_first) + a * int(z.tap_stride_h) + b * int(z.tap_stride_w),
                1u << a | 1u << (most_taps + b)};
    }
};

// The bits of the taps that lie outside one side of an image.
DEVICE uint32_t taps_outside(int first, int sign, int taps, int size) {
    uint32_t bits = 0;
    ONE_BY_ONE for (int tap = 0; tap < taps; ++tap) bits |= unsigned(first + tap * sign) < unsigned(size) ? 0u : 1u << tap;
    return bits;
}

// The first pixel of a position's patch: its image, how far from the image's beginning it lies in memory, the position in the image's
// grid, and the bits of the taps that are not there.
struct alignas(16) Corner {
    int image, offset, in_grid;
    uint32_t outside;

    static DEVICE Corner of(const Correlation& z, int g, int end) {
        if (g >= end) return {0, 0, 0, ~0u};
        const int area = int(z.grid_area()), width = int(z.grid_w), image = g / area, in_grid = g - image * area, i = in_grid / width;
        const int row = i * int(z.step_h) + int(z.first_h), column = (in_grid - i * width) * int(z.step_w) + int(z.first_w), sign = int(z.sign);
        return {image, row * int(z.source_w) + column, in_grid,
                no_tap | taps_outside(row, sign, int(z.taps_h), int(z.source_h)) |
                    taps_outside(column, sign, int(z.taps_w), int(z.source_w)) << most_taps};
    }

    DEVICE bool exists() const { return (outside & no_position) == 0; }
};

// Of a correlation's depth, two chunks: the copies use one while the other is filled.
struct alignas(16) TapTable {
    int offsets[2 * table_depth], weights[2 * table_depth];
    uint32_t bits[2 * table_depth];

    DEVICE void fill(const Correlation& z, int begin) {
        const int d = begin + int(threadIdx.x), place = d % (2 * table_depth);
        const Tap tap = Tap::of(z, d);
        offsets[place] = tap.offset, weights[place] = tap.weight, bits[place] = tap.bits;
    }
};

// Of a weight gradient's depth, which is the positions [first, end), two chunks.
struct CornerTable {
    Corner corners[2 * table_depth];

    DEVICE void fill(const Correlation& z, int first, int end, int begin) {
        const int d = begin + int(threadIdx.x);
        corners[d % (2 * table_depth)] = Corner::of(z, first + d, end);
    }
};

// Of the taps of a weight gradient's rows.
template <typename Tile>
struct RowTable {
    int offsets[Tile::rows];
    uint32_t bits[Tile::rows];

    DEVICE void fill(const Correlation& z, int first_d) {
        BLOCK_LOOP(row, Tile::rows) {
            const Tap tap = Tap::of(z, first_d + int(row));
            offsets[row] = tap.offset, bits[row] = tap.bits;
        }
    }
};

}  // namespace conv2d
