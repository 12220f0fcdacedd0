// How the stages of a convolution's operands come from images and kernels into shared memory: by 16 bytes where their order and their
// addresses allow it, else float by float, zeros in the place of borders. Indices are 32-bit but for images and results: the host
// takes these kernels only where an image, the kernels and the positions count fewer than 2^31 and sides fewer than 2^14.
#pragma once

#include "conv2d/mma_tile.cuh"

namespace conv2d {

// Added to a row, or in the place of one, it is outside every image.
constexpr int nowhere = -32768;

DEVICE bool is_aligned_16(const float* pointer) { return reinterpret_cast<uintptr_t>(pointer) % 16 == 0; }

// Patches of one pixel each, that lie side by side as the positions do.
DEVICE bool lies_flat(const Correlation& z) {
    return z.taps() == 1 && z.step_h == 1 && z.step_w == 1 && z.first_h == 0 && z.first_w == 0 && z.source_h == z.grid_h &&
           z.source_w == z.grid_w;
}

// A number as (outer, middle, inner) digits, which goes up by a fixed step without a division.
struct Counter {
    int outer, middle, inner, middles, inners, step_outer, step_middle, step_inner;

    DEVICE Counter(int64_t value, int step, int64_t middle_count, int64_t inner_count)
        : middles(middle_count < 1 ? 1 : int(middle_count)), inners(inner_count < 1 ? 1 : int(inner_count)) {
        const int number = int(value), area = middles * inners;
        outer = number / area, middle = number % area / inners, inner = number % inners;
        step_outer = step / area, step_middle = step % area / inners, step_inner = step % inners;
    }

    DEVICE void advance() {
        outer += step_outer, middle += step_middle, inner += step_inner;
        if (inner >= inners) inner -= inners, ++middle;
        if (middle >= middles) middle -= middles, ++outer;
    }
};

// A tap of a channel as two numbers: how far from a patch's first pixel it lies in memory, and its rows and columns in one word.
struct Tap {
    int offset, steps;

    static DEVICE Tap of(const Correlation& z, int channel, int a, int b) {
        const int sign = int(z.sign), down = a * sign, across = b * sign;
        return {int(channel * z.source_h + down) * int(z.source_w) + across,
                (channel < z.channels ? down : int(nowhere)) * 65536 + (across & 0xFFFF)};
    }
    static DEVICE int rows(int steps) { return steps >> 16; }
    static DEVICE int columns(int steps) { return int16_t(steps & 0xFFFF); }
};

// The first pixel of a position's patch.
struct PatchCorner {
    int64_t at;
    int row, column;

    static DEVICE PatchCorner of(const Correlation& z, bool exists, int n, int i, int j) {
        const int row = i * int(z.step_h) + int(z.first_h), column = j * int(z.step_w) + int(z.first_w);
        return {int64_t(n) * (z.channels * z.source_h * z.source_w) + row * int(z.source_w) + column, exists ? row : int(nowhere), column};
    }

    DEVICE void copy(const float* source, int height, int width, int offset, int steps, float* target) const {
        const unsigned down = unsigned(row + Tap::rows(steps)), across = unsigned(column + Tap::columns(steps));
        const bool inside = down < unsigned(height) && across < unsigned(width);
        async_copy_4(target, inside ? source + (at + offset) : source, inside);
    }
};

// A correlation: left [rows, depth] from the weights, right [depth, positions] from the source.
template <typename Tile>
class CorrelationLoads {
public:
    using Left = DepthInLine<Tile::rows>;
    using Right = ExtentInLine<Tile::columns>;

