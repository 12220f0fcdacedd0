// The weight gradient by Winograd's transforms on the fast device: rows of the product are channels, lanes filters, the depth tiles.
// Ranges of channels and filters are pieces of work.
#pragma once

#include "conv2d/fast_winograd.cuh"

namespace conv2d::winograd {

// Of a piece of work; multiples of panel_rows and filters_padding.
constexpr int64_t most_channels = 64, most_filters = 4 * filters_padding;
constexpr int64_t chunk_pixel_stride = most_channels * tile_chunk + 16, chunk_result_stride = most_filters * tile_chunk + 64;

// The results of a vector of tiles for lanes<T> filters of which `filters` exist: y[tile, result, filter]. Squares of lanes<T> filters by
// as many results are transposed; a row of a tile's results is read at once.
template <typename F, typename T>
void load_results(const VectorOfWindows<T, F::step>& windows, const T* dy, int64_t plane, int64_t filters, T* y) {
    constexpr int rows = lanes<T> / F::step;
    for (int first = 0; first < lanes<T> * F::step; first += rows) {
        Vector<T> square[lanes<T>];
        UNROLLED for (int k = 0; k < lanes<T>; ++k) {
            square[k] = Vector<T>{};
            UNROLLED for (int r = 0; r < rows; ++r) {
                const int tile = (first + r) / F::step, a = (first + r) % F::step;
                const unsigned mask = k < filters ? windows.mask(a, tile) : 0;
                square[k] = simd::load_lanes(dy + k * plane + windows.offset(a, tile) - r * F::step, mask << r * F::step, square[k]);
            }
        }
        simd::transpose<T>(square);
        UNROLLED for (int p = 0; p < lanes<T>; ++p) simd::store(y + (first * F::step + p) * lanes<T>, square[p]);
    }
}

// w[entry, panel of filters, tile, filter of the panel] for a chunk of tiles and the filters of [first_k, first_k + filters).
template <typename F, typename T>
void transform_gradients(const Correlation& results, const T* dy, int64_t first, int64_t count, int64_t first_k, int64_t filters, T* w) {
    constexpr int area = F::step * F::step;
    const int64_t plane = results.source_h * results.source_w;
    for (int64_t lane = 0; lane < count; lane += lanes<T>) {
        const VectorOfWindows<T, F::step> windows(results, first + lane, count - lane);
        for (int64_t k = 0; k < filters; k += lanes<T>) {
            T y[lanes<T> * area * lanes<T>];
            load_results<F>(windows, dy + (first_k + k) * plane, plane, results.channels - first_k - k, y);
            T* panel = w + (k / block_tiles<T> * tile_chunk + lane) * block_tiles<T> + k % block_tiles<T>;
            for (int t = 0; t < lanes<T>; ++t) {
                both_sides<typename F::Results, Vector<T>>(
                    [&](int p) { return simd::load(y + (t * area + p) * lanes<T>); },
                    [&](int xi, Vector<T> v) { simd::store(panel + xi * chunk_result_stride + t * block_tiles<T>, v); });
            }
        }
    }
}

// Adds the products of a chunk of tiles and a phase to sums[entry of the kernel, channel, filter].
template <typename F, typename Phase, typename T>
void multiply_chunk(Phase phase, int64_t count, int64_t channels, int64_t filters, const SumShape<F>& shape, const T* v, const T* w,
                    bool is_first_chunk, T* sums) {
    for (int xi = 0; xi < F::entries; ++xi) {
        const int a = xi / F::side, b = xi % F::side;
        const bool is_first = is_first_chunk && phase.is_first(a, b);
        if (!phase.has(xi)) continue;
        for (int64_t k = 0; k < filters; k += block_tiles<T>) {
            for (int64_t c = 0; c < channels; c += panel_rows) {
                Accumulators<panel_rows, block_vectors, T> tile;
                tile.multiply(count, v + xi * chunk_pixel_stride + c * tile_chunk, 1, tile_chunk, w + xi * chunk_result_stride + k * tile_chunk);
                UNROLLED for (int i = 0; i < panel_rows; ++i) {
                    UNROLLED for (int n = 0; n < block_vectors; ++n) {
                        T* at = sums + shape.at(0, phase.kernel_entry(a, b), c + i, k + n * lanes<T>);
                        simd::store(at, is_first ? tile.sum[i][n] : simd::load(at) + tile.sum[i][n]);
                    }
                }
            }
        }
    }
}

// The sums of a group's tiles [begin, end) for the channels from first_c and the filters from first_k on.
template <typename F, typename T>
void gradient_of_range(const Correlation& z, const T* x, const T* dy, int64_t begin, int64_t end, int64_t first_c, int64_t first_k, T* sums) {
    alignas(simd::bytes) T v[F::entries * chunk_pixel_stride];
    alignas(simd::bytes) T w[F::entries * chunk_result_stride];
    const SumShape<F> shape(z.channels, z.rows);
    const Correlation results = results_of<F>(z);
    const int64_t last_c = first_c + most_channels < z.channels ? first_c + most_channels : z.channels;
    const int64_t filters = shape.filters - first_k < most_filters ? shape.filters - first_k : most_filters;
    for (int64_t at = begin; at < end; at += tile_chunk) {
        const int64_t count = at + tile_chunk < end ? tile_chunk : end - at;
        transform_gradients<F>(results, dy, at, count, first_k, filters, w);
        for_each_phase<F, F::phases>([&](auto phase) {
            transform_tiles<F, F::stride>(z, phase, x, at, count, first_c, last_c, tile_chunk, chunk_pixel_stride, v);
            multiply_chunk<F>(phase, count, last_c - first_c, filters, shape, v, w, at == begin, sums + shape.at(0, 0, first_c, first_k));
        });
    }
}

template <typename F, typename T>
DEVICE void weight_gradient(const Correlation& z, int64_t group_tiles, const T* x, const T* dy, T* partial) {
    const SumShape<F> shape(z.channels, z.rows);
    const int64_t tiles = tiles_of<F>(z).positions(), groups = (tiles + group_tiles - 1) / group_tiles;
    const int64_t down = (shape.channels + most_channels - 1) / most_channels, across = (shape.filters + most_filters - 1) / most_filters;
    GRID_BLOCKS(item, groups * down * across) {
        const int64_t group = item / (down * across), begin = group * group_tiles;
        const int64_t end = begin + group_tiles < tiles ? begin + group_tiles : tiles;
        gradient_of_range<F>(z, x, dy, begin, end, item / across % down * most_channels, item % across * most_filters,
                             partial + shape.at(group, 0, 0, 0));
    }
}

}  // namespace conv2d::winograd
