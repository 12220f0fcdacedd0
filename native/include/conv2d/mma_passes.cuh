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
DEVICE void activate(const BiasActivation<float>& epilogue, int64_t rows, int64_t row, TileSums<Tile>& sums) {
    IN_REGISTERS for (int i = 0; i < Tile::row_steps; ++i) {
        IN_REGISTERS for (int half = 0; half < 2; ++half) {
            const int64_t k = row + 16 * i + 8 * half;
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
DEVICE void finish(const BiasActivation<float>& epilogue, int64_t rows, int64_t row, TileSums<Tile>& sums) {
    switch (epilogue.kind) {
        case relu_activation: activate<Tile, relu_activation>(epilogue, rows, row, sums); break;
        case sigmoid_activation: activate<Tile, sigmoid_activation>(epilogue, rows, row, sums); break;
        case softplus_activation: activate<Tile, softplus_activation>(epilogue, rows, row, sums); break;
        case tanh_activation: activate<Tile, tanh_activation>(epilogue, rows, row, sums); break;
        default: activate<Tile, identity_activation>(epilogue, rows, row, sums);
    }
}
template <typename Tile>
DEVICE void finish(const NoEpilogue&, int64_t, int64_t, TileSums<Tile>&) {}

// total's results of a tile at (row, first), a row and a position of the whole.
template <typename Tile>
DEVICE void store_positions(const Correlation& z, int64_t row, int64_t first, const TileSums<Tile>& total, float* out) {
    IN_REGISTERS for (int j = 0; j < Tile::column_steps; ++j) {
        IN_REGISTERS for (int c = 0; c < 2; ++c) {
            const int64_t g = first + 8 * j + c;
            if (g >= z.positions()) continue;
            const int area = int(z.grid_area()), width = int(z.grid_w), n = int(g) / area, in_image = int(g) % area;
            const int64_t at = z.target(n, in_image / width, in_image % width);
            IN_REGISTERS for (int i = 0; i < Tile::row_steps; ++i) {
                IN_REGISTERS for (int half = 0; half < 2; ++half) {
                    const int64_t k = row + 16 * i + 8 * half;
                    if (k < z.rows) out[at + k * z.out_h * z.out_w] = total[i][j][2 * half + c];
                }
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
    if (!has_block_threads()) return;
    for (int64_t which = 0; which < passes; ++which) {
        const Correlation z = pass(which);
        const int64_t across = (z.positions() + Tile::columns - 1) / Tile::columns, down = (z.rows + Tile::rows - 1) / Tile::rows;
        GRID_BLOCKS(item, across * down) {
            const int64_t first_row = item % down * Tile::rows, first = item / down * Tile::columns;
            Loads loads(z, source, weights, first_row, first);
            TileSums<Tile> total = {};
            const int stages = int((z.depth() + stage_depth - 1) / stage_depth);
            multiply_stages<Tile, Products>(stages, left->values, right->values, loads, total);
            finish<Tile>(epilogue, z.rows, first_row + Tile::first_row(), total);
            store_positions<Tile>(z, first_row + Tile::first_row(), first + Tile::first_column(), total, out);
            __syncthreads();  // before the next tile's copies
        }
    }
}

// total's results of a tile at (d, k), as a group's partial sums.
template <typename Tile>
DEVICE void store_partial(int64_t depth, int64_t padded, int64_t d, int64_t k, const TileSums<Tile>& total, float* partial) {
    IN_REGISTERS for (int i = 0; i < Tile::row_steps; ++i) {
        IN_REGISTERS for (int j = 0; j < Tile::column_steps; ++j) {
            IN_REGISTERS for (int r = 0; r < 4; ++r) {
                const int64_t row = d + 16 * i + r / 2 * 8, column = k + 8 * j + r % 2;
                if (row < depth && column < padded) partial[row * padded + column] = total[i][j][r];
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
    SHARED(int, offsets, Tile::rows);
    SHARED(int, steps, Tile::rows);
    if (!has_block_threads()) return;
    const int64_t padded = padded_filters(z.rows), depth = z.depth(), positions = z.positions();
    const int64_t across = (padded + Tile::columns - 1) / Tile::columns, down = (depth + Tile::rows - 1) / Tile::rows;
    const int64_t groups = (positions + group_positions - 1) / group_positions;
    GRID_BLOCKS(item, groups * down * across) {
        const int64_t group = item / (down * across), first_d = item / across % down * Tile::rows, first_k = item % across * Tile::columns;
        const int64_t begin = group * group_positions;
        const int64_t end = begin + group_positions < positions ? begin + group_positions : positions;
        BLOCK_LOOP(row, Tile::rows) {
            const int64_t d = first_d + row;
            const Tap tap = Tap::of(z, int(d / z.taps()), int(d / z.taps_w % z.taps_h), int(d % z.taps_w));
            offsets[row] = tap.offset;
            steps[row] = tap.steps;
        }
        __syncthreads();  // the taps are there, and everybody has finished the tile before
        Loads loads(z, x, dy, offsets, steps, first_d, first_k, begin, end);
        TileSums<Tile> total = {};
        const int stages = int((end - begin + stage_depth - 1) / stage_depth);
        multiply_stages<Tile, Products>(stages, left->values, right->values, loads, total);
        store_partial<Tile>(depth, padded, first_d + Tile::first_row(), first_k + Tile::first_column(), total, partial + group * depth * padded);
    }
}

}  // namespace conv2d
