// Elements picked along one axis by a list of indices, and the adjoint: x[outer, n, inner], y[outer, m, inner].
//   gather        y[o, k, i] = x[o, indices[k], i]
//   scatter_add   x[o, targets[t], i] = the sum of y[o, order[s], i] over s in [starts[t], starts[t + 1])
// The host has checked the indices and grouped their positions by target, so a sum has one writer and runs in the order of
// the positions: no atomics, the same bits on every device. Targets are distinct; what is no target is left alone.
#include "device.cuh"

template <typename T>
DEVICE void gather(int64_t outer, int64_t n, int64_t inner, int64_t m, const int32_t* RESTRICT indices, const T* RESTRICT x,
                   T* RESTRICT y) {
    if (inner == 1) {
        GRID_ROWS(o, outer, m) {
            GRID_COLUMNS(k, o) y[o * m + k] = x[o * n + indices[k]];
        }
    } else {
        GRID_ROWS(row, outer * m, inner) {
            const T* source = x + (row / m * n + indices[row % m]) * inner;
            GRID_COLUMNS(i, row) y[row * inner + i] = source[i];
        }
    }
}

struct ScatterSize {
    int64_t outer, n, inner, m, target_count;
};

template <typename T>
DEVICE T segment_sum(const int32_t* order, int64_t begin, int64_t end, int64_t stride, const T* y) {
    T total = y[order[begin] * stride];
    for (int64_t s = begin + 1; s < end; ++s) total += y[order[s] * stride];
    return total;
}

template <typename T>
DEVICE void scatter_add(const ScatterSize& z, const int32_t* RESTRICT order, const int32_t* RESTRICT targets,
                        const int32_t* RESTRICT starts, const T* RESTRICT y, T* RESTRICT x) {
    if (z.inner == 1) {
        GRID_ROWS(o, z.outer, z.target_count) {
            GRID_COLUMNS(t, o) {
                x[o * z.n + targets[t]] = segment_sum(order, starts[t], starts[t + 1], 1, y + o * z.m);
            }
        }
    } else {
        GRID_ROWS(row, z.outer * z.target_count, z.inner) {
            const int64_t o = row / z.target_count, t = row % z.target_count;
            GRID_COLUMNS(i, row) {
                x[(o * z.n + targets[t]) * z.inner + i] =
                    segment_sum(order, starts[t], starts[t + 1], z.inner, y + o * z.m * z.inner + i);
            }
        }
    }
}

#define GATHER(T, suffix)                                                                                            \
    KERNEL(indexing_gather_##suffix,                                                                                 \
           (int64_t outer, int64_t n, int64_t inner, int64_t m, const int32_t* indices, const T* x, T* y)) {         \
        gather(outer, n, inner, m, indices, x, y);                                                                   \
    }
FOR_ALL_TYPES(GATHER)

#define SCATTER_ADD(T, suffix)                                                                                       \
    KERNEL(indexing_scatter_add_##suffix, (ScatterSize size, const int32_t* order, const int32_t* targets,           \
                                           const int32_t* starts, const T* y, T* x)) {                               \
        scatter_add(size, order, targets, starts, y, x);                                                             \
    }
FOR_FLOAT_TYPES(SCATTER_ADD)
