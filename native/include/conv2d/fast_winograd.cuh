// Winograd's convolution on the fast device: the lanes of a vector are tiles. A few vectors of tiles go through all channels: their
// pixels are transformed a chunk of channels at a time, multiplied entry by entry by panels of transformed kernels, and the sums
// transformed into results. Of a worker's memory this takes 0.9 MB, which fits the second-level cache.
#pragma once

#include "conv2d/epilogue.cuh"
#include "conv2d/fast_accumulators.cuh"
#include "conv2d/fast_tile_targets.cuh"
#include "conv2d/fast_windows.cuh"
#include "conv2d/winograd.cuh"

namespace conv2d::winograd {

// Vectors of a block of tiles, which with panel_rows rows make a tile of accumulators.
constexpr int block_vectors = simd::registers / 16;
template <typename T>
constexpr int64_t block_tiles = block_vectors * lanes<T>;
// Sums of a row and a tile, one for each entry and phase of the results.
template <typename Pass>
constexpr int64_t sum_count = Pass::F::entries * Pass::result_phases;
// Rows of a piece of work; a multiple of panel_rows.
template <typename Pass>
constexpr int64_t most_rows = sum_count<Pass> > 64 ? 64 : 128;
// From one entry to the next: not a multiple of a page, or they would share a few lines of the first-level cache.
template <typename T>
constexpr int64_t pixel_stride = (channel_chunk + 1) * block_tiles<T>;
template <typename Pass, typename T>
constexpr int64_t sum_stride = (most_rows<Pass> + 1) * block_tiles<T>;

// v[entry, channel, tile] of a phase for the channels of [begin, end): entries `stride` apart, channels `width`.
template <typename F, typename Phase, typename Windows, typename T>
void transform_windows(Phase phase, const Windows& windows, const T* source, int64_t plane, int64_t begin, int64_t end, int64_t width,
                       int64_t stride, T* v) {
    for (int64_t c = begin; c < end; ++c, v += width) {
        Vector<T> half[F::entries] = {}, row[F::side] = {};
        UNROLLED for (int a = 0; a < phase.rows; ++a) {
            windows.load(source + c * plane, a, row);
            F::Pixels::apply(row, 1, half + a * F::side, 1);
        }
        UNROLLED for (int b = 0; b < phase.columns; ++b) {
            Vector<T> column[F::side];
            F::Pixels::apply(half + b, F::side, column, 1);
            UNROLLED for (int a = 0; a < phase.rows; ++a) simd::store(v + (a * F::side + b) * stride, column[a]);
        }
    }
}

// v[entry, channel, tile] of the tiles [first, first + count) in a phase for the channels of [begin, end), whose pixels are `apart`.
template <typename F, int apart, typename Phase, typename T>
void transform_tiles(const Correlation& z, Phase phase, const T* source, int64_t first, int64_t count, int64_t begin, int64_t end,
                     int64_t width, int64_t stride, T* v) {
    const Correlation tiles = tiles_of<F>(z, phase);
    for (int64_t lane = 0; lane < count; lane += lanes<T>) {
        const VectorOfWindows<T, phase.rows, phase.columns, apart> windows(tiles, first + lane, count - lane);
        transform_windows<F>(phase, windows, source, z.source_h * z.source_w, begin, end, width, stride, v + lane);
    }
}

// Adds the products of a phase and a chunk of channels to m[entry, row - first_row, tile].
template <typename Pass, typename Phase, typename T>
void multiply(const Correlation& z, Phase phase, const T* u, int64_t first_row, int64_t last_row, int64_t begin, int64_t end, bool is_first,
              const T* v, T* m) {
    using F = typename Pass::F;
    for (int xi = 0; xi < F::entries; ++xi) {
        if (!phase.has(xi)) continue;
        const T* kernels = u + phase.kernel_entry(xi / F::side, xi % F::side) * kernel_stride(z);
        for (int64_t row = first_row; row < last_row; row += panel_rows) {
            Accumulators<panel_rows, block_vectors, T> tile;
            tile.multiply(end - begin, kernels + kernel_offset(z, row / panel_rows, begin), panel_rows, 1, v + xi * pixel_stride<T>);
            T* sums = m + xi * sum_stride<Pass, T> + (row - first_row) * block_tiles<T>;
            UNROLLED for (int i = 0; i < panel_rows; ++i) {
                UNROLLED for (int k = 0; k < block_vectors; ++k) {
                    T* at = sums + (i * block_vectors + k) * lanes<T>;
                    simd::store(at, is_first ? tile.sum[i][k] : simd::load(at) + tile.sum[i][k]);
                }
            }
        }
    }
}

// The sums of a chunk of channels for all phases; those of a phase of the results are F::entries * sum_stride apart.
template <typename Pass, typename T>
void multiply_chunk(const Correlation& z, const T* source, const T* u, int64_t first, int64_t count, int64_t first_row, int64_t last_row,
                    int64_t begin, int64_t end, T* v, T* m) {
    using F = typename Pass::F;
    for_each_phase<F, Pass::source_phases>([&](auto of_source) {
        transform_tiles<F, Pass::source_stride>(z, of_source, source, first, count, begin, end, block_tiles<T>, pixel_stride<T>, v);
        for_each_phase<F, Pass::result_phases>([&](auto of_results) {
            const Phase<F, of_source.number + of_results.number> phase;
            T* sums = m + of_results.number * F::entries * sum_stride<Pass, T>;
            multiply<Pass>(z, phase, u, first_row, last_row, begin, end, begin == 0 && of_source.number == 0, v, sums);
        });
    });
}

template <typename Pass, typename T>
using TargetsOf = TileTargets<Pass::F::step * Pass::result_stride, T>;

// The results of one row's sums, whose entries are sum_stride apart, of `count` tiles.
template <typename Pass, typename T, typename Epilogue>
void finish_row(const Epilogue& epilogue, int64_t row, int64_t count, const T* sums, const TargetsOf<Pass, T>* targets, T* out) {
    using F = typename Pass::F;
    constexpr int apart = Pass::result_stride, width = F::step * apart, results = width * width;
    for (int64_t k = 0; k * lanes<T> < count; ++k) {
        Vector<T> y[results];
        for_each_phase<F, Pass::result_phases>([&](auto phase) {
            const T* first = sums + phase.number * F::entries * sum_stride<Pass, T> + k * lanes<T>;
            both_sides<typename F::Sums, Vector<T>>(
                [&](int xi) { return phase.has(xi) ? simd::load(first + xi * sum_stride<Pass, T>) : Vector<T>{}; },
                [&](int p, Vector<T> v) {
                    const int a = p / F::step * apart + apart - 1 - phase.down, b = p % F::step * apart + apart - 1 - phase.across;
                    y[a * width + b] = v;
                });
        });
        if constexpr (!Epilogue::is_none) {
            T values[results * lanes<T>];
            UNROLLED for (int p = 0; p < results; ++p) simd::store(values + p * lanes<T>, y[p]);
            epilogue.apply(row, results * lanes<T>, values);
            UNROLLED for (int p = 0; p < results; ++p) y[p] = simd::load(values + p * lanes<T>);
        }
        targets[k].store(row, y, out);
    }
}

template <typename Pass, typename T, typename Epilogue>
void correlate_block(const Correlation& z, const Correlation& tiles, const T* source, const T* u, const Epilogue& epilogue, int64_t first,
                     int64_t first_row, int64_t last_row, T* out) {
    alignas(simd::bytes) T v[Pass::F::entries * pixel_stride<T>];
    alignas(simd::bytes) T m[sum_count<Pass> * sum_stride<Pass, T>];
    const int64_t left = tiles.positions() - first, count = left < block_tiles<T> ? left : block_tiles<T>;
    for (int64_t begin = 0; begin < z.channels; begin += channel_chunk) {
        const int64_t end = begin + channel_chunk < z.channels ? begin + channel_chunk : z.channels;
        multiply_chunk<Pass>(z, source, u, first, count, first_row, last_row, begin, end, v, m);
    }
    TargetsOf<Pass, T> targets[block_vectors];
    for (int64_t k = 0; k < block_vectors; ++k) targets[k] = {z, tiles, first + k * lanes<T>, count - k * lanes<T>};
    for (int64_t row = first_row; row < last_row && row < z.rows; ++row)
        finish_row<Pass>(epilogue, row, count, m + (row - first_row) * block_tiles<T>, targets, out);
}

// Blocks of tiles, all rows or a few ranges of them: few enough for the sums to stay in the cache, and several for several workers.
template <typename Pass, typename T, typename Epilogue>
DEVICE void correlate(const Correlation& z, const T* source, const T* u, const Epilogue& epilogue, T* out) {
    constexpr int64_t enough = 4, fewest_rows = 6 * panel_rows;
    const Correlation tiles = tiles_of<typename Pass::F>(z);
    const int64_t blocks = (tiles.positions() + block_tiles<T> - 1) / block_tiles<T>;
    const int64_t wanted = blocks < enough ? enough : 1, most = (z.rows + fewest_rows - 1) / fewest_rows;
    const int64_t fewest = (z.rows + most_rows<Pass> - 1) / most_rows<Pass>, ranges = wanted < fewest ? fewest : wanted < most ? wanted : most;
    const int64_t rows = panels((z.rows + ranges - 1) / ranges) * panel_rows;
    GRID_BLOCKS(item, blocks * ranges) {
        const int64_t first_row = item % ranges * rows, end = panels(z.rows) * panel_rows;
        const int64_t last_row = first_row + rows < end ? first_row + rows : end;
        if (first_row < last_row)
            correlate_block<Pass>(z, tiles, source, u, epilogue, item / ranges * block_tiles<T>, first_row, last_row, out);
    }
}

}  // namespace conv2d::winograd