    DEVICE CorrelationLoads(const Correlation& size, const float* source, const float* weights, int first_row, int first_position)
        : z(size), source_(source), weights_(weights), first_row_(first_row), rows_left_(int(size.rows) - first_row),
          row_stride_(int(size.row_stride)), depth_end_(int(size.depth())), depth_(threadIdx.x % stage_depth, stage_depth, size.taps_h, size.taps_w) {
        const int taps = int(z.taps()), area = int(z.grid_area()), positions = int(z.positions());
        weights_flat_ = z.channel_stride == taps && z.tap_first == 0 && z.tap_stride_h == z.taps_w && z.tap_stride_w == 1 &&
                        z.depth() % 4 == 0 && z.row_stride % 4 == 0 && is_aligned_16(weights);
        source_flat_ = lies_flat(z) && area % 4 == 0 && is_aligned_16(source);
        const int g = first_position + (source_flat_ ? int(threadIdx.x) % quads * 4 : int(threadIdx.x) % Tile::columns);
        const int in_image = g % area;
        corner_ = PatchCorner::of(z, g < positions, g / area, in_image / int(z.grid_w), in_image % int(z.grid_w));
    }

    DEVICE void operator()(int stage, float* left, float* right) {
        if (weights_flat_) load_flat_weights(stage, left);
        else load_weights(left);
        if (source_flat_) load_flat_source(stage, right);
        else load_patches(right);
        depth_.advance();
    }

private:
    static constexpr int quads = Tile::columns / 4;

    DEVICE void load_flat_weights(int stage, float* left) const {
        constexpr int step = block_threads / 4;
        const int e = int(threadIdx.x) % 4 * 4, d = stage * stage_depth + e, rows_left = rows_left_ - int(threadIdx.x) / 4;
        int at = (first_row_ + int(threadIdx.x) / 4) * row_stride_ + d;
        IN_REGISTERS for (int i = 0; i < Tile::rows; i += step, at += step * row_stride_) {
            const bool exists = i < rows_left && d < depth_end_;
            async_copy_16(left + Left::at(int(threadIdx.x) / 4 + i, e), exists ? weights_ + at : weights_, exists);
        }
    }

    DEVICE void load_weights(float* left) const {
        constexpr int step = block_threads / stage_depth;
        const int e = int(threadIdx.x) % stage_depth, rows_left = rows_left_ - int(threadIdx.x) / stage_depth;
        int at = (first_row_ + int(threadIdx.x) / stage_depth) * row_stride_ + int(z.tap_first) + depth_.outer * int(z.channel_stride) +
                 depth_.middle * int(z.tap_stride_h) + depth_.inner * int(z.tap_stride_w);
        IN_REGISTERS for (int i = 0; i < Tile::rows; i += step, at += step * row_stride_) {
            const bool exists = i < rows_left && depth_.outer < int(z.channels);
            async_copy_4(left + Left::at(int(threadIdx.x) / stage_depth + i, e), exists ? weights_ + at : weights_, exists);
        }
    }

    DEVICE void load_flat_source(int stage, float* right) const {
        constexpr int levels = block_threads / quads;
        IN_REGISTERS for (int i = 0; i < stage_depth / levels; ++i) {
            const int e = int(threadIdx.x) / quads + i * levels, d = stage * stage_depth + e;
            const bool exists = corner_.row != nowhere && d < int(z.channels);
            const float* from = source_ + (corner_.at + d * int(z.source_h * z.source_w));
            async_copy_16(right + Right::at(int(threadIdx.x) % quads * 4, e), exists ? from : source_, exists);
        }
    }

    // Every lane works out the tap of one depth, and all of them get it from there.
    DEVICE void load_patches(float* right) const {
        constexpr int levels = block_threads / Tile::columns;
        const Tap tap = Tap::of(z, depth_.outer, depth_.middle, depth_.inner);
        IN_REGISTERS for (int i = 0; i < stage_depth / levels; ++i) {
            const int e = int(threadIdx.x) / Tile::columns + i * levels;
            const int offset = __shfl_sync(~0u, tap.offset, e), steps = __shfl_sync(~0u, tap.steps, e);
            corner_.copy(source_, int(z.source_h), int(z.source_w), offset, steps, right + Right::at(int(threadIdx.x) % Tile::columns, e));
        }
    }

