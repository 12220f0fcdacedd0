// A tile of a convolution's results on tensor cores: 8 warps share the tile out, operands come through shared memory 16 deep, in
// stages that are copied while earlier ones are multiplied.
//
// For sm_90 (65,536 registers and 227 KiB of shared memory per multiprocessor, 255 registers per thread). Registers are those that
// live at once in clang's PTX, the most of the three passes without an epilogue; sizes that ptxas reads from the parameters count
// too, so that it may need fewer. Nothing here has been compiled by ptxas or run on a GPU: `run kernel conv2d` prints there what it made of it.
//
//   tile      precision   stages   shared memory of a block, KiB   sums per    registers   blocks per multiprocessor
//                                  correlation / weight gradient   thread                  that launch bounds ask for
//   128x128   TF32        2        37.0 / 41.0                     64          198 - 238   1
//   64x128    TF32        3        40.5 / 45.5                     32          166 - 208   1
//   64x64     TF32        3        28.5 / 30.5                     16          133 - 175   2 (at most 128 registers)
//   64x128    3xTF32      3        40.5 / 45.5                     64          211 - 253   1
//   64x64     3xTF32      3        28.5 / 30.5                     32          158 - 200   1
//
// One block is 8 warps, two for each of a multiprocessor's schedulers. 3xTF32 has twice the operands and, since tensor cores round
// sums toward zero, adds the sums of every chunk to totals in plain float32: twice the sums.
#pragma once

#include "async_copy.cuh"
#include "conv2d/block_product.cuh"
#include "tensor_core.cuh"

namespace conv2d {

constexpr int stage_depth = 16, block_warps = block_threads / 32;

template <int Rows, int Columns, int Stages>
struct MmaTile {
    static constexpr int rows = Rows, columns = Columns, stages = Stages;
    static constexpr int row_warps = 2, column_warps = block_warps / row_warps;
    static constexpr int warp_rows = Rows / row_warps, warp_columns = Columns / column_warps;
    static constexpr int row_steps = warp_rows / 16, column_steps = warp_columns / 8;  // of m16n8k8
    static_assert(warp_rows % 16 == 0 && warp_columns % 8 == 0 && Stages >= 2, "whole products, and copies beside them");

    // Where this thread's first results lie in the tile; the others follow at multiples of 16 rows and 8 columns.
    static DEVICE int first_row() { return int(threadIdx.x) / 32 / column_warps * warp_rows + int(threadIdx.x) % 32 / 4; }
    static DEVICE int first_column() { return int(threadIdx.x) / 32 % column_warps * warp_columns + int(threadIdx.x) % 4 * 2; }
};

// An operand's stage in shared memory, its depth side by side or its rows (or columns) side by side. Lines of 20 = 4 mod 8 words,
// or of 8 mod 32 words, put what the lanes (lane / 4, lane % 4) of a warp read into 32 different banks.
template <int Extent>
struct DepthInLine {
    static constexpr int line = stage_depth + 4, size = Extent * line;
    static DEVICE int at(int which, int depth) { return which * line + depth; }
};
template <int Extent>
struct ExtentInLine {
    static_assert(Extent % 32 == 0, "lines of 8 mod 32 words");
    static constexpr int line = Extent + 8, size = stage_depth * line;
    static DEVICE int at(int which, int depth) { return depth * line + which; }
};

template <typename Tile>
using TileSums = float[Tile::row_steps][Tile::column_steps][4];

// sums += left right for one stage.
template <typename Tile, int Products, typename Left, typename Right>
DEVICE void multiply_stage(const float* left, const float* right, TileSums<Tile>& sums) {
    const int member = int(threadIdx.x) % 4, column = Tile::first_column() - 2 * member + int(threadIdx.x) % 32 / 4;
    const float *a = left + Left::at(Tile::first_row(), member), *b = right + Right::at(column, member);
    IN_REGISTERS for (int d = 0; d < stage_depth; d += 8) {
        Tf32Fragment<Products, 2> of_columns[Tile::column_steps];
        IN_REGISTERS for (int j = 0; j < Tile::column_steps; ++j) {
            IN_REGISTERS for (int k = 0; k < 2; ++k) of_columns[j].set(k, b[Right::at(8 * j, d + 4 * k)]);
        }
        IN_REGISTERS for (int i = 0; i < Tile::row_steps; ++i) {
            Tf32Fragment<Products, 4> of_rows;
            IN_REGISTERS for (int k = 0; k < 4; ++k) of_rows.set(k, a[Left::at(16 * i + k % 2 * 8, d + k / 2 * 4)]);
            if constexpr (Products == 3) {
                IN_REGISTERS for (int j = 0; j < Tile::column_steps; ++j) mma_m16n8k8_tf32(sums[i][j], of_rows.low, of_columns[j].high);
                IN_REGISTERS for (int j = 0; j < Tile::column_steps; ++j) mma_m16n8k8_tf32(sums[i][j], of_rows.high, of_columns[j].low);
            }
            IN_REGISTERS for (int j = 0; j < Tile::column_steps; ++j) mma_m16n8k8_tf32(sums[i][j], of_rows.high, of_columns[j].high);
        }
    }
}

// Moves what part holds to total.
template <typename Tile>
DEVICE void add_up(TileSums<Tile>& part, TileSums<Tile>& total) {
    IN_REGISTERS for (int i = 0; i < Tile::row_steps; ++i) {
        IN_REGISTERS for (int j = 0; j < Tile::column_steps; ++j) {
            IN_REGISTERS for (int k = 0; k < 4; ++k) {
                total[i][j][k] += part[i][j][k];
                part[i][j][k] = 0;
            }
        }
    }
}

// Begins the copies of a stage, if there is such a one: load(stage, left, right).
template <typename Tile, typename Load>
DEVICE void begin_stage(int stage, int count, float* left, float* right, Load& load) {
    const int place = stage % Tile::stages;
    if (stage < count) load(stage, left + place * Load::Left::size, right + place * Load::Right::size);
    commit_copies();
}

// total = the product over `count` stages, whose copies load begins in their order. The block must meet before the next product.
template <typename Tile, int Products, typename Load>
DEVICE void multiply_stages(int count, float* left, float* right, Load& load, TileSums<Tile>& total) {
    using Left = typename Load::Left;
    using Right = typename Load::Right;
    TileSums<Tile> part = {};
    for (int next = 0; next < count + Tile::stages - 1; ++next) {
        const int stage = next - (Tile::stages - 1);
        if (stage >= 0) {
            wait_for_copies<Tile::stages - 2>();
            __syncthreads();  // everybody's copies are there, and nobody reads the stage before, whose place the next copies take
        }
        begin_stage<Tile>(next, count, left, right, load);
        if (stage < 0) continue;
        const float *a = left + stage % Tile::stages * Left::size, *b = right + stage % Tile::stages * Right::size;
        if constexpr (Products == 1) {
            multiply_stage<Tile, Products, Left, Right>(a, b, total);
        } else {
            multiply_stage<Tile, Products, Left, Right>(a, b, part);
            if ((stage + 1) % int(chunk / stage_depth) == 0) add_up<Tile>(part, total);
        }
    }
    if constexpr (Products == 3) add_up<Tile>(part, total);
}

}  // namespace conv2d
