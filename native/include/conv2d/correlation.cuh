// The form that the forward pass and the input gradient of a 2-D convolution share.
#pragma once

#include "conv2d_size.cuh"
#include "device.cuh"

namespace conv2d {

// out[n, row, position] = the sum over depth d = (channel, a, b) of weight(row, d) * patch(d, n, position), where position (i, j)
// of a grid reads source[n, channel, i step_h + first_h + a sign, j step_w + first_w + b sign], 0 outside, and lies at
// (i out_step_h + out_first_h, j out_step_w + out_first_w) of the result's planes.
struct Correlation {
    int64_t images, channels, rows;
    int64_t source_h, source_w, taps_h, taps_w, sign;
    int64_t grid_h, grid_w, step_h, step_w, first_h, first_w;
    int64_t row_stride, channel_stride, tap_first, tap_stride_h, tap_stride_w;
    int64_t out_h, out_w, out_step_h, out_step_w, out_first_h, out_first_w;

    DEVICE int64_t taps() const { return taps_h * taps_w; }
    DEVICE int64_t depth() const { return channels * taps(); }
    DEVICE int64_t grid_area() const { return grid_h * grid_w; }
    DEVICE int64_t positions() const { return images * grid_area(); }

    DEVICE int64_t weight(int64_t row, int64_t channel, int64_t a, int64_t b) const {
        return row * row_stride + channel * channel_stride + tap_first + a * tap_stride_h + b * tap_stride_w;
    }
    // Of position g in the result, row 0.
    DEVICE int64_t target(int64_t g) const { return target(g / grid_area(), g / grid_w % grid_h, g % grid_w); }
    DEVICE int64_t target(int64_t n, int64_t i, int64_t j) const {
        return (n * rows * out_h + i * out_step_h + out_first_h) * out_w + j * out_step_w + out_first_w;
    }
};

// y from x and w.
DEVICE Correlation forward(const Conv2dSize& z, int64_t filters) {
    return {z.N, z.C, filters, z.H, z.W, z.R, z.S, 1, z.P, z.Q, z.stride_h, z.stride_w, -z.pad_h, -z.pad_w,
            z.C * z.R * z.S, z.R * z.S, 0, z.S, 1, z.P, z.Q, 1, 1, 0, 0};
}

// One side of an input gradient: the pixels h = which, which + stride, ... meet the taps r = tap, tap + stride, ... alone, and
// pixel number i meets tap number a at p = first + i - a.
struct InterleavedSide {
    int64_t tap, taps, pixels, first;
    DEVICE InterleavedSide(int64_t which, int64_t size, int64_t kernel, int64_t stride, int64_t pad) {
        tap = (which + pad) % stride;
        taps = tap < kernel ? (kernel - tap + stride - 1) / stride : 0;
        pixels = which < size ? (size - which + stride - 1) / stride : 0;
        first = (which + pad - tap) / stride;
    }
};

// dx from dy and w, at the pixels (h, w) = (which_h, which_w) modulo the strides.
DEVICE Correlation input_gradient(const Conv2dSize& z, int64_t filters, int64_t which_h, int64_t which_w) {
    const InterleavedSide down(which_h, z.H, z.R, z.stride_h, z.pad_h), across(which_w, z.W, z.S, z.stride_w, z.pad_w);
    return {z.N, filters, z.C, z.P, z.Q, down.taps, across.taps, -1, down.pixels, across.pixels, 1, 1, down.first, across.first,
            z.R * z.S, z.C * z.R * z.S, down.tap * z.S + across.tap, z.stride_h * z.S, z.stride_w,
            z.H, z.W, z.stride_h, z.stride_w, which_h, which_w};
}

// The order of addition, the same on every device: products are added by fma one after another within a chunk, chunks one after
// another. A weight gradient's depth is the positions, in groups of whole chunks, which are added last.
constexpr int64_t chunk = 256;
// A weight gradient's partial sums are [group, (c,r,s), filter] with the filters padded to a multiple of this.
constexpr int64_t filter_padding = 32;

DEVICE int64_t padded_filters(int64_t filters) { return (filters + filter_padding - 1) / filter_padding * filter_padding; }

}  // namespace conv2d