    const Correlation& z;
    const float *source_, *weights_;
    int first_row_, rows_left_, row_stride_, depth_end_;
    bool weights_flat_, source_flat_;
    PatchCorner corner_{};
    Counter depth_;
};

// A weight gradient: left [depth, positions] from the images, right [filters, positions] from dy, for the positions [begin, end).
template <typename Tile>
class WeightGradientLoads {
public:
    using Left = DepthInLine<Tile::rows>;
    using Right = DepthInLine<Tile::columns>;

    // `offsets` and `steps` are the taps of the tile's rows, in shared memory.
    DEVICE WeightGradientLoads(const Correlation& size, const float* x, const float* dy, const int* offsets, const int* steps,
                               int first_d, int first_k, int begin, int end)
        : z(size), x_(x), dy_(dy), offsets_(offsets), steps_(steps), first_d_(first_d), first_k_(first_k), begin_(begin), end_(end),
          position_(begin + threadIdx.x % stage_depth, stage_depth, size.grid_h, size.grid_w) {
        const bool by_four = z.grid_area() % 4 == 0;
        dy_flat_ = by_four && is_aligned_16(dy);
        x_flat_ = by_four && lies_flat(z) && is_aligned_16(x);
    }

    DEVICE void operator()(int stage, float* left, float* right) {
        if (x_flat_) load_flat<Tile::rows>(stage, x_, int(z.channels), first_d_, left);
        else load_patches(stage, left);
        if (dy_flat_) load_flat<Tile::columns>(stage, dy_, int(z.rows), first_k_, right);
        else load_outputs(stage, right);
        position_.advance();
    }

private:
    // Planes [image, plane, position] from plane `first` on.
    template <int Extent>
    DEVICE void load_flat(int stage, const float* source, int planes, int first, float* target) const {
        constexpr int step = block_threads / 4;
        const int e = int(threadIdx.x) % 4 * 4, g = begin_ + stage * stage_depth + e, area = int(z.grid_area()), n = g / area;
        const int row = int(threadIdx.x) / 4, planes_left = g < end_ ? planes - first - row : 0;
        const float* from = source + ((int64_t(n) * planes + first + row) * area + (g - n * area));
        IN_REGISTERS for (int i = 0; i < Extent; i += step, from += step * area) {
            const bool exists = i < planes_left;
            async_copy_16(target + DepthInLine<Extent>::at(row + i, e), exists ? from : source, exists);
        }
    }

    DEVICE void load_patches(int stage, float* left) const {
        const int e = int(threadIdx.x) % stage_depth;
        const PatchCorner corner =
            PatchCorner::of(z, begin_ + stage * stage_depth + e < end_, position_.outer, position_.middle, position_.inner);
        IN_REGISTERS for (int i = 0; i < Tile::rows / (block_threads / stage_depth); ++i) {
            const int row = int(threadIdx.x) / stage_depth + i * (block_threads / stage_depth);
            corner.copy(x_, int(z.source_h), int(z.source_w), offsets_[row], steps_[row], left + Left::at(row, e));
        }
    }

    DEVICE void load_outputs(int stage, float* right) const {
        constexpr int step = block_threads / stage_depth;
        const int e = int(threadIdx.x) % stage_depth, area = int(z.grid_area()), row = int(threadIdx.x) / stage_depth;
        const int filters_left = begin_ + stage * stage_depth + e < end_ ? int(z.rows) - first_k_ - row : 0;
        const int in_image = position_.middle * int(z.grid_w) + position_.inner;
        const float* from = dy_ + ((int64_t(position_.outer) * z.rows + first_k_ + row) * area + in_image);
        IN_REGISTERS for (int i = 0; i < Tile::columns; i += step, from += step * area) {
            const bool exists = i < filters_left;
            async_copy_4(right + Right::at(row + i, e), exists ? from : dy_, exists);
        }
    }

    const Correlation& z;
    const float *x_, *dy_;
    const int *offsets_, *steps_;
    int first_d_, first_k_, begin_, end_;
    bool dy_flat_, x_flat_;
    Counter position_;
};

}  // namespace conv2d
