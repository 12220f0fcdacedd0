// Winograd's convolution for any threads: one for each row and tile. The order of fast_winograd.cuh, in the plainest way.
#pragma once

#include "conv2d/block_product.cuh"
#include "conv2d/winograd.cuh"

namespace conv2d::winograd {

// v = the transformed pixels of a tile's channel, in one of the phases.
template <typename F, typename T>
DEVICE void transform_pixels(const PatchColumn<T>& tile, int64_t channel, T (&v)[F::entries]) {
    T d[F::entries];
    for (int xi = 0; xi < F::entries; ++xi) d[xi] = tile.at(channel, xi / F::side, xi % F::side);
    both_sides<typename F::Pixels>(d, v);
}

// total += the sums of a phase's entries over the channels of [begin, begin + channel_chunk).
template <typename F, typename Phase, typename T>
DEVICE void add_channels(const Correlation& z, const PatchColumn<T>& tile, const T* u, int64_t row, int64_t begin, Phase phase, bool is_first,
                         T (&total)[F::entries]) {
    const int64_t stride = kernel_stride(z);
    T sum[F::entries] = {}, v[F::entries];
    for (int64_t c = begin; c < begin + channel_chunk && c < z.channels; ++c) {
        transform_pixels<F>(tile, c, v);
        const T* factors = u + kernel_offset(z, row / panel_rows, c) + row % panel_rows;
        for (int xi = 0; xi < F::entries; ++xi) {
            if (phase.has(xi)) sum[xi] = math::detail::fma(factors[phase.kernel_entry(xi / F::side, xi % F::side) * stride], v[xi], sum[xi]);
        }
    }
    for (int xi = 0; xi < F::entries; ++xi) {
        if (phase.has(xi)) total[xi] = is_first ? sum[xi] : total[xi] + sum[xi];
    }
}

// The results of the tile at t for one phase of the results: y[a, b].
template <typename Pass, int phase, typename F, typename T>
DEVICE void correlate_tile(const Correlation& z, const T* source, const T* u, int64_t row, const Place& t, T (&y)[F::step * F::step]) {
    T total[F::entries] = {};
    for (int64_t begin = 0; begin < z.channels; begin += channel_chunk) {
        for_each_phase<F, Pass::source_phases>([&](auto of_source) {
            const Correlation tiles = tiles_of<F>(z, of_source);
            const PatchColumn<T> tile(tiles, source, t);
            add_channels<F>(z, tile, u, row, begin, Phase<F, phase + of_source.number>(), begin == 0 && of_source.number == 0, total);
        });
    }
    both_sides<typename F::Sums>(total, y);
}

template <typename Pass, typename T, typename Epilogue>
DEVICE void correlate(const Correlation& z, const T* source, const T* u, const Epilogue& epilogue, T* out) {
    using F = typename Pass::F;
    constexpr int64_t apart = Pass::result_stride;
    const Correlation tiles = tiles_of<F>(z);
    const Dividers by(tiles);
    GRID_LOOP(e, z.rows * tiles.positions()) {
        const int64_t row = e / tiles.positions();
        const Place t = Places(tiles, by, e % tiles.positions()).at(0);
        for_each_phase<F, Pass::result_phases>([&](auto phase) {
            T y[F::step * F::step];
            correlate_tile<Pass, phase.number, F>(z, source, u, row, t, y);
            for (int64_t p = 0; p < F::step * F::step; ++p) {
                const int64_t h = z.out_first_h + (t.i * F::step + p / F::step) * apart + apart - 1 - phase.down;
                const int64_t w = z.out_first_w + (t.j * F::step + p % F::step) * apart + apart - 1 - phase.across;
                if (h >= 0 && h < z.out_h && w >= 0 && w < z.out_w) out[((t.image * z.rows + row) * z.out_h + h) * z.out_w + w] = epilogue.value(row, y[p]);
            }
        });
    }
}

// total += the products of a chunk of tiles [begin, end) of a group, entry by entry of the kernel.
template <typename F, typename T>
DEVICE void add_tiles(const Correlation& z, const Places& places, const T* x, const T* dy, int begin, int end, int64_t c, int64_t k,
                      T (&total)[F::kernel_entries]) {
    const Correlation results = results_of<F>(z);
    for_each_phase<F, F::phases>([&](auto phase) {
        const Correlation tiles = tiles_of<F>(z, phase);
        T sum[F::entries] = {}, v[F::entries], y[F::step * F::step], w[F::entries];
        for (int t = begin; t < end; ++t) {
            const Place place = places.at(t);
            const PatchColumn<T> pixels(tiles, x, place), gradients(results, dy, place);
            transform_pixels<F>(pixels, c, v);
            for (int p = 0; p < F::step * F::step; ++p) y[p] = gradients.at(k, p / F::step, p % F::step);
            both_sides<typename F::Results>(y, w);
            for (int xi = 0; xi < F::entries; ++xi) sum[xi] = math::detail::fma(v[xi], w[xi], sum[xi]);
        }
        for (int xi = 0; xi < F::entries; ++xi) {
            const int a = xi / F::side, b = xi % F::side, entry = phase.kernel_entry(a, b);
            if (phase.has(xi)) total[entry] = begin == 0 && phase.is_first(a, b) ? sum[xi] : total[entry] + sum[xi];
        }
    });
}

// One thread for each channel, filter and group.
template <typename F, typename T>
DEVICE void weight_gradient(const Correlation& z, int64_t group_tiles, const T* x, const T* dy, T* partial) {
    const SumShape<F> shape(z.channels, z.rows);
    const Correlation tiles = tiles_of<F>(z);
    const Dividers by(tiles);
    const int64_t positions = tiles.positions(), groups = (positions + group_tiles - 1) / group_tiles;
    GRID_LOOP(e, groups * z.channels * z.rows) {
        const int64_t group = e / (z.channels * z.rows), c = e / z.rows % z.channels, k = e % z.rows, begin = group * group_tiles;
        const int count = int(begin + group_tiles < positions ? group_tiles : positions - begin);
        const Places places(tiles, by, begin);
        T total[F::kernel_entries] = {};
        for (int at = 0; at < count; at += int(tile_chunk)) {
            add_tiles<F>(z, places, x, dy, at, at + int(tile_chunk) < count ? at + int(tile_chunk) : count, c, k, total);
        }
        for (int64_t xi = 0; xi < F::kernel_entries; ++xi) partial[shape.at(group, xi, c, k)] = total[xi];
    }
}

}  // namespace conv2d::winograd
