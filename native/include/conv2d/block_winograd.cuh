// Winograd's convolution for any threads: one for each row and tile. The order of fast_winograd.cuh, in the plainest way.
#pragma once

#include "conv2d/block_product.cuh"
#include "conv2d/winograd.cuh"

namespace conv2d::winograd {

// total = the sums of the 16 entries over all channels.
template <typename T>
DEVICE void add_channels(const Correlation& z, const PatchColumn<T>& tile, const T* u, int64_t row, T (&total)[entries]) {
    const int64_t stride = panels(z.rows) * z.channels * panel_rows;
    const T* factors = u + row / panel_rows * z.channels * panel_rows + row % panel_rows;
    for (int64_t begin = 0; begin < z.channels; begin += channel_chunk) {
        T sum[entries] = {};
        for (int64_t c = begin; c < begin + channel_chunk && c < z.channels; ++c) {
            T d[entries];
            for (int xi = 0; xi < entries; ++xi) d[xi] = tile.at(c * entries + xi);
            transform_tile(d);
            for (int xi = 0; xi < entries; ++xi) sum[xi] = math::detail::fma(factors[xi * stride + c * panel_rows], d[xi], sum[xi]);
        }
        for (int xi = 0; xi < entries; ++xi) total[xi] = begin == 0 ? sum[xi] : total[xi] + sum[xi];
    }
}

template <typename T, typename Epilogue>
DEVICE void correlate(const Correlation& z, const T* source, const T* u, const Epilogue& epilogue, T* out) {
    const Correlation tiles = tiles_of(z);
    GRID_LOOP(e, z.rows * tiles.positions()) {
        const int64_t row = e / tiles.positions(), t = e % tiles.positions();
        T total[entries] = {}, y[step * step];
        add_channels(z, PatchColumn<T>(tiles, source, t), u, row, total);
        transform_sums(total, y);
        const int64_t n = t / tiles.grid_area(), i = t / tiles.grid_w % tiles.grid_h * step, j = t % tiles.grid_w * step;
        for (int64_t p = 0; p < step * step; ++p) {
            const int64_t h = i + p / step, w = j + p % step;
            if (h < z.grid_h && w < z.grid_w) out[((n * z.rows + row) * z.grid_h + h) * z.grid_w + w] = epilogue.value(row, y[p]);
        }
    }
}

// One thread for each channel, filter and group.
template <typename T>
DEVICE void weight_gradient(const Correlation& z, int64_t group_tiles, const T* x, const T* dy, T* partial) {
    const SumShape shape(z.channels, z.rows);
    const Correlation tiles = tiles_of(z), results = results_of(z);
    const int64_t positions = tiles.positions(), groups = (positions + group_tiles - 1) / group_tiles;
    GRID_LOOP(e, groups * z.channels * z.rows) {
        const int64_t group = e / (z.channels * z.rows), c = e / z.rows % z.channels, k = e % z.rows, begin = group * group_tiles;
        T total[entries] = {};
        for (int64_t at = begin; at < begin + group_tiles && at < positions; at += tile_chunk) {
            T sum[entries] = {};
            for (int64_t t = at; t < at + tile_chunk && t < begin + group_tiles && t < positions; ++t) {
                const PatchColumn<T> pixels(tiles, x, t), gradients(results, dy, t);
                T d[entries], y[step * step], w[entries];
                for (int xi = 0; xi < entries; ++xi) d[xi] = pixels.at(c * entries + xi);
                for (int tap = 0; tap < step * step; ++tap) y[tap] = gradients.at(k * step * step + tap);
                transform_tile(d);
                transform_results(y, w);
                for (int xi = 0; xi < entries; ++xi) sum[xi] = math::detail::fma(d[xi], w[xi], sum[xi]);
            }
            for (int xi = 0; xi < entries; ++xi) total[xi] = at == begin ? sum[xi] : total[xi] + sum[xi];
        }
        for (int64_t xi = 0; xi < entries; ++xi) partial[shape.at(group, xi, c, k)] = total[xi];
    }
}

}  // namespace conv2d::winograd
