// The weight gradient by Winograd's transforms on the fast device: rows of the product are channels, lanes filters, the depth tiles.
// Ranges of channels and filters are pieces of work, so that what is added to stays in the cache; a worker has 0.8 MB beside it.
#pragma once

#include "conv2d/fast_winograd.cuh"

namespace conv2d::winograd {

// Of a piece of work; multiples of panel_rows and filters_padding.
constexpr int64_t most_channels = most_rows, most_filters = 2 * filters_padding;
constexpr int64_t chunk_pixel_stride = most_channels * tile_chunk, chunk_result_stride = most_filters * tile_chunk + 64;

// The results of one vector of tiles for lanes<T> filters from first_k on: y[tap][tile][filter], 0 beyond the last filter.
template <typename T>
void pack_results(const Correlation& results, VectorOfPositions<T>& positions, const T* dy, int64_t first_k, T (&y)[step * step][lanes<T> * lanes<T>]) {
    const int64_t left = results.channels - first_k, count = left < lanes<T> ? left : lanes<T>;
    for (int tap = 0; tap < step * step; ++tap) {
        if (count > 0) positions.pack(dy, tap / step, tap % step, first_k, first_k + count, y[tap], lanes<T>);
        Vector<T> square[lanes<T>];
        UNROLLED for (int i = 0; i < lanes<T>; ++i) square[i] = i < count ? simd::load(y[tap] + i * lanes<T>) : Vector<T>{};
        simd::transpose<T>(square);
        UNROLLED for (int i = 0; i < lanes<T>; ++i) simd::store(y[tap] + i * lanes<T>, square[i]);
    }
}

// w[entry, panel of filters, tile, filter of the panel] for a chunk of tiles and the filters of [first_k, first_k + filters).
template <typename T>
void transform_gradients(const Correlation& results, const T* dy, int64_t first, int64_t count, int64_t first_k, int64_t filters, T* w) {
    for (int64_t lane = 0; lane < tile_chunk; lane += lanes<T>) {
        VectorOfPositions<T> positions(results, first + lane, count - lane);
        for (int64_t k = 0; k < filters; k += lanes<T>) {
            T y[step * step][lanes<T> * lanes<T>];
            pack_results(results, positions, dy, first_k + k, y);
            T* panel = w + (k / block_tiles<T> * tile_chunk + lane) * block_tiles<T> + k % block_tiles<T>;
            for (int t = 0; t < lanes<T>; ++t) {
                Vector<T> of_tile[step * step], transformed[entries];
                UNROLLED for (int tap = 0; tap < step * step; ++tap) of_tile[tap] = simd::load(y[tap] + t * lanes<T>);
                transform_results(of_tile, transformed);
                UNROLLED for (int xi = 0; xi < entries; ++xi) simd::store(panel + xi * chunk_result_stride + t * block_tiles<T>, transformed[xi]);
            }
        }
    }
}

// Adds the products of a chunk of tiles to sums[entry, channel, filter].
template <typename T>
void multiply_chunk(int64_t count, int64_t channels, int64_t filters, const SumShape& shape, const T* v, const T* w, bool is_first, T* sums) {
    for (int64_t xi = 0; xi < entries; ++xi) {
        for (int64_t k = 0; k < filters; k += block_tiles<T>) {
            for (int64_t c = 0; c < channels; c += panel_rows) {
                Accumulators<panel_rows, block_vectors, T> tile;
                tile.multiply(count, v + xi * chunk_pixel_stride + c * tile_chunk, 1, tile_chunk, w + xi * chunk_result_stride + k * tile_chunk);
                UNROLLED for (int i = 0; i < panel_rows; ++i) {
                    UNROLLED for (int n = 0; n < block_vectors; ++n) {
                        T* at = sums + shape.at(0, xi, c + i, k + n * lanes<T>);
                        simd::store(at, is_first ? tile.sum[i][n] : simd::load(at) + tile.sum[i][n]);
                    }
                }
            }
        }
    }
}

// The sums of a group's tiles [begin, end) for the channels from first_c and the filters from first_k on.
template <typename T>
void gradient_of_range(const Correlation& z, const T* x, const T* dy, int64_t begin, int64_t end, int64_t first_c, int64_t first_k, T* sums) {
    alignas(simd::bytes) T v[entries * chunk_pixel_stride] = {};
    alignas(simd::bytes) T w[entries * chunk_result_stride];
    const SumShape shape(z.channels, z.rows);
    const Correlation tiles = tiles_of(z), results = results_of(z);
    const int64_t last_c = first_c + most_channels < z.channels ? first_c + most_channels : z.channels;
    const int64_t filters = shape.filters - first_k < most_filters ? shape.filters - first_k : most_filters;
    for (int64_t at = begin; at < end; at += tile_chunk) {
        const int64_t count = at + tile_chunk < end ? tile_chunk : end - at;
        transform_source(tiles, x, at, count, first_c, last_c, tile_chunk, chunk_pixel_stride, v);
        transform_gradients(results, dy, at, count, first_k, filters, w);
        multiply_chunk(count, last_c - first_c, filters, shape, v, w, at == begin, sums + shape.at(0, 0, first_c, first_k));
    }
}

template <typename T>
DEVICE void weight_gradient(const Correlation& z, int64_t group_tiles, const T* x, const T* dy, T* partial) {
    const SumShape shape(z.channels, z.rows);
    const int64_t tiles = tiles_of(z).positions(), groups = (tiles + group_tiles - 1) / group_tiles;
    const int64_t down = (shape.channels + most_channels - 1) / most_channels, across = (shape.filters + most_filters - 1) / most_filters;
    GRID_BLOCKS(item, groups * down * across) {
        const int64_t group = item / (down * across), begin = group * group_tiles;
        const int64_t end = begin + group_tiles < tiles ? begin + group_tiles : tiles;
        gradient_of_range(z, x, dy, begin, end, item / across % down * most_channels, item % across * most_filters,
                              partial + shape.at(group, 0, 0, 0));
    }
}

}  // namespace conv2d::winograd
