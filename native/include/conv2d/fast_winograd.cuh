// Winograd's convolution on the fast device: the lanes of a vector are tiles. A few vectors of tiles go through all channels: their
// pixels are packed and transformed a chunk of channels at a time, multiplied entry by entry of the 4 x 4 by panels of transformed
// kernels, and the sums transformed into results. Of a worker's memory this takes 0.8 MB, which fits the second-level cache.
#pragma once

#include "conv2d/epilogue.cuh"
#include "conv2d/fast_accumulators.cuh"
#include "conv2d/winograd.cuh"

namespace conv2d::winograd {

constexpr int block_vectors = simd::registers / 8;
template <typename T>
constexpr int64_t block_tiles = block_vectors * lanes<T>;
// Of a piece of work; a multiple of panel_rows.
constexpr int64_t most_rows = 22 * panel_rows;
// From one entry to the next: not a multiple of a page, or they would share a few lines of the first-level cache.
template <typename T>
constexpr int64_t pixel_stride = (channel_chunk + 1) * block_tiles<T>;
template <typename T>
constexpr int64_t sum_stride = most_rows * block_tiles<T>;

// v[entry, c - begin, tile] for the channels of [begin, end) and `width` tiles, the entries `stride` apart: packed as the pixels lie,
// then transformed in their place.
template <typename T>
void transform_source(const Correlation& tiles, const T* source, int64_t first, int64_t count, int64_t begin, int64_t end, int64_t width,
                      int64_t stride, T* v) {
    for (int64_t lane = 0; lane < width; lane += lanes<T>) {
        VectorOfPositions<T> positions(tiles, first + lane, count - lane);
        for (int64_t xi = 0; xi < entries; ++xi) positions.pack(source, xi / side, xi % side, begin, end, v + xi * stride + lane, width);
        for (int64_t c = 0; c < end - begin; ++c) {
            T* at = v + c * width + lane;
            Vector<T> d[entries];
            UNROLLED for (int xi = 0; xi < entries; ++xi) d[xi] = simd::load(at + xi * stride);
            transform_tile(d);
            UNROLLED for (int xi = 0; xi < entries; ++xi) simd::store(at + xi * stride, d[xi]);
        }
    }
}

// Adds the products of a chunk of channels to m[entry, row - first_row, tile].
template <typename T>
void multiply(const Correlation& z, const T* u, int64_t first_row, int64_t last_row, int64_t begin, int64_t end, const T* v, T* m) {
    for (int64_t xi = 0; xi < entries; ++xi) {
        for (int64_t row = first_row; row < last_row; row += panel_rows) {
            const int64_t panel = xi * panels(z.rows) + row / panel_rows;
            Accumulators<panel_rows, block_vectors, T> tile;
            tile.multiply(end - begin, u + (panel * z.channels + begin) * panel_rows, panel_rows, 1, v + xi * pixel_stride<T>);
            T* sums = m + xi * sum_stride<T> + (row - first_row) * block_tiles<T>;
            UNROLLED for (int i = 0; i < panel_rows; ++i) {
                UNROLLED for (int k = 0; k < block_vectors; ++k) {
                    T* at = sums + (i * block_vectors + k) * lanes<T>;
                    simd::store(at, begin == 0 ? tile.sum[i][k] : simd::load(at) + tile.sum[i][k]);
                }
            }
        }
    }
}

// Where a vector's tiles leave their results: runs of tiles that are neighbours in a row of an image.
template <typename T>
class TileRuns {
public:
    TileRuns() = default;
    TileRuns(const Correlation& z, const Correlation& tiles, int64_t first, int64_t count) : width_(z.grid_w), plane_(z.grid_h * z.grid_w) {
        for (int64_t lane = 0; lane < count && lane < lanes<T>;) {
            const int64_t t = first + lane, n = t / tiles.grid_area(), i = t / tiles.grid_w % tiles.grid_h, j = t % tiles.grid_w;
            int64_t run = tiles.grid_w - j;
            if (run > count - lane) run = count - lane;
            if (run > lanes<T> - lane) run = lanes<T> - lane;
            const int64_t results = z.grid_w - j * step < run * step ? z.grid_w - j * step : run * step;
            runs_[count_++] = {(n * z.rows * z.grid_h + i * step) * z.grid_w + (j - lane) * step, i * step + 1 < z.grid_h,
                               ((uint64_t(1) << results) - 1) << lane * step};
            lane += run;
        }
    }

