// Winograd's convolution for any threads: one for each row and tile. The order of fast_winograd.cuh, in the plainest way.
#pragma once

#include "conv2d/block_product.cuh"
#include "conv2d/winograd.cuh"

namespace conv2d::winograd {

// total = the sums of the entries over all channels.
template <typename F, typename T>
DEVICE void add_channels(const Correlation& z, const PatchColumn<T>& tile, const T* u, int64_t row, T (&total)[F::entries]) {
    const int64_t stride = kernel_stride(z);
    for (int64_t begin = 0; begin < z.channels; begin += channel_chunk) {
        T sum[F::entries] = {};
        for (int64_t c = begin; c < begin + channel_chunk && c < z.channels; ++c) {
            T d[F::entries], v[F::entries];
            for (int xi = 0; xi < F::entries; ++xi) d[xi] = tile.at(c, xi / F::side, xi % F::side);
            both_sides<typename F::Pixels>(d, v);
            const T* factors = u + kernel_offset(z, row / panel_rows, c) + row % panel_rows;
            for (int xi = 0; xi < F::entries; ++xi) sum[xi] = math::detail::fma(factors[xi * stride], v[xi], sum[xi]);
        }
        for (int xi = 0; xi < F::entries; ++xi) total[xi] = begin == 0 ? sum[xi] : total[xi] + sum[xi];
    }
}

template <typename F, typename T, typename Epilogue>
DEVICE void correlate(const Correlation& z, const T* source, const T* u, const Epilogue& epilogue, T* out) {
    const Correlation tiles = tiles_of<F>(z);
    const Dividers by(tiles);
    GRID_LOOP(e, z.rows * tiles.positions()) {
        const int64_t row = e / tiles.positions();
        const Place t = Places(tiles, by, e % tiles.positions()).at(0);
        T total[F::entries] = {}, y[F::step * F::step];
        add_channels<F>(z, PatchColumn<T>(tiles, source, t), u, row, total);
        both_sides<typename F::Sums>(total, y);
        for (int p = 0; p < F::step * F::step; ++p) {
            const int64_t h = t.i * F::step + p / F::step, w = t.j * F::step + p % F::step;
            if (h < z.grid_h && w < z.grid_w) out[((t.image * z.rows + row) * z.grid_h + h) * z.grid_w + w] = epilogue.value(row, y[p]);
        }
    }
}

// One thread for each channel, filter and group.
template <typename F, typename T>
DEVICE void weight_gradient(const Correlation& z, int64_t group_tiles, const T* x, const T* dy, T* partial) {
    const SumShape<F> shape(z.channels, z.rows);
    const Correlation tiles = tiles_of<F>(z), results = results_of<F>(z);
    const Dividers by(tiles);
    const int64_t positions = tiles.positions(), groups = (positions + group_tiles - 1) / group_tiles;
    GRID_LOOP(e, groups * z.channels * z.rows) {
        const int64_t group = e / (z.channels * z.rows), c = e / z.rows % z.channels, k = e % z.rows, begin = group * group_tiles;
        const Places places(tiles, by, begin);
        T total[F::entries] = {};
        for (int64_t at = begin; at < begin + group_tiles && at < positions; at += tile_chunk) {
            T sum[F::entries] = {};
            for (int64_t t = at; t < at + tile_chunk && t < begin + group_tiles && t < positions; ++t) {
                const Place place = places.at(int(t - begin));
                const PatchColumn<T> pixels(tiles, x, place), gradients(results, dy, place);
                T d[F::entries], v[F::entries], y[F::step * F::step], w[F::entries];
                for (int xi = 0; xi < F::entries; ++xi) d[xi] = pixels.at(c, xi / F::side, xi % F::side);
                for (int p = 0; p < F::step * F::step; ++p) y[p] = gradients.at(k, p / F::step, p % F::step);
                both_sides<typename F::Pixels>(d, v);
                both_sides<typename F::Results>(y, w);
                for (int xi = 0; xi < F::entries; ++xi) sum[xi] = math::detail::fma(v[xi], w[xi], sum[xi]);
            }
            for (int xi = 0; xi < F::entries; ++xi) total[xi] = at == begin ? sum[xi] : total[xi] + sum[xi];
        }
        for (int64_t xi = 0; xi < F::entries; ++xi) partial[shape.at(group, xi, c, k)] = total[xi];
    }
}

}  // namespace conv2d::winograd
