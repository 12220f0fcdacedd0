// How the stages of a convolution's operands come from images and kernels into shared memory: by 16 bytes where their order and their
// addresses allow it, else float by float, zeros in the place of borders and beyond the depth. Rows and columns beyond the last
// repeat it, since their results are not stored. Indices are 32-bit but for images and results: the host takes these kernels only
// where an image, the kernels and the positions count fewer than 2^31 and sides fewer than 2^14.
#pragma once

#include "conv2d/mma_tables.cuh"

namespace conv2d {

// The same value, which the compiler keeps instead of working it out again, or as parts of a longer sum, wherever it is used.
#if CUDA_DEVICE
DEVICE int settled(int value) {
    asm volatile("" : "+r"(value));
    return value;
}
DEVICE const float* settled(const float* pointer) {
    asm volatile("" : "+l"(pointer));
    return pointer;
}
#else
template <typename T>
DEVICE T settled(T value) { return value; }
#endif

DEVICE bool is_aligned_16(const float* pointer) { return reinterpret_cast<uintptr_t>(pointer) % 16 == 0; }

// Patches of one pixel each, that lie side by side as the positions do.
DEVICE bool lies_flat(const Correlation& z) {
    return z.taps() == 1 && z.step_h == 1 && z.step_w == 1 && z.first_h == 0 && z.first_w == 0 && z.source_h == z.grid_h &&
           z.source_w == z.grid_w;
}

// How the threads share out the lines of a DepthInLine: 4 threads a line by 16 bytes, else 16 by 4.
template <int Extent>
struct LineShare {
    static constexpr int by_16 = block_threads / 4, by_4 = block_threads / stage_depth, most = Extent / by_4;
    int line, depth, step, place, offsets[most];

    // offsets[i]: where the thread's line i begins, `stride` from line to line, of which `count` exist from `first` on.
    DEVICE LineShare(bool flat, int first, int count, int stride)
        : line(int(threadIdx.x / (flat ? 4 : stage_depth))), depth(settled(int(flat ? threadIdx.x % 4 * 4 : threadIdx.x % stage_depth))),
          step(flat ? by_16 : by_4), place(settled(DepthInLine<Extent>::at(line, depth))) {
        IN_REGISTERS for (int i = 0; i < most; ++i) {
            const int which = first + line + i * step;
            offsets[i] = settled((which < count ? which : count - 1) * stride);
        }
    }

    // To a stage, from the thread's depth of line 0 on.
    DEVICE void copy_by_16(const float* first, bool exists, float* stage) const {
        const float* from = settled(first);
        IN_REGISTERS for (int i = 0; i < Extent / by_16; ++i) async_copy_16(stage + place + i * by_16 * stage_depth, from + settled(offsets[i]), exists);
    }
    DEVICE void copy_by_4(const float* first, bool exists, float* stage) const {
        const float* from = settled(first);
        IN_REGISTERS for (int i = 0; i < most; ++i) async_copy_4(stage + place + i * by_4 * stage_depth, from + settled(offsets[i]), exists);
    }
};

// A correlation: left [rows, depth] from the weights, right [depth, positions] from the source.
template <typename Tile>
class CorrelationLoads {
public:
    using Left = DepthInLine<Tile::rows>;
    using Right = ExtentInLine<Tile::columns>;

    DEVICE CorrelationLoads(const Correlation& size, const float* source, const float* weights, TapTable& taps, int first_row, int first)
        : z(size), weights_(weights), taps_(taps), depth_end_(int(size.depth())), weights_flat_(are_flat(size, weights)),
          source_flat_(lies_flat(size) && size.grid_area() % 4 == 0 && is_aligned_16(source)),
          rows_(weights_flat_, first_row, int(size.rows), int(size.row_stride)) {
        const int own = source_flat_ ? int(threadIdx.x) % quads * 4 : int(threadIdx.x) % Tile::columns;
        const Corner corner = Corner::of(z, first + own, int(z.positions()));
        pixel_ = settled(source + (int64_t(corner.image) * int(z.channels * z.source_h * z.source_w) + corner.offset));
        outside_ = corner.outside;
        depth_ = settled(int(threadIdx.x / Tile::columns) * patch_depths);
        place_ = settled(Right::at(int(threadIdx.x % Tile::columns), depth_));
    }

    DEVICE void operator()(int stage, float* left, float* right) const {
        const int d = stage * stage_depth, place = d % (2 * table_depth), own = d + rows_.depth;
        if (d % table_depth == 0) taps_.fill(z, d + table_depth);
        if (weights_flat_) rows_.copy_by_16(weights_ + own, own < depth_end_, left);
        else rows_.copy_by_4(weights_ + taps_.weights[place + rows_.depth], own < depth_end_, left);
        if (source_flat_) copy_flat_source(d, right);
        else copy_patches(place, right);
    }

private:
    static constexpr int quads = Tile::columns / 4, patch_depths = stage_depth * Tile::columns / block_threads;

