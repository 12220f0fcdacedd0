// The passes of a convolution on the fast device: patches are packed into panels that fit the second-level cache, and tiles of
// accumulators run over them. Every sum runs in the order of block_product.cuh, so that both give the same bits.
#pragma once

#include "conv2d/fast_patches.cuh"

#define UNROLLED _Pragma("GCC unroll 16")

namespace conv2d {

// A tile of accumulators: rows, whose factors are broadcast, times vectors of columns.
template <int rows, int vectors, typename T>
struct Accumulators {
    Vector<T> sum[rows][vectors];

    // sum[i][v] += a[d * a_depth + i * a_row] b[d, v] for d < depth, from 0 on; b is [depth, vectors].
    DEVICE void multiply(int64_t depth, const T* a, int64_t a_depth, int64_t a_row, const T* b) {
        UNROLLED for (int i = 0; i < rows; ++i) {
            UNROLLED for (int v = 0; v < vectors; ++v) sum[i][v] = Vector<T>{};
        }
        for (int64_t d = 0; d < depth; ++d) {
            Vector<T> column[vectors];
            UNROLLED for (int v = 0; v < vectors; ++v) column[v] = simd::load(b + (d * vectors + v) * lanes<T>);
            UNROLLED for (int i = 0; i < rows; ++i) {
                const Vector<T> factor = simd::broadcast(a[d * a_depth + i * a_row]);
                UNROLLED for (int v = 0; v < vectors; ++v) sum[i][v] = simd::fma(factor, column[v], sum[i][v]);
            }
        }
    }
};

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

// a[d, i] = the weight of row first + i at the chunk's depth d, 0 beyond the last row.
template <typename T>
void pack_weights(const Correlation& z, const T* weights, int64_t first, const WeightOffsets& offsets, int64_t depth, T* a) {
    const T* row[panel_rows];
    for (int64_t i = 0; i < panel_rows; ++i) row[i] = weights + (first + i < z.rows ? first + i : first) * z.row_stride;
    for (int64_t d = 0; d < depth; ++d) {
        UNROLLED for (int i = 0; i < panel_rows; ++i) a[d * panel_rows + i] = row[i][offsets.offset[d]];
    }
    for (int64_t i = z.rows - first; i < panel_rows; ++i) {
        for (int64_t d = 0; d < depth; ++d) a[d * panel_rows + i] = T(0);
    }
}

// All rows [first_row, last_row) of a tile, one chunk of depth.
template <typename T>
void multiply_panels(const Correlation& z, const T* weights, int64_t first_row, int64_t last_row, int64_t begin, int64_t end,
                     const T* patches, const Targets<T>& targets, T* out) {
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
    }
}

template <typename T>
void correlate_tile(const Correlation& z, const T* source, const T* weights, int64_t first, int64_t first_row, int64_t last_row,
                    T* out) {
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
        multiply_panels(z, weights, first_row, last_row, begin, end, patches, targets, out);
        begin = end;
    } while (begin < depth);
}

// The correlations pass(0), pass(1), ...; no two write the same results. Tiles of positions, and each cut into a few ranges of rows
// where that makes too little work for several workers.
template <typename T, typename Pass>
DEVICE void correlate(int64_t passes, const Pass& pass, const T* source, const T* weights, T* out) {
    constexpr int64_t enough = 16, fewest_rows = 4 * panel_rows;
    for (int64_t which = 0; which < passes; ++which) {
        const Correlation z = pass(which);
        const int64_t tiles = (z.positions() + tile_positions<T> - 1) / tile_positions<T>;
        const int64_t wanted = tiles > 0 ? (enough + tiles - 1) / tiles : 1, most = (z.rows + fewest_rows - 1) / fewest_rows;
        const int64_t ranges = wanted < most ? wanted : most;
        const int64_t rows = ((z.rows + ranges - 1) / ranges + panel_rows - 1) / panel_rows * panel_rows;
        GRID_BLOCKS(item, tiles * ranges) {
            const int64_t first_row = item % ranges * rows, last_row = first_row + rows < z.rows ? first_row + rows : z.rows;
            correlate_tile(z, source, weights, item / ranges * tile_positions<T>, first_row, last_row, out);
        }
    }
}

// Tiles of a weight gradient: gradient_rows patch entries by gradient_vectors vectors of filters, a chunk of positions deep.
constexpr int gradient_rows = simd::registers * 3 / 8, gradient_vectors = 2;
constexpr int64_t patch_stride = chunk + 16;
template <typename T>
constexpr int64_t gradient_depths = 96 / sizeof(T) * gradient_rows;
template <typename T>
constexpr int64_t most_filters = 2048 / sizeof(T);
template <typename T>
constexpr int64_t panel_filters = gradient_vectors * lanes<T>;

