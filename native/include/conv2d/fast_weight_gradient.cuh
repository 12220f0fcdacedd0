// The weight gradient on the fast device: the transposed product, whose lanes are filters and whose depth is the positions.
#pragma once

#include "conv2d/fast_accumulators.cuh"

namespace conv2d {

// Tiles of a weight gradient: gradient_rows patch entries by gradient_vectors vectors of filters, a chunk of positions deep.
constexpr int gradient_rows = simd::registers * 3 / 8, gradient_vectors = 2;
constexpr int64_t patch_stride = chunk + 16;
template <typename T>
constexpr int64_t gradient_depths = 96 / sizeof(T) * gradient_rows;
template <typename T>
constexpr int64_t most_filters = 2048 / sizeof(T);
template <typename T>
constexpr int64_t panel_filters = gradient_vectors * lanes<T>;

// panels[k / panel_filters][g - first][k % panel_filters] = dy[n, k, g] for k - first_k < filters, 0 beyond the last filter: transposed in
// squares.
template <typename T>
void pack_gradients(const Correlation& z, const T* dy, int64_t first, int64_t count, int64_t first_k, int64_t filters, T* panels) {
    for (int64_t e = 0; e < count;) {
        const int64_t n = (first + e) / z.grid_area(), at = (first + e) % z.grid_area();
        const int64_t run = z.grid_area() - at < count - e ? z.grid_area() - at : count - e;
        for (int64_t k = 0; k < filters; k += lanes<T>) {
            T* panel = panels + (k / panel_filters<T> * chunk + e) * panel_filters<T> + k % panel_filters<T>;
            const T* plane = dy + (n * z.rows + first_k + k) * z.grid_area() + at;
            for (int64_t g = 0; g < run; g += lanes<T>) {
                const int64_t width = run - g < lanes<T> ? run - g : lanes<T>;
                Vector<T> square[lanes<T>];
                UNROLLED for (int i = 0; i < lanes<T>; ++i) {
                    const unsigned mask = first_k + k + i < z.rows ? (1u << width) - 1 : 0;
                    square[i] = simd::load_lanes(plane + i * z.grid_area() + g, mask, Vector<T>{});
                }
                simd::transpose<T>(square);
                for (int64_t i = 0; i < width; ++i) simd::store(panel + (g + i) * panel_filters<T>, square[i]);
            }
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