    static DEVICE bool are_flat(const Correlation& z, const float* weights) {
        return z.channel_stride == z.taps() && z.tap_first == 0 && z.tap_stride_h == z.taps_w && z.tap_stride_w == 1 &&
               z.depth() % 4 == 0 && z.row_stride % 4 == 0 && is_aligned_16(weights);
    }

    DEVICE void copy_flat_source(int first, float* right) const {
        constexpr int levels = block_threads / quads;
        const int plane = int(z.source_h * z.source_w);
        IN_REGISTERS for (int i = 0; i < stage_depth / levels; ++i) {
            const int e = int(threadIdx.x) / quads + i * levels, d = first + e;
            const bool exists = (outside_ & no_position) == 0 && d < depth_end_;
            async_copy_16(right + Right::at(int(threadIdx.x) % quads * 4, e), pixel_ + d * plane, exists);
        }
    }

    // A thread has one position and some depths side by side.
    DEVICE void copy_patches(int place, float* right) const {
        const int* from = taps_.offsets + place + depth_;
        const uint32_t* tests = taps_.bits + place + depth_;
        int offsets[patch_depths];
        uint32_t bits[patch_depths];
        IN_REGISTERS for (int i = 0; i < patch_depths; ++i) offsets[i] = from[i], bits[i] = tests[i];
        IN_REGISTERS for (int i = 0; i < patch_depths; ++i) {
            async_copy_4(right + place_ + i * Right::line, pixel_ + offsets[i], (bits[i] & outside_) == 0);
        }
    }

    const Correlation& z;
    const float *weights_, *pixel_ = nullptr;
    TapTable& taps_;
    int depth_end_, depth_ = 0, place_ = 0;  // the thread's depth of a stage, and where it belongs
    bool weights_flat_, source_flat_;
    uint32_t outside_ = 0;
    LineShare<Tile::rows> rows_;
};

// A weight gradient: left [depth, positions] from the images, right [filters, positions] from dy, for the positions [begin, end).
template <typename Tile>
class WeightGradientLoads {
public:
    using Left = DepthInLine<Tile::rows>;
    using Right = DepthInLine<Tile::columns>;

    DEVICE WeightGradientLoads(const Correlation& size, const float* x, const float* dy, CornerTable& corners, const RowTable<Tile>& taps,
                               int first_d, int first_k, int begin, int end)
        : z(size), x_(x), dy_(dy), corners_(corners), begin_(begin), end_(end),
          x_flat_(size.grid_area() % 4 == 0 && lies_flat(size) && is_aligned_16(x)),
          dy_flat_(size.grid_area() % 4 == 0 && is_aligned_16(dy)),
          rows_(x_flat_, first_d, int(size.channels), int(size.grid_area())),
          filters_(dy_flat_, first_k, int(size.rows), int(size.grid_area())) {
        if (x_flat_) return;
        IN_REGISTERS for (int i = 0; i < rows_.most; ++i) {
            const int row = rows_.line + i * rows_.step;
            rows_.offsets[i] = settled(taps.offsets[row]), bits_[i] = taps.bits[row];
        }
    }

    DEVICE void operator()(int stage, float* left, float* right) const {
        const int d = stage * stage_depth, place = d % (2 * table_depth);
        if (d % table_depth == 0) corners_.fill(z, begin_, end_, d + table_depth);
        const Corner of_x = corners_.corners[place + rows_.depth], of_dy = corners_.corners[place + filters_.depth];
        const float* pixel = x_ + (int64_t(of_x.image) * int(z.channels * z.source_h * z.source_w) + of_x.offset);
        if (x_flat_) rows_.copy_by_16(pixel, of_x.exists(), left);
        else copy_patches(pixel, of_x.outside, left);
        const float* output = dy_ + (int64_t(of_dy.image) * int(z.rows * z.grid_area()) + of_dy.in_grid);
        if (dy_flat_) filters_.copy_by_16(output, of_dy.exists(), right);
        else filters_.copy_by_4(output, of_dy.exists(), right);
    }

private:
    // A thread has one position and some taps.
    DEVICE void copy_patches(const float* first, uint32_t outside, float* left) const {
        const float* pixel = settled(first);
        IN_REGISTERS for (int i = 0; i < rows_.most; ++i) {
            async_copy_4(left + rows_.place + i * rows_.by_4 * stage_depth, pixel + settled(rows_.offsets[i]), (bits_[i] & outside) == 0);
        }
    }

    const Correlation& z;
    const float *x_, *dy_;
    CornerTable& corners_;
    int begin_, end_;
    bool x_flat_, dy_flat_;
    LineShare<Tile::rows> rows_;
    LineShare<Tile::columns> filters_;
    uint32_t bits_[LineShare<Tile::rows>::most] = {};
};

}  // namespace conv2d
