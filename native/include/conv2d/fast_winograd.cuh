// Winograd's convolution on the fast device: the lanes of a vector are tiles. A few vectors of tiles go through all channels: their
// pixels are transformed a chunk of channels at a time, multiplied entry by entry by panels of transformed kernels, and the sums
// transformed into results. Of a worker's memory this takes 0.9 MB, which fits the second-level cache.
#pragma once

#include "conv2d/epilogue.cuh"
#include "conv2d/fast_accumulators.cuh"
#include "conv2d/fast_windows.cuh"
#include "conv2d/winograd.cuh"

namespace conv2d::winograd {

// Vectors of a block of tiles, which with panel_rows rows make a tile of accumulators.
constexpr int block_vectors = simd::registers / 16;
template <typename T>
constexpr int64_t block_tiles = block_vectors * lanes<T>;
// Of a piece of work; a multiple of panel_rows.
constexpr int64_t most_rows = 128;
// From one entry to the next: not a multiple of a page, or they would share a few lines of the first-level cache.
template <typename T>
constexpr int64_t pixel_stride = (channel_chunk + 1) * block_tiles<T>;
template <typename T>
constexpr int64_t sum_stride = (most_rows + 1) * block_tiles<T>;

// v[entry, channel, tile] for the channels of [begin, end): entries `stride` apart, channels `width`.
template <typename F, typename T>
void transform_windows(const VectorOfWindows<T, F::side>& windows, const T* source, int64_t plane, int64_t begin, int64_t end, int64_t width,
                       int64_t stride, T* v) {
    for (int64_t c = begin; c < end; ++c, v += width) {
        Vector<T> half[F::entries], row[F::side];
        UNROLLED for (int a = 0; a < F::side; ++a) {
            windows.load(source + c * plane, a, row);
            F::Pixels::apply(row, 1, half + a * F::side, 1);
        }
        UNROLLED for (int b = 0; b < F::side; ++b) {
            F::Pixels::apply(half + b, F::side, row, 1);
            UNROLLED for (int a = 0; a < F::side; ++a) simd::store(v + (a * F::side + b) * stride, row[a]);
        }
    }
}

// v[entry, channel, tile] of a block's tiles for the channels of [begin, end).
template <typename F, typename T>
void transform_block(const Correlation& tiles, const T* source, int64_t first, int64_t count, int64_t begin, int64_t end, T* v) {
    for (int64_t lane = 0; lane < count; lane += lanes<T>) {
        const VectorOfWindows<T, F::side> windows(tiles, first + lane, count - lane);
        transform_windows<F>(windows, source, tiles.source_h * tiles.source_w, begin, end, block_tiles<T>, pixel_stride<T>, v + lane);
    }
}

// Adds the products of a chunk of channels to m[entry, row - first_row, tile].
template <typename F, typename T>
void multiply(const Correlation& z, const T* u, int64_t first_row, int64_t last_row, int64_t begin, int64_t end, const T* v, T* m) {
    for (int64_t xi = 0; xi < F::entries; ++xi) {
        for (int64_t row = first_row; row < last_row; row += panel_rows) {
            Accumulators<panel_rows, block_vectors, T> tile;
            const T* panel = u + xi * kernel_stride(z) + kernel_offset(z, row / panel_rows, begin);
            tile.multiply(end - begin, panel, panel_rows, 1, v + xi * pixel_stride<T>);
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

// y[0], y[1], ... of a lane one after another, lane after lane.
template <typename T>
DEVICE void interleave(Vector<T> (&y)[2]) {
    const Vector<T> low = simd::interleave_low<T>(y[0], y[1]), high = simd::interleave_high<T>(y[0], y[1]);
    y[0] = low, y[1] = high;
}
template <typename T>
DEVICE void interleave(Vector<T> (&y)[4]) {
    Vector<T> even[2] = {y[0], y[2]}, odd[2] = {y[1], y[3]};
    interleave<T>(even), interleave<T>(odd);
    y[0] = simd::interleave_low<T>(even[0], odd[0]), y[1] = simd::interleave_high<T>(even[0], odd[0]);
    y[2] = simd::interleave_low<T>(even[1], odd[1]), y[3] = simd::interleave_high<T>(even[1], odd[1]);
}

// Where a vector's tiles leave their results.
template <typename F, typename T>
class TileTargets {
public:
    TileTargets() = default;
    TileTargets(const Correlation& z, const Correlation& tiles, int64_t first, int64_t count) : width_(z.grid_w), plane_(z.grid_h * z.grid_w) {
        for (int64_t lane = 0; lane < count && lane < lanes<T>; ++lane) {
            const int64_t t = first + lane, i = t / tiles.grid_w % tiles.grid_h * F::step, j = t % tiles.grid_w * F::step;
            const int64_t offset = (t / tiles.grid_area() * z.rows * z.grid_h + i) * z.grid_w + j;
            const int64_t down = z.grid_h - i < F::step ? z.grid_h - i : F::step, across = z.grid_w - j < F::step ? z.grid_w - j : F::step;
            for (int64_t b = 0; b < across; ++b) add(lane * F::step + b, offset + b, int(down));
        }
    }

    // y[a, b] are the results (a, b) of the vector's tiles.
    void store(int64_t row, Vector<T> (&y)[F::step * F::step], T* out) const {
        for (int a = 0; a < F::step; ++a) {
            Vector<T> results[F::step];
            UNROLLED for (int b = 0; b < F::step; ++b) results[b] = y[F::step * a + b];
            interleave<T>(results);
            T* target = out + row * plane_ + a * width_;
            for (int p = 0; p < count_; ++p) {
                if (a < pieces_[p].down) simd::store_lanes(target + pieces_[p].offset, pieces_[p].mask, results[pieces_[p].vector]);
            }
        }
    }

private:
    // Lanes of one vector of results that lie at offset + their number, in `down` rows.
    struct Piece {
        int64_t offset;
        unsigned mask;
        int vector, down;
    };

    void add(int64_t place, int64_t offset, int down) {
        const int vector = int(place / lanes<T>), lane = int(place % lanes<T>);
        const bool goes_on = count_ > 0 && pieces_[count_ - 1].vector == vector && pieces_[count_ - 1].offset == offset - lane &&
                             pieces_[count_ - 1].down == down;
        if (!goes_on) pieces_[count_++] = {offset - lane, 0, vector, down};
        pieces_[count_ - 1].mask |= 1u << lane;
    }

    int64_t width_ = 0, plane_ = 0;
    Piece pieces_[F::step * lanes<T>];
    int count_ = 0;
};

// The results of one row's sums, whose entries are sum_stride apart, of `count` tiles.
template <typename F, typename T, typename Epilogue>
void finish_row(const Epilogue& epilogue, int64_t row, int64_t count, const T* sums, const TileTargets<F, T>* targets, T* out) {
    constexpr int results = F::step * F::step;
    for (int64_t k = 0; k * lanes<T> < count; ++k) {
        Vector<T> y[results];
        both_sides<typename F::Sums, Vector<T>>(
            [&](int xi) { return simd::load(sums + xi * sum_stride<T> + k * lanes<T>); }, [&](int p, Vector<T> v) { y[p] = v; });
        if constexpr (!Epilogue::is_none) {
            T values[results * lanes<T>];
            UNROLLED for (int p = 0; p < results; ++p) simd::store(values + p * lanes<T>, y[p]);
            epilogue.apply(row, results * lanes<T>, values);
            UNROLLED for (int p = 0; p < results; ++p) y[p] = simd::load(values + p * lanes<T>);
        }
        targets[k].store(row, y, out);
    }
}

template <typename F, typename T, typename Epilogue>
void correlate_block(const Correlation& z, const Correlation& tiles, const T* source, const T* u, const Epilogue& epilogue, int64_t first,
                     int64_t first_row, int64_t last_row, T* out) {
    alignas(simd::bytes) T v[F::entries * pixel_stride<T>];
    alignas(simd::bytes) T m[F::entries * sum_stride<T>];
    const int64_t left = tiles.positions() - first, count = left < block_tiles<T> ? left : block_tiles<T>;
    for (int64_t begin = 0; begin < z.channels; begin += channel_chunk) {
        const int64_t end = begin + channel_chunk < z.channels ? begin + channel_chunk : z.channels;
        transform_block<F>(tiles, source, first, count, begin, end, v);
        multiply<F>(z, u, first_row, last_row, begin, end, v, m);
    }
    TileTargets<F, T> targets[block_vectors];
    for (int64_t k = 0; k < block_vectors; ++k) targets[k] = {z, tiles, first + k * lanes<T>, count - k * lanes<T>};
    for (int64_t row = first_row; row < last_row && row < z.rows; ++row)
        finish_row<F>(epilogue, row, count, m + (row - first_row) * block_tiles<T>, targets, out);
}

// Blocks of tiles, all rows or a few ranges of them: few enough for the sums to stay in the cache, and several for several workers.
template <typename F, typename T, typename Epilogue>
DEVICE void correlate(const Correlation& z, const T* source, const T* u, const Epilogue& epilogue, T* out) {
    constexpr int64_t enough = 4, fewest_rows = 6 * panel_rows;
    const Correlation tiles = tiles_of<F>(z);
    const int64_t blocks = (tiles.positions() + block_tiles<T> - 1) / block_tiles<T>;
    const int64_t wanted = blocks < enough ? enough : 1, most = (z.rows + fewest_rows - 1) / fewest_rows;
    const int64_t fewest = (z.rows + most_rows - 1) / most_rows, ranges = wanted < fewest ? fewest : wanted < most ? wanted : most;
    const int64_t rows = panels((z.rows + ranges - 1) / ranges) * panel_rows;
    GRID_BLOCKS(item, blocks * ranges) {
        const int64_t first_row = item % ranges * rows, end = panels(z.rows) * panel_rows;
        const int64_t last_row = first_row + rows < end ? first_row + rows : end;
        if (first_row < last_row)
            correlate_block<F>(z, tiles, source, u, epilogue, item / ranges * block_tiles<T>, first_row, last_row, out);
    }
}

}  // namespace conv2d::winograd
