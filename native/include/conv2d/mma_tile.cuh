// A tile of a convolution's results on tensor cores: 8 warps share the tile out, operands come through shared memory 16 deep, in
// stages that are copied while earlier ones are multiplied.
//
// For sm_90 (65,536 registers and 227 KiB of shared memory per multiprocessor), by ptxas of nvcc 11.8, without an epilogue; no pass
// spills. Nothing here has been run on a GPU. What the loop over stages costs: benchmarks/results/2026-11-23_nvcc_conv2d.md.
//
//   tile      precision   stages   shared memory of a block, KiB   sums per    registers   blocks per multiprocessor
//                                  correlation / weight gradient   thread                  asked for / by registers
//   128x128   TF32        2        39.0 / 41.0                     64          148 - 170   1 / 1
//   64x128    TF32        3        43.5 / 44.5                     32          100 - 128   1 / 2
//   64x64     TF32        3        31.5 / 32.5                     16           86 - 106   2 / 2
//   64x128    3xTF32      3        43.5 / 44.5                     64          138 - 158   1 / 1
//   64x64     3xTF32      3        31.5 / 32.5                     32          102 - 125   1 / 2
//
// One block is 8 warps, two for each of a multiprocessor's schedulers. 3xTF32 has twice the operands and, since tensor cores round
// sums toward zero, adds the sums of every chunk to totals in plain float32: twice the sums.
#pragma once

#include "async_copy.cuh"
#include "conv2d/block_product.cuh"
#include "tensor_core.cuh"

// Loops whose body is long.
#define ONE_BY_ONE _Pragma("unroll 1")

namespace conv2d {

constexpr int stage_depth = 16, block_warps = block_threads / 32;

template <int Rows, int Columns, int Stages>
struct MmaTile {
    static constexpr int rows = Rows, columns = Columns, stages = Stages;
    static constexpr int row_warps = 2, column_warps = block_warps / row_warps;
    static constexpr int warp_rows = Rows / row_warps, warp_columns = Columns / column_warps;
    static constexpr int row_steps = warp_rows / 16, column_steps = warp_columns / 8;  // of m16n8k8
    static_assert(warp_rows % 16 == 0 && warp_columns % 16 == 0 && Stages >= 2, "whole products, and copies beside them");

    // Where this warp's results begin in the tile, and this thread's, whose others follow at multiples of 16 rows and 8 columns.
    static DEVICE int warp_row() { return int(threadIdx.x) / 32 / column_warps * warp_rows; }
    static DEVICE int warp_column() { return int(threadIdx.x) / 32 % column_warps * warp_columns; }
    static DEVICE int first_row() { return warp_row() + int(threadIdx.x) % 32 / 4; }
    static DEVICE int first_column() { return warp_column() + int(threadIdx.x) % 4 * 2; }
};

// An operand's stage in shared memory, its depth side by side. The four quads of a line change places from one pair of lines to the
// next, so that the same quad of 8 lines, which load_matrices reads at once, lies in 32 different banks. Lines at multiples of 8
// have one order, and the quads of d and d + 8 lie at places that differ in bit 3.
template <int Extent>
struct DepthInLine {
    static constexpr int line = stage_depth, size = Extent * line;
    static DEVICE int at(int which, int depth) { return which * line + ((depth / 4 ^ which / 2 % 4) * 4 + depth % 4); }

    // The line that a lane names for 16 rows as operand a, and for two times 8 columns as operand b.
    static DEVICE int row_of_lane(int first, int lane) { return at(first + lane % 16, lane / 16 * 4); }
    static DEVICE int column_of_lane(int first, int lane) { return at(first + lane % 8 + lane / 16 * 8, lane / 8 % 2 * 4); }
    // The lane's words of them, `which` (a multiple of 8) lines further and from depth d (0 or 8) on.
    static DEVICE void load(const float* stage, int of_lane, int which, int d, float (&words)[4]) {
        load_matrices(stage + ((of_lane ^ d) + which * line), words);
    }
};

// The same, rows (or columns) side by side: lines of 8 mod 32 words put what the lanes (lane / 4, lane % 4) read into 32 banks.
template <int Extent>
struct ExtentInLine {
    static_assert(Extent % 32 == 0, "lines of 8 mod 32 words");
    static constexpr int line = Extent + 8, size = stage_depth * line;
    static DEVICE int at(int which, int depth) { return depth * line + which; }
    static DEVICE int column_of_lane(int first, int lane) { return at(first + lane / 4, lane % 4); }
    static DEVICE void load(const float* stage, int of_lane, int which, int d, float (&words)[4]) {
        IN_REGISTERS for (int i = 0; i < 4; ++i) words[i] = stage[of_lane + at(which + i / 2 * 8, d + i % 2 * 4)];
    }
};

template <typename Tile>
using TileSums = float[Tile::row_steps][Tile::column_steps][4];

// sums += left right for one stage.
template <typename Tile, int Products, typename Left, typename Right>
DEVICE void multiply_stage(const float* left, const float* right, TileSums<Tile>& sums) {
    const int lane = int(threadIdx.x) % 32;
    const int row = Left::row_of_lane(Tile::warp_row(), lane), column = Right::column_of_lane(Tile::warp_column(), lane);
    IN_REGISTERS for (int d = 0; d < stage_depth; d += 8) {
        float words[4];
        Tf32Fragment<Products, 2> of_columns[Tile::column_steps];
        IN_REGISTERS for (int j = 0; j < Tile::column_steps; j += 2) {
            Right::load(right, column, 8 * j, d, words);
            IN_REGISTERS for (int k = 0; k < 4; ++k) of_columns[j + k / 2].set(k % 2, words[k]);
        }
        IN_REGISTERS for (int i = 0; i < Tile::row_steps; ++i) {
            Tf32Fragment<Products, 4> of_rows;
            Left::load(left, row, 16 * i, d, words);
            IN_REGISTERS for (int k = 0; k < 4; ++k) of_rows.set(k, words[k]);
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

// The stages in turn, the first one after the last.
template <typename Tile>
struct StageRing {
    int at = 0;
    DEVICE void advance() { at = at + 1 < Tile::stages ? at + 1 : 0; }
};

// total = the product over `count` stages, whose copies load(stage, left, right) begins in their order. The block must meet before
// the next product.
template <typename Tile, int Products, typename Load>
DEVICE void multiply_stages(int count, float* left, float* right, const Load& load, TileSums<Tile>& total) {
    using Left = typename Load::Left;
    using Right = typename Load::Right;
    TileSums<Tile> part = {};
    StageRing<Tile> copied, multiplied;
    const auto begin_stage = [&](int stage) {
        if (stage < count) load(stage, left + copied.at * Left::size, right + copied.at * Right::size);
        commit_copies();
        copied.advance();
    };
    ONE_BY_ONE for (int stage = 0; stage < Tile::stages - 1; ++stage) begin_stage(stage);
    ONE_BY_ONE for (int stage = 0; stage < count; ++stage) {
        wait_for_copies<Tile::stages - 2>();
        __syncthreads();  // everybody's copies are there, and nobody reads the stage before, whose place the next copies take
        begin_stage(stage + Tile::stages - 1);
        const float *a = left + multiplied.at * Left::size, *b = right + multiplied.at * Right::size;
        multiplied.advance();
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
