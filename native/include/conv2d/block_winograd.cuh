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

}  // namespace conv2d::winograd
