// Tiles of accumulators on the fast device: as many vectors as stay in registers.
#pragma once

#include "conv2d/fast_patches.cuh"

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

}  // namespace conv2d
