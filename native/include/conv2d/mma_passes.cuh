// The passes of a convolution on tensor cores, in TF32 (Products = 1) or 3xTF32 (Products = 3), for blocks of block_threads threads.
// Sums are split by the problem's sizes and added in a fixed order, so that a device gives the same bits every time.
#pragma once

#include "conv2d/mma_loads.cuh"

namespace conv2d {

// Shared memory that copies of 16 bytes can go to.
struct alignas(16) Quad {
    float values[4];
};

// sums = activation(sums + bias) in registers; the rows of a thread begin at `row`.
template <typename Tile, ActivationKind kind>
DEVICE void activate(const BiasActivation<float>& epilogue, int rows, int row, TileSums<Tile>& sums) {
    IN_REGISTERS for (int i = 0; i < Tile::row_steps; ++i) {
        IN_REGISTERS for (int half = 0; half < 2; ++half) {
            const int k = row + 16 * i + 8 * half;
            const float shift = k < rows ? epilogue.bias[k] : 0.0f;
            IN_REGISTERS for (int j = 0; j < Tile::column_steps; ++j) {
                IN_REGISTERS for (int c = 0; c < 2; ++c) {
                    float& sum = sums[i][j][2 * half + c];
                    sum = Activation<kind>::value(sum + shift, epilogue.alpha);
                }
            }
        }
    }
}

// The choice is made once for all results of a thread.
template <typename Tile>
DEVICE void finish(const BiasActivation<float>& epilogue, int rows, int row, TileSums<Tile>& sums) {
    switch (epilogue.kind) {
        case relu_activation: activate<Tile, relu_activation>(epilogue, rows, row, sums); break;
        case sigmoid_activation: activate<Tile, sigmoid_activation>(epilogue, rows, row, sums); break;
        case softplus_activation: activate<Tile, softplus_activation>(epilogue, rows, row, sums); break;
        case tanh_activation: activate<Tile, tanh_activation>(epilogue, rows, row, sums); break;
        default: activate<Tile, identity_activation>(epilogue, rows, row, sums);
    }
}
template <typename Tile>
DEVICE void finish(const NoEpilogue&, int, int, TileSums<Tile>&) {}

// total's results of a tile at (row, first), a row and a position of the whole.
template <typename Tile>
DEVICE void store_positions(const Correlation& z, int row, int first, const TileSums<Tile>& total, float* out) {
    const int area = int(z.grid_area()), width = int(z.grid_w), rows = int(z.rows), plane = int(z.out_h * z.out_w);
    IN_REGISTERS for (int j = 0; j < Tile::column_steps; ++j) {
        IN_REGISTERS for (int c = 0; c < 2; ++c) {
            const int g = first + 8 * j + c;
            if (g >= int(z.positions())) continue;
            float* at = out + z.target(g / area, g % area / width, g % width);
            IN_REGISTERS for (int i = 0; i < 2 * Tile::row_steps; ++i) {
                const int k = row + 8 * i;
                if (k < rows) at[int64_t(k) * plane] = total[i / 2][j][i % 2 * 2 + c];
            }
        }
    }
}

// The correlations pass(0), pass(1), ...; no two write the same results. Blocks side by side work on the same positions.
template <typename Tile, int Products, typename Pass, typename Epilogue>
DEVICE void mma_correlate(int64_t passes, const Pass& pass, const float* source, const float* weights, const Epilogue& epilogue, float* out) {
    using Loads = CorrelationLoads<Tile>;
    using Left = typename Loads::Left;
    using Right = typename Loads::Right;
    SHARED(Quad, left, Tile::stages * Left::size / 4);
    SHARED(Quad, right, Tile::stages * Right::size / 4);
    SHARED(TapTable, taps, 1);
    if (!has_block_threads()) return;
    for (int64_t which = 0; which < passes; ++which) {
        const Correlation z = pass(which);
        if (!has_few_taps(z)) return;
        const int across = int((z.positions() + Tile::columns - 1) / Tile::columns), down = int((z.rows + Tile::rows - 1) / Tile::rows);
        GRID_BLOCKS(item, int64_t(across) * down) {
            const int first_row = int(item % down) * Tile::rows, first = int(item / down) * Tile::columns;
            taps->fill(z, 0);
            __syncthreads();  // the taps are there, and everybody has finished the tile before
            const Loads loads(z, source, weights, *taps, first_row, first);
            TileSums<Tile> total = {};
            const int stages = int((z.depth() + stage_depth - 1) / stage_depth);
            multiply_stages<Tile, Products>(stages, left->values, right->values, loads, total);
            finish<Tile>(epilogue, int(z.rows), first_row + Tile::first_row(), total);
            store_positions<Tile>(z, first_row + Tile::first_row(), first + Tile::first_column(), total, out);
        }
    }
}

// total's results of a tile at (d, k), as a group's partial sums.
template <typename Tile>
DEVICE void store_partial(int depth, int padded, int d, int k, const TileSums<Tile>& total, float* partial) {
    IN_REGISTERS for (int i = 0; i < 2 * Tile::row_steps; ++i) {
        const int row = d + 8 * i;
        if (row >= depth) continue;
        float* line = partial + int64_t(row) * padded;
        IN_REGISTERS for (int j = 0; j < Tile::column_steps; ++j) {
            IN_REGISTERS for (int c = 0; c < 2; ++c) {
                const int column = k + 8 * j + c;
                if (column < padded) line[column] = total[i / 2][j][i % 2 * 2 + c];
            }
        }
    }
}

// partial[group, d, k] = the sum over the group's positions g of patch(d, g) dy[n, k, g].
template <typename Tile, int Products>
DEVICE void mma_weight_gradient(const Correlation& z, int64_t group_positions, const float* x, const float* dy, float* partial) {
    using Loads = WeightGradientLoads<Tile>;
    using Left = typename Loads::Left;
    using Right = typename Loads::Right;
    SHARED(Quad, left, Tile::stages * Left::size / 4);
    SHARED(Quad, right, Tile::stages * Right::size / 4);
    SHARED(CornerTable, corners, 1);
    SHARED(RowTable<Tile>, taps, 1);
    if (!has_block_threads() || !has_few_taps(z)) return;
    const int padded = int(padded_filters(z.rows)), depth = int(z.depth()), positions = int(z.positions()), per_group = int(group_positions);
    const int across = (padded + Tile::columns - 1) / Tile::columns, down = (depth + Tile::rows - 1) / Tile::rows;
    const int groups = (positions + per_group - 1) / per_group;
    GRID_BLOCKS(item, int64_t(groups) * down * across) {
        const int group = int(item / (down * across)), first_d = int(item / across % down) * Tile::rows;
        const int first_k = int(item % across) * Tile::columns, begin = group * per_group;
        const int end = begin + per_group < positions ? begin + per_group : positions;
        taps->fill(z, first_d);
        corners->fill(z, begin, end, 0);
        __syncthreads();  // the tables are there, and everybody has finished the tile before
        const Loads loads(z, x, dy, *corners, *taps, first_d, first_k, begin, end);
        TileSums<Tile> total = {};
        const int stages = (end - begin + stage_depth - 1) / stage_depth;
        multiply_stages<Tile, Products>(stages, left->values, right->values, loads, total);
        float* of_group = partial + int64_t(group) * depth * padded;
        store_partial<Tile>(depth, padded, first_d + Tile::first_row(), first_k + Tile::first_column(), total, of_group);
    }
}

}  // namespace conv2d
