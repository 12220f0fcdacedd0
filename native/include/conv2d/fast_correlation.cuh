// The forward pass and the input gradient on the fast device: patches are packed into panels that fit the second-level cache, and
// tiles of accumulators run over them. Every sum runs in the order of block_product.cuh, so that both give the same bits.
#pragma once

#include "conv2d/epilogue.cuh"
#include "conv2d/fast_accumulators.cuh"

namespace conv2d {

// Tiles of a correlation: panel_rows filters (or channels) by panel_vectors vectors of positions.
constexpr int panel_rows = simd::registers / 4, panel_vectors = 3, tile_panels = 11;
template <typename T>
constexpr int64_t panel_positions = panel_vectors * lanes<T>;
template <typename T>
constexpr int64_t tile_positions = tile_panels * panel_positions<T>;

// Where the positions of a tile lie in the result: vectors that are neighbours in memory are stored whole.
template <typename T>
struct Targets {
    int64_t offset[tile_positions<T>];
    bool whole[tile_panels * panel_vectors];
    int64_t count;

    Targets(const Correlation& z, int64_t first, int64_t positions) : count(positions) {
        for (int64_t g = 0; g < count; ++g) offset[g] = z.target(first + g);
        for (int64_t v = 0; v * lanes<T> < count; ++v) {
            whole[v] = (v + 1) * lanes<T> <= count;
            for (int64_t l = 1; l < lanes<T> && whole[v]; ++l) whole[v] = offset[v * lanes<T> + l] == offset[v * lanes<T>] + l;
        }
    }

