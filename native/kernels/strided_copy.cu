// A box of elements copied from one strided place to another: the one kernel behind permute, slice, pad and concat.
// Moves without arithmetic, so that it serves every element type; x and y must not overlap.
#include "device.cuh"

// The box: rows = product of size[0..rank) and `columns` along the innermost axis. A coordinate advances x and y by their
// strides of that axis, inside a row by x_step and y_step.
constexpr int strided_copy_rank = 6;
struct StridedCopy {
    int64_t rank, rows, columns, x_offset, y_offset, x_step, y_step;
    int64_t size[strided_copy_rank], x_stride[strided_copy_rank], y_stride[strided_copy_rank];
};

template <typename T>
DEVICE void strided_copy(const StridedCopy& s, const T* RESTRICT x, T* RESTRICT y) {
    GRID_ROWS(row, s.rows, s.columns) {
        int64_t rest = row, from = s.x_offset, to = s.y_offset;
        for (int64_t d = s.rank - 1; d >= 0; --d) {
            const int64_t coordinate = rest % s.size[d];
            rest /= s.size[d];
            from += coordinate * s.x_stride[d];
            to += coordinate * s.y_stride[d];
        }
        if (s.x_step == 1 && s.y_step == 1) {
            GRID_COLUMNS(c, row) y[to + c] = x[from + c];
        } else {
            GRID_COLUMNS(c, row) y[to + c * s.y_step] = x[from + c * s.x_step];
        }
    }
}

#define STRIDED_COPY(T, suffix)                                                                   \
    KERNEL(strided_copy_##suffix, (StridedCopy shape, const T* x, T* y)) { strided_copy(shape, x, y); }
FOR_ALL_TYPES(STRIDED_COPY)
