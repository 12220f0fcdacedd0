// The matrix product behind gemm, gemmStridedBatched and trsm. C is cut into tiles by the problem's size alone, each
// tile is one single-threaded OpenBLAS call, and a split of k is summed in order: the bits never depend on workers.
#pragma once

#include "blas_common.h"

namespace softcuda {

template <typename T>
struct Gemm {
    bool trans_a, trans_b;
    int64_t m, n, k;
    T alpha;
    const T* a;
    int64_t lda;
    const T* b;
    int64_t ldb;
    T beta;
    T* c;
    int64_t ldc;

    const T* a_at(int64_t row, int64_t depth) const { return a + (trans_a ? depth + row * lda : row + depth * lda); }
    const T* b_at(int64_t depth, int64_t column) const {
        return b + (trans_b ? column + depth * ldb : depth + column * ldb);
    }
    double flops() const { return 2.0 * static_cast<double>(m) * static_cast<double>(n) * static_cast<double>(k); }
    // OpenBLAS here takes 32-bit sizes; a wider leading dimension has to be packed away.
    bool wide() const { return std::max({lda, ldb, ldc}) > INT_MAX; }
};

constexpr int64_t kLargestExtent = int64_t{1} << 30;
constexpr double kTileFlops = 1e6;
constexpr double kBigTileFlops = 4e9;
constexpr int64_t kSmallestEdge = 64;
constexpr int64_t kSmallestDepth = 512;
constexpr int64_t kWorthwhileDepths = 4;
constexpr int64_t kEdgeMultiple = 16;

// Extents of one tile; the last one of each direction is cut off by the matrix.
struct GemmTiles {
    int64_t rows, columns, depth;
    int64_t row_count, column_count, depth_count;
    int64_t count() const { return row_count * column_count * depth_count; }
};

// About one tile per million flops, up to 16 of them; larger products grow their tiles first, then their number.
inline int64_t wanted_tiles(double flops) {
    double many = std::min(64.0, flops / kBigTileFlops);
    return static_cast<int64_t>(std::max(1.0, std::min(flops / kTileFlops, std::max(16.0, many))));
}

inline int64_t tile_extent(int64_t size, int64_t parts) {
    return std::min(size, ceil_div(ceil_div(size, parts), kEdgeMultiple) * kEdgeMultiple);
}

// Halves the longer edge first: square tiles repack the least of A and B.
inline GemmTiles plan_tiles(int64_t m, int64_t n, int64_t k, double flops) {
    int64_t wanted = wanted_tiles(flops), rows = 1, columns = 1;
    while (rows * columns * 2 <= wanted) {
        bool by_rows = m / rows >= n / columns;
        if (std::max(m / rows, n / columns) < 2 * kSmallestEdge) {
            break;
        }
        (by_rows ? rows : columns) *= 2;
    }
    rows = std::max(rows, ceil_div(m, kLargestExtent));
    columns = std::max(columns, ceil_div(n, kLargestExtent));
    int64_t spare = std::min(wanted / (rows * columns), k / kSmallestDepth);
    int64_t depths = std::max(spare >= kWorthwhileDepths ? spare : 1, ceil_div(k, kLargestExtent));
    GemmTiles tiles{tile_extent(m, rows), tile_extent(n, columns), tile_extent(k, depths), 0, 0, 0};
    tiles.row_count = ceil_div(m, tiles.rows);
    tiles.column_count = ceil_div(n, tiles.columns);
    tiles.depth_count = ceil_div(k, tiles.depth);
    return tiles;
}

template <typename T>
void blas_gemm(bool trans_a, bool trans_b, int64_t m, int64_t n, int64_t k, T alpha, const T* a, int64_t lda,
               const T* b, int64_t ldb, T beta, T* c, int64_t ldc) {
    BlasThreads one(1);
    Blas<T>::gemm(kColumnMajor, trans_a ? kTrans : kNoTrans, trans_b ? kTrans : kNoTrans, static_cast<int>(m),
                  static_cast<int>(n), static_cast<int>(k), alpha, a, static_cast<int>(lda), b,
                  static_cast<int>(ldb), beta, c, static_cast<int>(ldc));
}

// beta == 0 must not read: uninitialised memory may hold NaN.
template <typename T>
void scale_matrix(int64_t m, int64_t n, T beta, T* c, int64_t ldc) {
    for (int64_t j = 0; j < n && beta != T(1); j++) {
        T* column = c + j * ldc;
        for (int64_t i = 0; i < m; i++) {
            column[i] = beta == T(0) ? T(0) : beta * column[i];
        }
    }
}

template <typename T>
void gemm_in_one(const Gemm<T>& g) {
    blas_gemm(g.trans_a, g.trans_b, g.m, g.n, g.k, g.alpha, g.a, g.lda, g.b, g.ldb, g.beta, g.c, g.ldc);
}

// The part of g that one tile computes; index runs over rows first, then columns, then depth.
template <typename T>
Gemm<T> tile_of(const Gemm<T>& g, const GemmTiles& tiles, int64_t index) {
    int64_t row = index % tiles.row_count * tiles.rows;
    int64_t column = index / tiles.row_count % tiles.column_count * tiles.columns;
    int64_t depth = index / (tiles.row_count * tiles.column_count) * tiles.depth;
    Gemm<T> part = g;
    part.m = std::min(tiles.rows, g.m - row);
    part.n = std::min(tiles.columns, g.n - column);
    part.k = std::min(tiles.depth, g.k - depth);
    part.a = g.a_at(row, depth);
    part.b = g.b_at(depth, column);
    part.c = g.c + row + column * g.ldc;
    return part;
}

// c = alpha * (the sum over d of parts[d]) + beta * c, in the order of d.
template <typename T>
void add_parts(const Gemm<T>& g, const T* parts, int64_t count) {
    constexpr int64_t kGroupElements = 65536;
    int64_t group = std::max<int64_t>(1, kGroupElements / g.m);
    for_tiles(ceil_div(g.n, group), [&](int64_t index) {
        for (int64_t j = index * group; j < std::min(g.n, (index + 1) * group); j++) {
            for (int64_t i = 0; i < g.m; i++) {
                T sum = 0;
                for (int64_t d = 0; d < count; d++) {
                    sum += parts[(d * g.n + j) * g.m + i];
                }
                T& c = g.c[i + j * g.ldc];
                c = g.beta == T(0) ? g.alpha * sum : g.alpha * sum + g.beta * c;
            }
        }
    });
}

// Small C, long k (weight gradients): the depth tiles go to scratch and are added afterwards.
template <typename T>
void gemm_split_depth(const Gemm<T>& g, const GemmTiles& tiles) {
    auto parts = scratch<T>(g.m * g.n * tiles.depth_count);
    for_tiles(tiles.count(), [&](int64_t index) {
        Gemm<T> part = tile_of(g, tiles, index);
        int64_t slice = index / (tiles.row_count * tiles.column_count);
        int64_t place = part.c - g.c;
        part.c = parts.get() + slice * g.m * g.n + place % g.ldc + place / g.ldc * g.m;
        part.ldc = std::max<int64_t>(1, g.m);
        part.alpha = 1;
        part.beta = 0;
        gemm_in_one(part);
    });
    add_parts(g, parts.get(), tiles.depth_count);
}

template <typename T>
void copy_block(const T* from, int64_t ld, T* to, int64_t rows, int64_t columns) {
    for (int64_t j = 0; j < columns; j++) {
        std::copy_n(from + j * ld, rows, to + j * rows);
    }
}

constexpr int64_t kPackEdge = 512;

// One tile of a product with a leading dimension beyond 32 bits: operands and result pass through dense blocks.
template <typename T>
void gemm_packed_tile(const Gemm<T>& g, const GemmTiles& tiles, int64_t index) {
    auto a = scratch<T>(kPackEdge * kPackEdge), b = scratch<T>(kPackEdge * kPackEdge);
    auto c = scratch<T>(kPackEdge * kPackEdge);
    Gemm<T> tile = tile_of(g, tiles, index);
    for (int64_t depth = 0; depth < g.k; depth += kPackEdge) {
        int64_t k = std::min(kPackEdge, g.k - depth);
        int64_t a_rows = g.trans_a ? k : tile.m, b_rows = g.trans_b ? tile.n : k;
        copy_block(tile.a_at(0, depth), g.lda, a.get(), a_rows, g.trans_a ? tile.m : k);
        copy_block(tile.b_at(depth, 0), g.ldb, b.get(), b_rows, g.trans_b ? k : tile.n);
        blas_gemm(g.trans_a, g.trans_b, tile.m, tile.n, k, T(1), a.get(), a_rows, b.get(), b_rows,
                  T(depth == 0 ? 0 : 1), c.get(), tile.m);
    }
    scale_matrix(tile.m, tile.n, g.beta, tile.c, g.ldc);
    for (int64_t j = 0; j < tile.n; j++) {
        for (int64_t i = 0; i < tile.m; i++) {
            tile.c[i + j * g.ldc] += g.alpha * c[i + j * tile.m];
        }
    }
}

template <typename T>
void gemm_packed(const Gemm<T>& g) {
    GemmTiles tiles{kPackEdge, kPackEdge, g.k, ceil_div(g.m, kPackEdge), ceil_div(g.n, kPackEdge), 1};
    for_tiles(tiles.count(), [&](int64_t index) { gemm_packed_tile(g, tiles, index); });
}

// m and n are positive.
template <typename T>
void gemm_any(const Gemm<T>& g) {
    if (g.alpha == T(0) || g.k == 0) {
        return scale_matrix(g.m, g.n, g.beta, g.c, g.ldc);
    }
    if (g.wide()) {
        return gemm_packed(g);
    }
    GemmTiles tiles = plan_tiles(g.m, g.n, g.k, g.flops());
    if (tiles.depth_count > 1) {
        return gemm_split_depth(g, tiles);
    }
    for_tiles(tiles.count(), [&](int64_t index) { gemm_in_one(tile_of(g, tiles, index)); });
}

}  // namespace softcuda
