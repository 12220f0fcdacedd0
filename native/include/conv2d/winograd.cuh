// Winograd's F(2x2, 3x3) (Lavin and Gray, Fast Algorithms for Convolutional Neural Networks, CVPR 2016, sections 4.1 and 5): 2 x 2
// results of a 3 x 3 kernel at step 1 from 16 products per channel in the place of 36,
//     Y = A^T [ sum over channels of (G g G^T) o (B^T d B) ] A,
// where g is the kernel, d the 4 x 4 pixels that a tile of results reads, o the product entry by entry. The transforms of d and of
// the sums are additions alone; in float32 the error is some twice that of the direct sum.
#pragma once

#include "conv2d/correlation.cuh"

namespace conv2d::winograd {

// Entries of a transformed tile, row after row; results on a tile's side.
constexpr int side = 4, entries = side * side, step = 2;
// Channels whose products are added by fma one after another; such sums are added one after another.
constexpr int64_t channel_chunk = 64;
// Transformed kernels are [entry, panel, channel, row of the panel], zero beyond the last row.
constexpr int64_t panel_rows = 6;

DEVICE int64_t panels(int64_t rows) { return (rows + panel_rows - 1) / panel_rows; }

// The correlation that reads the tiles' pixels: a position is a tile, a tap one of its 4 x 4 pixels.
DEVICE Correlation tiles_of(const Correlation& z) {
    Correlation t = z;
    t.taps_h = t.taps_w = side;
    t.sign = 1;
    t.grid_h = (z.grid_h + step - 1) / step, t.grid_w = (z.grid_w + step - 1) / step;
    t.step_h = t.step_w = step;
    t.first_h = z.sign < 0 ? z.first_h - 2 : z.first_h, t.first_w = z.sign < 0 ? z.first_w - 2 : z.first_w;
    return t;
}

// The tap of the kernel that meets pixel a of a window: an input gradient has its kernels rotated.
DEVICE int64_t tap(const Correlation& z, int64_t a) { return z.sign < 0 ? 2 - a : a; }

// d -> B^T d, one column; with a stride of 1 the same for a row. V is a number or a vector of them.
template <int stride, typename V>
DEVICE void transform_pixels(V* d) {
    const V d0 = d[0], d1 = d[stride], d2 = d[2 * stride], d3 = d[3 * stride];
    d[0] = d0 - d2, d[stride] = d1 + d2, d[2 * stride] = d2 - d1, d[3 * stride] = d1 - d3;
}

// B^T d B in the place of d.
template <typename V>
DEVICE void transform_tile(V (&d)[entries]) {
    for (int i = 0; i < side; ++i) transform_pixels<side>(d + i);
    for (int i = 0; i < side; ++i) transform_pixels<1>(d + side * i);
}

// y[2 a + b] = A^T m A.
template <typename V>
DEVICE void transform_sums(const V (&m)[entries], V (&y)[step * step]) {
    V half[step * side];
    for (int j = 0; j < side; ++j) {
        half[j] = m[j] + m[side + j] + m[2 * side + j];
        half[side + j] = m[side + j] - m[2 * side + j] - m[3 * side + j];
    }
    for (int a = 0; a < step; ++a) {
        const V* h = half + a * side;
        y[step * a] = h[0] + h[1] + h[2];
        y[step * a + 1] = h[1] - h[2] - h[3];
    }
}

// u[0], u[out], ... = G g for g[0], g[in], g[2 in].
template <typename V>
DEVICE void transform_taps(const V* g, int in, V* u, int out) {
    const V outer = g[0] + g[2 * in];
    u[0] = g[0], u[out] = V(0.5) * (outer + g[in]), u[2 * out] = V(0.5) * (outer - g[in]), u[3 * out] = g[2 * in];
}

// u = G g G^T of 3 x 3 taps g.
template <typename V>
DEVICE void transform_kernel(const V (&g)[9], V (&u)[entries]) {
    V half[side * 3];
    for (int j = 0; j < 3; ++j) transform_taps(g + j, 3, half + j, 3);
    for (int i = 0; i < side; ++i) transform_taps(half + 3 * i, 1, u + side * i, 1);
}

// u[entry, i] for row i of a panel at a channel.
template <typename T>
DEVICE void transform_panel(const Correlation& z, const T* weights, int64_t panel, int64_t channel, T (&u)[entries][panel_rows]) {
    const int64_t turn = z.sign < 0 ? -1 : 1, down = turn * z.tap_stride_h, across = turn * z.tap_stride_w;
    T g[9][panel_rows] = {};
    for (int64_t i = 0; i < panel_rows && panel * panel_rows + i < z.rows; ++i) {
        const T* first = weights + z.weight(panel * panel_rows + i, channel, tap(z, 0), tap(z, 0));
        for (int t = 0; t < 9; ++t) g[t][i] = first[t / 3 * down + t % 3 * across];
    }
    LOOP_IS_PARALLEL
    for (int64_t i = 0; i < panel_rows; ++i) {
        T taps[9], transformed[entries];
        for (int t = 0; t < 9; ++t) taps[t] = g[t][i];
        transform_kernel(taps, transformed);
        for (int xi = 0; xi < entries; ++xi) u[xi][i] = transformed[xi];
    }
}

// Of a weight gradient, dg = G^T [ sum over tiles of (B^T d B) o (A dY A^T) ] G: tiles whose products are added by fma one after another;
// such sums are added one after another within a group of tiles, groups last. They are [group, entry, channel, filter], padded.
constexpr int64_t tile_chunk = 48, filters_padding = 64;

struct SumShape {
    int64_t channels, filters;
    DEVICE SumShape(int64_t c, int64_t k)
        : channels(panels(c) * panel_rows), filters((k + filters_padding - 1) / filters_padding * filters_padding) {}
    DEVICE int64_t at(int64_t group, int64_t xi, int64_t c, int64_t k) const {
        return ((group * entries + xi) * channels + c) * filters + k;
    }
};

// The correlation that reads the tiles of a result's gradient: a tap is one of a tile's 2 x 2 results.
DEVICE Correlation results_of(const Correlation& z) {
    Correlation t = tiles_of(z);
    t.channels = z.rows;
    t.source_h = z.grid_h, t.source_w = z.grid_w;
    t.taps_h = t.taps_w = step;
    t.first_h = t.first_w = 0;
    return t;
}

// w = A y A^T of 2 x 2 results y.
template <typename V>
DEVICE void transform_results(const V (&y)[step * step], V (&w)[entries]) {
    V half[side * step];
    for (int j = 0; j < step; ++j)
        half[j] = y[j], half[step + j] = y[j] + y[step + j], half[2 * step + j] = y[j] - y[step + j], half[3 * step + j] = -y[step + j];
    for (int i = 0; i < side; ++i) {
        const V first = half[step * i], second = half[step * i + 1];
        V* row = w + side * i;
        row[0] = first, row[1] = first + second, row[2] = first - second, row[3] = -second;
    }
}

// g[0], g[out], g[2 out] = G^T s for s[0], s[in], ...
template <typename V>
DEVICE void transform_entries(const V* s, int in, V* g, int out) {
    const V half = V(0.5) * (s[in] + s[2 * in]);
    g[0] = s[0] + half, g[out] = V(0.5) * (s[in] - s[2 * in]), g[2 * out] = half + s[3 * in];
}

// g[tap, k] = G^T s G of the sum s over the groups, in their order, for channel c and the filters of [first_k, first_k + filters_padding).
template <typename T>
DEVICE void add_groups(const SumShape& shape, int64_t groups, int64_t c, int64_t first_k, const T* partial, T (&g)[9][filters_padding]) {
    T sum[entries][filters_padding];
    for (int64_t xi = 0; xi < entries; ++xi) {
        for (int64_t k = 0; k < filters_padding; ++k) sum[xi][k] = partial[shape.at(0, xi, c, first_k + k)];
        for (int64_t group = 1; group < groups; ++group) {
            const T* more = partial + shape.at(group, xi, c, first_k);
            for (int64_t k = 0; k < filters_padding; ++k) sum[xi][k] += more[k];
        }
    }
    LOOP_IS_PARALLEL
    for (int64_t k = 0; k < filters_padding; ++k) {
        T s[entries], half[3 * side], taps[9];
        for (int xi = 0; xi < entries; ++xi) s[xi] = sum[xi][k];
        for (int j = 0; j < side; ++j) transform_entries(s + j, side, half + j, side);
        for (int i = 0; i < 3; ++i) transform_entries(half + side * i, 1, taps + 3 * i, 1);
        for (int t = 0; t < 9; ++t) g[t][k] = taps[t];
    }
}

// dw from the groups' sums; by blocks of channels and filters, since one side is transposed.
template <typename T>
DEVICE void add_groups(int64_t filters, int64_t channels, int64_t groups, const T* partial, T* dw) {
    constexpr int64_t run = 16;
    const SumShape shape(channels, filters);
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

// The transformed kernels of all rows and channels, in runs of channels.
template <typename T>
DEVICE void transform_weights(const Correlation& z, const T* weights, T* u) {
    constexpr int64_t run = 8;
    const int64_t stride = panels(z.rows) * z.channels * panel_rows, runs = (z.channels + run - 1) / run;
    GRID_LOOP(e, panels(z.rows) * runs) {
        const int64_t panel = e / runs, begin = e % runs * run, count = z.channels - begin < run ? z.channels - begin : run;
        T values[run][entries][panel_rows];
        for (int64_t c = 0; c < count; ++c) transform_panel(z, weights, panel, begin + c, values[c]);
        T* target = u + (panel * z.channels + begin) * panel_rows;
        for (int64_t xi = 0; xi < entries; ++xi) {
            for (int64_t c = 0; c < count; ++c) {
                for (int64_t i = 0; i < panel_rows; ++i) target[xi * stride + c * panel_rows + i] = values[c][xi][i];
            }
        }
    }
}

}  // namespace conv2d::winograd