// panels[k / panel_filters][g - first][k % panel_filters] = dy[n, k, g] for k - first_k < filters, 0 beyond the last filter.
template <typename T>
void pack_gradients(const Correlation& z, const T* dy, int64_t first, int64_t count, int64_t first_k, int64_t filters, T* panels) {
    for (int64_t e = 0; e < count;) {
        const int64_t n = (first + e) / z.grid_area(), at = (first + e) % z.grid_area();
        const int64_t run = z.grid_area() - at < count - e ? z.grid_area() - at : count - e;
        for (int64_t k = 0; k < filters; ++k) {
            T* panel = panels + (k / panel_filters<T> * chunk + e) * panel_filters<T> + k % panel_filters<T>;
            const T* plane = dy + (n * z.rows + first_k + k) * z.grid_area() + at;
            for (int64_t g = 0; g < run; ++g) panel[g * panel_filters<T>] = first_k + k < z.rows ? plane[g] : T(0);
        }
        e += run;
    }
}

// Adds a chunk of positions to partial[d, k] for d of [0, depths) and k of [0, filters), whose rows are `padded` long.
template <typename T>
void multiply_gradients(int64_t count, int64_t depths, int64_t filters, int64_t padded, const T* patches, const T* panels,
                        bool is_first, T* partial) {
    for (int64_t d = 0; d < depths; d += gradient_rows) {
        const int64_t rows = depths - d < gradient_rows ? depths - d : gradient_rows;
        for (int64_t k = 0; k < filters; k += panel_filters<T>) {
            Accumulators<gradient_rows, gradient_vectors, T> tile;
            tile.multiply(count, patches + d * patch_stride, 1, patch_stride, panels + k * chunk);
            UNROLLED for (int i = 0; i < gradient_rows; ++i) {
                if (i >= rows) break;
                UNROLLED for (int v = 0; v < gradient_vectors; ++v) {
                    T* target = partial + (d + i) * padded + k + v * lanes<T>;
                    simd::store(target, is_first ? tile.sum[i][v] : simd::load(target) + tile.sum[i][v]);
                }
            }
        }
    }
}

// partial[d, k] for d of [first_d, last_d) and all filters, from the positions of [begin, end).
template <typename T>
void weight_gradient_range(const Correlation& z, const T* x, const T* dy, int64_t begin, int64_t end, int64_t first_d, int64_t last_d,
                           T* partial) {
    T patches[(gradient_depths<T> + gradient_rows) * patch_stride] = {}, panels[most_filters<T> * chunk];
    const int64_t padded = padded_filters(z.rows);
    for (int64_t at = begin; at < end; at += chunk) {
        const int64_t count = at + chunk < end ? chunk : end - at;
        for (int64_t g = 0; g < count; g += lanes<T>) pack_patches(z, x, at + g, count - g, first_d, last_d, patches + g, patch_stride);
        for (int64_t k = 0; k < padded; k += most_filters<T>) {
            const int64_t filters = padded - k < most_filters<T> ? padded - k : most_filters<T>;
            pack_gradients(z, dy, at, count, k, filters, panels);
            multiply_gradients(count, last_d - first_d, filters, padded, patches, panels, at == begin, partial + first_d * padded + k);
        }
    }
}

template <typename T>
DEVICE void weight_gradient(const Correlation& z, int64_t group_positions, const T* x, const T* dy, T* partial) {
    const int64_t depth = z.depth(), positions = z.positions();
    const int64_t ranges = (depth + gradient_depths<T> - 1) / gradient_depths<T>;
    const int64_t groups = (positions + group_positions - 1) / group_positions;
    GRID_BLOCKS(item, groups * ranges) {
        const int64_t begin = item / ranges * group_positions, first_d = item % ranges * gradient_depths<T>;
        const int64_t end = begin + group_positions < positions ? begin + group_positions : positions;
        const int64_t last_d = first_d + gradient_depths<T> < depth ? first_d + gradient_depths<T> : depth;
        weight_gradient_range(z, x, dy, begin, end, first_d, last_d, partial + item / ranges * depth * padded_filters(z.rows));
    }
}

// dw[k, d] = the sum over the groups, in their order, of partial[group, d, k]; in squares, since one side is transposed.
template <typename T>
DEVICE void add_groups(int64_t filters, int64_t depth, int64_t groups, const T* partial, T* dw) {
    constexpr int64_t side = filter_padding / 2;
    const int64_t padded = padded_filters(filters), across = (depth + side - 1) / side, down = (filters + side - 1) / side;
    GRID_LOOP(square, across * down) {
        const int64_t first_k = square / across * side, first_d = square % across * side;
        T total[side][side];
        for (int64_t d = 0; d < side && first_d + d < depth; ++d) {
            const T* row = partial + (first_d + d) * padded + first_k;
            for (int64_t k = 0; k < side; ++k) total[d][k] = row[k];
            for (int64_t group = 1; group < groups; ++group) {
                for (int64_t k = 0; k < side; ++k) total[d][k] += row[group * depth * padded + k];
            }
        }
        for (int64_t k = 0; k < side && first_k + k < filters; ++k) {
            for (int64_t d = 0; d < side && first_d + d < depth; ++d) dw[(first_k + k) * depth + first_d + d] = total[d][k];
        }
    }
}

}  // namespace conv2d