    DEVICE void put(int64_t vector, T* out, bool is_first, Vector<T> sum) const {
        const int64_t first = vector * lanes<T>;
        if (first >= count) return;
        if (whole[vector]) {
            T* target = out + offset[first];
            return simd::store(target, is_first ? sum : simd::load(target) + sum);
        }
        T values[lanes<T>];
        simd::store(values, sum);
        for (int64_t l = 0; l < lanes<T> && first + l < count; ++l) {
            T& target = out[offset[first + l]];
            target = is_first ? values[l] : target + values[l];
        }
    }
};

// Where the weights of a chunk's depths lie in those of a row.
struct WeightOffsets {
    int64_t offset[chunk];
    WeightOffsets(const Correlation& z, int64_t begin, int64_t end) {
        if (begin == end) return;
        int64_t c = begin / z.taps(), a = begin / z.taps_w % z.taps_h, b = begin % z.taps_w;
        for (int64_t d = begin; d < end; ++d) {
            offset[d - begin] = z.weight(0, c, a, b);
            if (++b < z.taps_w) continue;
            b = 0;
            if (++a < z.taps_h) continue;
            a = 0;
            ++c;
        }
    }
};

// a[d, i] = the weight of row first + i at the chunk's depth d, 0 beyond the last row. One by one: g++ would make gathers of it,
// which take five times as long.
template <typename T>
__attribute__((optimize("no-tree-vectorize", "no-tree-slp-vectorize"))) void pack_weights(const Correlation& z, const T* weights, int64_t first, const WeightOffsets& offsets, int64_t depth, T* a) {
    const T* row[panel_rows];
    for (int64_t i = 0; i < panel_rows; ++i) row[i] = weights + (first + i < z.rows ? first + i : first) * z.row_stride;
    for (int64_t d = 0; d < depth; ++d) {
        UNROLLED for (int i = 0; i < panel_rows; ++i) a[d * panel_rows + i] = row[i][offsets.offset[d]];
    }
    for (int64_t i = z.rows - first; i < panel_rows; ++i) {
        for (int64_t d = 0; d < depth; ++d) a[d * panel_rows + i] = T(0);
    }
}

// The epilogue of `count` positions from `first` on, which lie in the result one after another within an image.
template <typename T, typename Epilogue>
void finish(const Correlation& z, const Epilogue& epilogue, int64_t row, int64_t first, int64_t count, T* out) {
    for (int64_t e = 0; e < count;) {
        const int64_t left = z.grid_area() - (first + e) % z.grid_area(), run = left < count - e ? left : count - e;
        epilogue.apply(row, run, out + z.target(first + e) + row * z.out_h * z.out_w);
        e += run;
    }
}

// All rows [first_row, last_row) of a tile, one chunk of depth.
template <typename T, typename Epilogue>
void multiply_panels(const Correlation& z, const T* weights, const Epilogue& epilogue, int64_t first, int64_t first_row,
                     int64_t last_row, int64_t begin, int64_t end, const T* patches, const Targets<T>& targets, T* out) {
    T a[chunk * panel_rows];
    const WeightOffsets offsets(z, begin, end);
    for (int64_t row = first_row; row < last_row; row += panel_rows) {
        pack_weights(z, weights, row, offsets, end - begin, a);
        const int64_t rows = last_row - row < panel_rows ? last_row - row : panel_rows;
        for (int64_t panel = 0; panel * panel_positions<T> < targets.count; ++panel) {
            Accumulators<panel_rows, panel_vectors, T> tile;
            tile.multiply(end - begin, a, panel_rows, 1, patches + panel * chunk * panel_positions<T>);
            UNROLLED for (int i = 0; i < panel_rows; ++i) {
                if (i >= rows) break;
                UNROLLED for (int v = 0; v < panel_vectors; ++v)
                    targets.put(panel * panel_vectors + v, out + (row + i) * z.out_h * z.out_w, begin == 0, tile.sum[i][v]);
            }
        }
        if constexpr (!Epilogue::is_none) {
            for (int64_t i = 0; i < rows && end == z.depth(); ++i) finish(z, epilogue, row + i, first, targets.count, out);
        }
    }
}

template <typename T, typename Epilogue>
void correlate_tile(const Correlation& z, const T* source, const T* weights, const Epilogue& epilogue, int64_t first,
                    int64_t first_row, int64_t last_row, T* out) {
    T patches[chunk * tile_positions<T>];
    const int64_t left = z.positions() - first, count = left < tile_positions<T> ? left : tile_positions<T>, depth = z.depth();
    const Targets<T> targets(z, first, count);
    int64_t begin = 0;
    do {
        const int64_t end = begin + chunk < depth ? begin + chunk : depth;
        for (int64_t v = 0; v * lanes<T> < count; ++v) {
            T* panel = patches + v / panel_vectors * chunk * panel_positions<T> + v % panel_vectors * lanes<T>;
            pack_patches(z, source, first + v * lanes<T>, count - v * lanes<T>, begin, end, panel, panel_positions<T>);
        }
        multiply_panels(z, weights, epilogue, first, first_row, last_row, begin, end, patches, targets, out);
        begin = end;
    } while (begin < depth);
}

// The correlations pass(0), pass(1), ..., of which the first has the most positions; no two write the same results. Tiles of positions, each
// cut into a few ranges of rows where that makes too little work for several workers. A tile goes through all passes: those of an input
// gradient read the same source and leave their results between each other's.
template <typename T, typename Pass, typename Epilogue>
DEVICE void correlate(int64_t passes, const Pass& pass, const T* source, const T* weights, const Epilogue& epilogue, T* out) {
    constexpr int64_t enough = 16, fewest_rows = 4 * panel_rows;
    const int64_t all_rows = pass(0).rows, tiles = (pass(0).positions() + tile_positions<T> - 1) / tile_positions<T>;
    const int64_t wanted = tiles > 0 ? (enough + tiles - 1) / tiles : 1, most = (all_rows + fewest_rows - 1) / fewest_rows;
    const int64_t ranges = wanted < most ? wanted : most, rows = ((all_rows + ranges - 1) / ranges + panel_rows - 1) / panel_rows * panel_rows;
    GRID_BLOCKS(item, tiles * ranges) {
        const int64_t first = item / ranges * tile_positions<T>, first_row = item % ranges * rows;
        const int64_t last_row = first_row + rows < all_rows ? first_row + rows : all_rows;
        for (int64_t which = 0; which < passes; ++which) {
            const Correlation z = pass(which);
            if (first < z.positions()) correlate_tile(z, source, weights, epilogue, first, first_row, last_row, out);
        }
    }
}

}  // namespace conv2d
