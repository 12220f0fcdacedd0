// The passes of a convolution for the threads of a block: tiles of 64 x 64 results, 4 x 4 of them a thread's own, operands in
// shared memory 16 deep.
#pragma once

#include "conv2d/epilogue.cuh"
#include "conv2d/patches.cuh"

// Arrays stay in registers only if the loops over them are unrolled.
#define IN_REGISTERS _Pragma("unroll")

namespace conv2d {

constexpr int tile = 64, tile_depth = 16, block_threads = 256, own = 4, tile_side = tile / own;

// Threads share the tiles out among themselves by these constants.
DEVICE bool has_block_threads() { return REQUIRE(blockDim.x == block_threads, "a convolution's blocks have 256 threads"); }

// What a thread reads at once.
template <typename T>
struct alignas(16) Own {
    T v[own];
};
template <typename T>
DEVICE Own<T> own_of(const T* line) { return *reinterpret_cast<const Own<T>*>(line); }

// sum += left[:, deep]^T right[:, deep] for this thread's results; both are [tile_depth, tile].
template <typename T>
DEVICE void multiply(int deep, const T* left, const T* right, T (&sum)[own][own]) {
    const T *a = left + threadIdx.x / tile_side * own, *b = right + threadIdx.x % tile_side * own;
    const auto add = [&](int d) __attribute__((always_inline)) {
        const Own<T> p = own_of(a + d * tile), q = own_of(b + d * tile);
        IN_REGISTERS for (int i = 0; i < own; ++i) {
            IN_REGISTERS for (int j = 0; j < own; ++j) sum[i][j] = math::detail::fma(p.v[i], q.v[j], sum[i][j]);
        }
    };
    if (deep == tile_depth) {
        IN_REGISTERS for (int d = 0; d < tile_depth; ++d) add(d);
    } else {
        for (int d = 0; d < deep; ++d) add(d);
    }
}

// total = the product over all depths, which load(d) brings into left and right from d on. Chunk by chunk, so that the sum does
// not depend on tile_depth.
template <typename T, typename Load>
DEVICE void multiply_all(int64_t depth, const T* left, const T* right, const Load& load, T (&total)[own][own]) {
    for (int64_t begin = 0; begin < depth; begin += chunk) {
        const int64_t end = begin + chunk < depth ? begin + chunk : depth;
        T sum[own][own] = {};
        for (int64_t d = begin; d < end; d += tile_depth) {
            load(d);
            __syncthreads();
            multiply(int(end - d < tile_depth ? end - d : tile_depth), left, right, sum);
            __syncthreads();
        }
        IN_REGISTERS for (int i = 0; i < own; ++i) {
            IN_REGISTERS for (int j = 0; j < own; ++j) total[i][j] = begin == 0 ? sum[i][j] : total[i][j] + sum[i][j];
        }
    }
}

template <typename T, typename Epilogue>
DEVICE void correlate_tile(const Correlation& z, const Dividers& by, const T* source, const T* weights, const Epilogue& epilogue, T* left,
                           T* right, int64_t first_row, int64_t first, T* out) {
    const int lane = int(threadIdx.x) % tile, level = int(threadIdx.x) / tile, depth = int(z.depth());
    const int64_t row = first_row + lane;
    const bool has_row = row < z.rows, has_position = first + lane < z.positions();
    const Places places(z, by, first);
    const PatchColumn<T> column(z, source, places.at(lane));
    T total[own][own] = {};
    const auto load = [&](int64_t begin) {
        for (int e = level; e < tile_depth; e += block_threads / tile) {
            const int d = int(begin) + e;
            const Factor f = by.factor(d);
            left[e * tile + lane] = has_row && d < depth ? weights[z.weight(row, f.channel, f.a, f.b)] : T(0);
            right[e * tile + lane] = has_position && d < depth ? column.at(f) : T(0);
        }
    };
    multiply_all(depth, left, right, load, total);
    IN_REGISTERS for (int j = 0; j < own; ++j) {
        const int offset = int(threadIdx.x) % tile_side * own + j;
        if (first + offset >= z.positions()) continue;
        const Place at = places.at(offset);
        const int64_t target = z.target(at.image, at.i, at.j);
        IN_REGISTERS for (int i = 0; i < own; ++i) {
            const int64_t k = first_row + threadIdx.x / tile_side * own + i;
            if (k < z.rows) out[target + k * z.out_h * z.out_w] = epilogue.value(k, total[i][j]);
        }
    }
}

// The correlations pass(0), pass(1), ...; no two write the same results.
template <typename T, typename Pass, typename Epilogue>
DEVICE void correlate(int64_t passes, const Pass& pass, const T* source, const T* weights, const Epilogue& epilogue, T* out) {
    SHARED(T, left, tile * tile_depth);
    SHARED(T, right, tile * tile_depth);
    if (!has_block_threads()) return;
    for (int64_t which = 0; which < passes; ++which) {
        const Correlation z = pass(which);
        const Dividers by(z);
        const int64_t across = (z.positions() + tile - 1) / tile, down = (z.rows + tile - 1) / tile;
        GRID_BLOCKS(item, across * down) {
            correlate_tile(z, by, source, weights, epilogue, left, right, item / across * tile, item % across * tile, out);
        }
    }
}

// partial[group, d, k] = the sum over the group's positions g of patch(d, g) dy[n, k, g].
template <typename T>
DEVICE void weight_gradient(const Correlation& z, int64_t group_positions, const T* x, const T* dy, T* partial) {
    SHARED(T, left, tile * tile_depth);
    SHARED(T, right, tile * tile_depth);
    if (!has_block_threads()) return;
    const int64_t padded = padded_filters(z.rows), depth = z.depth(), positions = z.positions();
    const int64_t across = (padded + tile - 1) / tile, down = (depth + tile - 1) / tile;
    const int64_t groups = (positions + group_positions - 1) / group_positions;
    const int lane = int(threadIdx.x) % tile, level = int(threadIdx.x) / tile;
    const Dividers by(z);
    GRID_BLOCKS(item, groups * down * across) {
        const int64_t group = item / (down * across), first_d = item / across % down * tile, first_k = item % across * tile;
        const int64_t begin = group * group_positions;
        const int64_t end = begin + group_positions < positions ? begin + group_positions : positions;
        T total[own][own] = {};
        const int64_t d = first_d + lane, k = first_k + lane;
        const Factor factor = by.factor(int(d));
        const Places places(z, by, begin);
        const auto load = [&](int64_t at) {
            for (int e = level; e < tile_depth; e += block_threads / tile) {
                const Place g = places.at(int(at) + e);
                const bool exists = begin + at + e < end;
                left[e * tile + lane] = exists && d < depth ? PatchColumn<T>(z, x, g).at(factor) : T(0);
                right[e * tile + lane] = exists && k < z.rows ? dy[(g.image * z.rows + k) * z.grid_area() + g.number] : T(0);
            }
        };
        multiply_all(end - begin, left, right, load, total);
        IN_REGISTERS for (int i = 0; i < own; ++i) {
            IN_REGISTERS for (int j = 0; j < own; ++j) {
                const int64_t d = first_d + threadIdx.x / tile_side * own + i, k = first_k + threadIdx.x % tile_side * own + j;
                if (d < depth && k < padded) partial[(group * depth + d) * padded + k] = total[i][j];
            }
        }
    }
}

// dw[k, d] = the sum over the groups, in their order, of partial[group, d, k].
template <typename T>
DEVICE void add_groups(int64_t filters, int64_t depth, int64_t groups, const T* partial, T* dw) {
    const int64_t padded = padded_filters(filters);
    GRID_ROWS(d, depth, filters) {
        GRID_COLUMNS(k, d) {
            T total = partial[d * padded + k];
            for (int64_t group = 1; group < groups; ++group) total += partial[(group * depth + d) * padded + k];
            dw[k * depth + d] = total;
        }
    }
}

}  // namespace conv2d
