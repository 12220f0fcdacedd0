// What the bodies of Winograd's convolutions share (the transforms are in winograd_transforms.cuh and winograd_strided.cuh): the order of
// addition, the layouts of transformed kernels and of a weight gradient's sums, and the kernels that need no vectors. F is a tile.
#pragma once

#include "conv2d/correlation.cuh"
#include "conv2d/winograd_strided.cuh"

namespace conv2d::winograd {

// Channels whose products are added by fma one after another; such sums are added one after another, phase after phase of each chunk.
constexpr int64_t channel_chunk = 64;
// Transformed kernels are [entry, chunk of channels, panel, channel of the chunk, row of the panel], zero beyond the last row.
constexpr int64_t panel_rows = 8;

// Between the entries of transformed kernels and of a weight gradient's sums, whose lines would share few places of the caches without it.
constexpr int64_t entry_padding = 80;

DEVICE int64_t panels(int64_t rows) { return (rows + panel_rows - 1) / panel_rows; }

// From one entry of the transformed kernels to the next, and where in an entry a panel is at a channel.
DEVICE int64_t kernel_stride(const Correlation& z) { return panels(z.rows) * z.channels * panel_rows + entry_padding; }
DEVICE int64_t kernel_offset(const Correlation& z, int64_t panel, int64_t channel) {
    const int64_t begin = channel / channel_chunk * channel_chunk, count = z.channels - begin < channel_chunk ? z.channels - begin : channel_chunk;
    return (begin * panels(z.rows) + panel * count + channel - begin) * panel_rows;
}

// Which side of a correlation is in phases: a forward pass adds those of its source, an input gradient has a result for each.
template <typename Tile>
struct Forward {
    using F = Tile;
    static constexpr int source_phases = F::phases, source_stride = F::stride, result_phases = 1, result_stride = 1;
};
template <typename Tile>
struct InputGradient {
    using F = Tile;
    static constexpr int source_phases = 1, source_stride = 1, result_phases = F::phases, result_stride = F::stride;
};

// The input gradient as a correlation with results for each position: at a stride of 2 number i has the pixels 2k - 1 - pad and 2k - pad, k =
// i + first_h, which meet the middle tap and the outer two.
template <typename F>
DEVICE Correlation input_gradient(const Conv2dSize& size, int64_t filters) {
    Correlation z = conv2d::input_gradient(size, filters, 0, 0);
    if constexpr (F::stride == 2) {
        z.tap_first = 0, z.tap_stride_h = size.S, z.tap_stride_w = 1;
        z.first_h = (size.pad_h + 1) / 2, z.first_w = (size.pad_w + 1) / 2;
        z.grid_h = (size.H + size.pad_h) / 2 - z.first_h + 1, z.grid_w = (size.W + size.pad_w) / 2 - z.first_w + 1;
        z.out_first_h = 2 * z.first_h - 1 - size.pad_h, z.out_first_w = 2 * z.first_w - 1 - size.pad_w;
    }
    return z;
}

// The correlation that reads a phase of the tiles' pixels: a position is a tile, a tap one of its pixels.
template <typename F, typename Phase>
DEVICE Correlation tiles_of(const Correlation& z, Phase) {
    constexpr int64_t overlap = F::side - F::step;
    Correlation t = z;
    t.taps_h = t.taps_w = F::side;
    t.sign = z.step_h;
    t.grid_h = (z.grid_h + F::step - 1) / F::step, t.grid_w = (z.grid_w + F::step - 1) / F::step;
    t.step_h = z.step_h * F::step, t.step_w = z.step_w * F::step;
    t.first_h = z.first_h + (z.sign < 0 ? -overlap : Phase::down), t.first_w = z.first_w + (z.sign < 0 ? -overlap : Phase::across);
    return t;
}
template <typename F>
DEVICE Correlation tiles_of(const Correlation& z) { return tiles_of<F>(z, Phase<F, 0>()); }

// The correlation that reads the tiles of a result's gradient: a tap is one of a tile's results.
template <typename F>
DEVICE Correlation results_of(const Correlation& z) {
    Correlation t = tiles_of<F>(z);
    t.channels = z.rows;
    t.source_h = z.grid_h, t.source_w = z.grid_w;
    t.taps_h = t.taps_w = F::step;
    t.step_h = t.step_w = F::step;
    t.sign = 1;
    t.first_h = t.first_w = 0;
    return t;
}

// The tap of the kernel that meets pixel a of a window: an input gradient has its kernels rotated.
DEVICE int64_t tap(const Correlation& z, int64_t a) { return z.sign < 0 ? 2 - a : a; }

// u[entry, i] for row i of a panel at a channel.
template <typename F, typename T>
DEVICE void transform_panel(const Correlation& z, const T* weights, int64_t panel, int64_t channel, T (&u)[F::kernel_entries][panel_rows]) {
    const int64_t turn = z.sign < 0 ? -1 : 1, down = turn * z.tap_stride_h, across = turn * z.tap_stride_w;
    T g[9][panel_rows] = {};
    for (int64_t i = 0; i < panel_rows && panel * panel_rows + i < z.rows; ++i) {
        const T* first = weights + z.weight(panel * panel_rows + i, channel, tap(z, 0), tap(z, 0));
        for (int t = 0; t < 9; ++t) g[t][i] = first[t / 3 * down + t % 3 * across];
    }
    LOOP_IS_PARALLEL
    for (int64_t i = 0; i < panel_rows; ++i) {
        both_sides<typename F::Taps, T>([&](int t) { return g[t][i]; }, [&](int xi, T v) { u[xi][i] = v; });
    }
}

// The transformed kernels of all rows and channels, in runs of channels.
template <typename F, typename T>
DEVICE void transform_weights(const Correlation& z, const T* weights, T* u) {
    constexpr int64_t run = 8;
    const int64_t stride = kernel_stride(z), runs = (z.channels + run - 1) / run;
    GRID_LOOP(e, panels(z.rows) * runs) {
        const int64_t panel = e / runs, begin = e % runs * run, count = z.channels - begin < run ? z.channels - begin : run;
        T values[run][F::kernel_entries][panel_rows];
        for (int64_t c = 0; c < count; ++c) transform_panel<F>(z, weights, panel, begin + c, values[c]);
        T* target = u + kernel_offset(z, panel, begin);
        for (int64_t xi = 0; xi < F::kernel_entries; ++xi) {
            for (int64_t c = 0; c < count; ++c) {
                for (int64_t i = 0; i < panel_rows; ++i) target[xi * stride + c * panel_rows + i] = values[c][xi][i];
            }
        }
    }
}

// Of a weight gradient: tiles whose products are added by fma one after another; such sums are added one after another, phase after phase
// of each chunk, within a group of tiles, groups last. They are [group, entry of the kernel, channel, filter], padded.
constexpr int64_t tile_chunk = 64, filters_padding = 32;

template <typename F>
struct SumShape {
    int64_t channels, filters;
    DEVICE SumShape(int64_t c, int64_t k)
        : channels(panels(c) * panel_rows), filters((k + filters_padding - 1) / filters_padding * filters_padding) {}
    DEVICE int64_t at(int64_t group, int64_t xi, int64_t c, int64_t k) const {
        return (group * F::kernel_entries + xi) * (channels * filters + entry_padding) + c * filters + k;
    }
};

// g[tap, k] = G^T s G of the sum s over the groups, in their order, for channel c and the filters of [first_k, first_k + filters_padding).
template <typename F, typename T>
DEVICE void add_groups(const SumShape<F>& shape, int64_t groups, int64_t c, int64_t first_k, const T* partial, T (&g)[9][filters_padding]) {
    T sum[F::kernel_entries][filters_padding];
    for (int64_t xi = 0; xi < F::kernel_entries; ++xi) {
        for (int64_t k = 0; k < filters_padding; ++k) sum[xi][k] = partial[shape.at(0, xi, c, first_k + k)];
        for (int64_t group = 1; group < groups; ++group) {
            const T* more = partial + shape.at(group, xi, c, first_k);
            for (int64_t k = 0; k < filters_padding; ++k) sum[xi][k] += more[k];
        }
    }
    LOOP_IS_PARALLEL
    for (int64_t k = 0; k < filters_padding; ++k) {
        both_sides<typename F::Entries, T>([&](int xi) { return sum[xi][k]; }, [&](int t, T v) { g[t][k] = v; });
    }
}

// dw from the groups' sums; by blocks of channels and filters, since one side is transposed.
template <typename F, typename T>
DEVICE void add_groups(int64_t filters, int64_t channels, int64_t groups, const T* partial, T* dw) {
    constexpr int64_t run = 16;
    const SumShape<F> shape(channels, filters);
    const int64_t across = (channels + run - 1) / run, down = shape.filters / filters_padding;
    GRID_LOOP(e, across * down) {
        const int64_t first_k = e / across * filters_padding, first_c = e % across * run;
        for (int64_t c = first_c; c < first_c + run && c < channels; ++c) {
            T g[9][filters_padding];
            add_groups(shape, groups, c, first_k, partial, g);
            for (int64_t k = 0; k < filters_padding && first_k + k < filters; ++k) {
                for (int t = 0; t < 9; ++t) dw[((first_k + k) * channels + c) * 9 + t] = g[t][k];
            }
        }
    }
}

}  // namespace conv2d::winograd
