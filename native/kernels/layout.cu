// Moves without arithmetic: transposed copies into a wider matrix, a triangle of a matrix.
#include "device.cuh"

// y[c * y_stride + r] = x[r * columns + c]; y_stride >= rows lets the result be a block of a wider matrix.
// Through square tiles, so that both sides are read and written in runs; one spare column avoids bank conflicts.
constexpr int64_t tile = 32;

template <typename T>
DEVICE void transpose(int64_t rows, int64_t columns, const T* RESTRICT x, int64_t y_stride, T* RESTRICT y) {
    SHARED(T, values, tile * (tile + 1));
    const int64_t tiles_down = (rows + tile - 1) / tile, tiles_across = (columns + tile - 1) / tile;
    GRID_BLOCKS(block, tiles_down * tiles_across) {
        const int64_t r0 = block / tiles_across * tile, c0 = block % tiles_across * tile;
        BLOCK_LOOP(i, tile * tile) {
            const int64_t r = r0 + i / tile, c = c0 + i % tile;
            if (r < rows && c < columns) values[i / tile * (tile + 1) + i % tile] = x[r * columns + c];
        }
        __syncthreads();
        BLOCK_LOOP(i, tile * tile) {
            const int64_t c = c0 + i / tile, r = r0 + i % tile;
            if (r < rows && c < columns) y[c * y_stride + r] = values[i % tile * (tile + 1) + i / tile];
        }
        __syncthreads();
    }
}

// y[n x n] = the upper (c >= r) or lower (c <= r) triangle of x, whose rows are ldx apart; zero elsewhere.
template <typename T>
DEVICE void triangle(int64_t n, int64_t upper, const T* RESTRICT x, int64_t ldx, T* RESTRICT y) {
    GRID_ROWS(r, n, n) {
        GRID_COLUMNS(c, r) {
            const bool kept = upper != 0 ? c >= r : c <= r;
            y[r * n + c] = kept ? x[r * ldx + c] : T(0);
        }
    }
}

template <typename T>
DEVICE void diagonal(int64_t n, const T* x, int64_t ldx, T* y) {
    GRID_LOOP(i, n) y[i] = x[i * (ldx + 1)];
}

#define LAYOUT(T, suffix)                                                                                          \
    BLOCK_KERNEL(layout_transpose_##suffix, (int64_t rows, int64_t columns, const T* x, int64_t y_stride, T* y)) {       \
        transpose(rows, columns, x, y_stride, y);                                                                  \
    }                                                                                                              \
    KERNEL(layout_triangle_##suffix, (int64_t n, int64_t upper, const T* x, int64_t ldx, T* y)) {                  \
        triangle(n, upper, x, ldx, y);                                                                             \
    }                                                                                                              \
    KERNEL(layout_diagonal_##suffix, (int64_t n, const T* x, int64_t ldx, T* y)) { diagonal(n, x, ldx, y); }
FOR_FLOAT_TYPES(LAYOUT)
