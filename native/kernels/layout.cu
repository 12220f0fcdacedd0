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

// The rows of a mini-batch: y[i] = x[order[(cursor + i) mod length]]. The cursor is in device memory, so that a recorded step
// can be replayed; whoever moves it on keeps batches within an epoch. For the same reason no host has seen the order: a
// cursor below 0 or an entry that is no row of x[n, columns] fails the launch.
template <typename T>
DEVICE void batch_rows(int64_t rows, int64_t columns, int64_t n, const T* RESTRICT x, const int32_t* order, int64_t length,
                       const int32_t* cursor, T* RESTRICT y) {
    const int64_t first = *cursor;
    if (!REQUIRE(first >= 0, "the cursor is negative")) return;
    GRID_ROWS(row, rows, columns) {
        const int64_t index = order[(first + row) % length];
        if (!REQUIRE(index >= 0 && index < n, "an entry of the order is outside the rows")) return;
        GRID_COLUMNS(c, row) y[row * columns + c] = x[index * columns + c];
    }
}

KERNEL(layout_advance_i32, (int64_t by, int32_t* cursor)) {
    GRID_LOOP(i, 1) cursor[i] += int32_t(by);
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

#define BATCH_ROWS(T, suffix)                                                                                     \
    KERNEL(layout_batch_rows_##suffix, (int64_t rows, int64_t columns, int64_t n, const T* x,                      \
                                        const int32_t* order, int64_t length, const int32_t* cursor, T* y)) {      \
        batch_rows(rows, columns, n, x, order, length, cursor, y);                                                 \
    }
FOR_ALL_TYPES(BATCH_ROWS)

#define LAYOUT(T, suffix)                                                                                          \
    BLOCK_KERNEL(layout_transpose_##suffix, (int64_t rows, int64_t columns, const T* x, int64_t y_stride, T* y)) {       \
        transpose(rows, columns, x, y_stride, y);                                                                  \
    }                                                                                                              \
    KERNEL(layout_triangle_##suffix, (int64_t n, int64_t upper, const T* x, int64_t ldx, T* y)) {                  \
        triangle(n, upper, x, ldx, y);                                                                             \
    }                                                                                                              \
    KERNEL(layout_diagonal_##suffix, (int64_t n, const T* x, int64_t ldx, T* y)) { diagonal(n, x, ldx, y); }
FOR_FLOAT_TYPES(LAYOUT)