    // y[a, b] are the results (a, b) of the vector's tiles.
    void store(int64_t row, const Vector<T> (&y)[step * step], T* out) const {
        for (int a = 0; a < step; ++a) {
            const Vector<T> low = simd::interleave_low<T>(y[step * a], y[step * a + 1]);
            const Vector<T> high = simd::interleave_high<T>(y[step * a], y[step * a + 1]);
            for (int r = 0; r < count_; ++r) {
                const Run& run = runs_[r];
                if (a == 1 && !run.has_second) continue;
                T* target = out + run.offset + row * plane_ + a * width_;
                simd::store_lanes(target, unsigned(run.mask) & simd::all_lanes<T>, low);
                simd::store_lanes(target + lanes<T>, unsigned(run.mask >> lanes<T>) & simd::all_lanes<T>, high);
            }
        }
    }

private:
    // Of 2 lanes<T> results in a row those of `mask` are the run's and lie at offset + their number.
    struct Run {
        int64_t offset;
        bool has_second;
        uint64_t mask;
    };
    int64_t width_ = 0, plane_ = 0;
    Run runs_[lanes<T>];
    int count_ = 0;
};

// The results of one row's sums, whose entries are sum_stride apart.
template <typename T, typename Epilogue>
void finish_row(const Epilogue& epilogue, int64_t row, const T* sums, const TileRuns<T>* runs, T* out) {
    T results[block_vectors * step * step * lanes<T>];
    for (int k = 0; k < block_vectors; ++k) {
        Vector<T> m[entries], y[step * step];
        UNROLLED for (int xi = 0; xi < entries; ++xi) m[xi] = simd::load(sums + xi * sum_stride<T> + k * lanes<T>);
        transform_sums(m, y);
        UNROLLED for (int p = 0; p < step * step; ++p) simd::store(results + (k * step * step + p) * lanes<T>, y[p]);
    }
    if constexpr (!Epilogue::is_none) epilogue.apply(row, block_vectors * step * step * lanes<T>, results);
    for (int k = 0; k < block_vectors; ++k) {
        Vector<T> y[step * step];
        UNROLLED for (int p = 0; p < step * step; ++p) y[p] = simd::load(results + (k * step * step + p) * lanes<T>);
        runs[k].store(row, y, out);
    }
}

template <typename T, typename Epilogue>
void correlate_block(const Correlation& z, const Correlation& tiles, const T* source, const T* u, const Epilogue& epilogue, int64_t first,
                     int64_t first_row, int64_t last_row, T* out) {
    alignas(simd::bytes) T v[entries * pixel_stride<T>];
    alignas(simd::bytes) T m[entries * sum_stride<T>];
    const int64_t left = tiles.positions() - first, count = left < block_tiles<T> ? left : block_tiles<T>;
    for (int64_t begin = 0; begin < z.channels; begin += channel_chunk) {
        const int64_t end = begin + channel_chunk < z.channels ? begin + channel_chunk : z.channels;
        transform_source(tiles, source, first, count, begin, end, block_tiles<T>, pixel_stride<T>, v);
        multiply(z, u, first_row, last_row, begin, end, v, m);
    }
    TileRuns<T> runs[block_vectors];
    for (int64_t k = 0; k < block_vectors; ++k) runs[k] = {z, tiles, first + k * lanes<T>, count - k * lanes<T>};
    for (int64_t row = first_row; row < last_row && row < z.rows; ++row)
        finish_row(epilogue, row, m + (row - first_row) * block_tiles<T>, runs, out);
}

// Blocks of tiles, all rows or a few ranges of them: few enough for the sums to stay in the cache, and several for several workers.
template <typename T, typename Epilogue>
DEVICE void correlate(const Correlation& z, const T* source, const T* u, const Epilogue& epilogue, T* out) {
    constexpr int64_t enough = 4, fewest_rows = 8 * panel_rows;
    const Correlation tiles = tiles_of(z);
    const int64_t blocks = (tiles.positions() + block_tiles<T> - 1) / block_tiles<T>;
    const int64_t wanted = blocks < enough ? enough : 1, most = (z.rows + fewest_rows - 1) / fewest_rows;
    const int64_t fewest = (z.rows + most_rows - 1) / most_rows, ranges = wanted < fewest ? fewest : wanted < most ? wanted : most;
    const int64_t rows = panels((z.rows + ranges - 1) / ranges) * panel_rows;
    GRID_BLOCKS(item, blocks * ranges) {
        const int64_t first_row = item % ranges * rows, end = panels(z.rows) * panel_rows;
        const int64_t last_row = first_row + rows < end ? first_row + rows : end;
        if (first_row < last_row)
            correlate_block(z, tiles, source, u, epilogue, item / ranges * block_tiles<T>, first_row, last_row, out);
    }
}

}  // namespace conv2d::winograd
