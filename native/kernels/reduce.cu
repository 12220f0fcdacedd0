// Reductions of x[outer, n, inner] over n, in an order fixed by n alone, so that every device and block size gives the same
// bits. A long axis is cut into chunks; y[outer, chunks, inner] holds the partial results and the caller reduces again.
//   inner == 1   chunks of row_chunk elements: row_lanes running values, element e goes to lane e % row_lanes,
//                then the lanes are folded in halves.
//   inner  > 1   chunks of column_chunk elements, added one after another.
#include "device.cuh"
#include "fold.cuh"
#include "math.cuh"

constexpr int64_t row_lanes = 128;
constexpr int64_t row_chunk = 4096;
constexpr int64_t column_chunk = 256;

struct Sum {
    template <typename T>
    static DEVICE T first(T x) { return x; }
    template <typename T>
    static DEVICE T combine(T total, T x) { return total + x; }
};

// Largest absolute value; a NaN anywhere gives NaN.
struct MaxAbs {
    template <typename T>
    static DEVICE T first(T x) { return x < T(0) ? -x : x; }
    template <typename T>
    static DEVICE T combine(T total, T x) {
        const T magnitude = first(x);
        return magnitude > total || magnitude != magnitude ? magnitude : total;
    }
};

template <typename Reduction, typename T>
DEVICE void fill_lanes(const T* x, int64_t count, T* lanes) {
#if FAST_HOST
    for (int64_t lane = 0; lane < row_lanes; ++lane) lanes[lane] = T(0);
    for (int64_t base = 0; base < count; base += row_lanes) {
        const int64_t width = count - base < row_lanes ? count - base : row_lanes;
        for (int64_t lane = 0; lane < width; ++lane) lanes[lane] = Reduction::combine(lanes[lane], x[base + lane]);
    }
#else
    BLOCK_LOOP(lane, row_lanes) {
        T total = T(0);
        for (int64_t e = lane; e < count; e += row_lanes) total = Reduction::combine(total, x[e]);
        lanes[lane] = total;
    }
#endif
}

template <typename Reduction, typename T>
DEVICE void reduce_rows(int64_t outer, int64_t n, const T* x, T* y) {
    SHARED(T, lanes, row_lanes);
    const int64_t chunks = (n + row_chunk - 1) / row_chunk;
    GRID_BLOCKS(block, outer * chunks) {
        const int64_t row = block / chunks, begin = (block - row * chunks) * row_chunk;
        fill_lanes<Reduction>(x + row * n + begin, n - begin < row_chunk ? n - begin : row_chunk, lanes);
        __syncthreads();
        fold_lanes<Reduction>(lanes, row_lanes);
        if (threadIdx.x == 0) y[block] = lanes[0];  // no barrier: only this thread writes lanes[0] in the next round
    }
}

template <typename Reduction, typename T>
DEVICE void reduce_columns(int64_t outer, int64_t n, int64_t inner, const T* RESTRICT x, T* RESTRICT y) {
    const int64_t chunks = (n + column_chunk - 1) / column_chunk;
    GRID_ROWS(row, outer * chunks, inner) {
        const int64_t slice = row / chunks, begin = (row - slice * chunks) * column_chunk;
        const int64_t end = n - begin < column_chunk ? n : begin + column_chunk;
        T* total = y + row * inner;
        GRID_COLUMNS(c, row) total[c] = T(0);
        for (int64_t e = begin; e < end; ++e) {
            const T* values = x + (slice * n + e) * inner;
            GRID_COLUMNS(c, row) total[c] = Reduction::combine(total[c], values[c]);
        }
    }
}

#define REDUCE_ROWS(name, Reduction, T, suffix)                                                                    \
    BLOCK_KERNEL(reduce_##name##_rows_##suffix, (int64_t outer, int64_t n, const T* x, T* y)) {                    \
        reduce_rows<Reduction>(outer, n, x, y);                                                                    \
    }
#define REDUCE(T, suffix)                                                                                          \
    REDUCE_ROWS(sum, Sum, T, suffix)                                                                               \
    REDUCE_ROWS(max_abs, MaxAbs, T, suffix)                                                                        \
    KERNEL(reduce_sum_columns_##suffix, (int64_t outer, int64_t n, int64_t inner, const T* x, T* y)) {             \
        reduce_columns<Sum>(outer, n, inner, x, y);                                                                \
    }
FOR_FLOAT_TYPES(REDUCE)
REDUCE_ROWS(sum, Sum, int32_t, i32)

// y[o, i] = the first position e of the largest value of x[o, :, i]; the first NaN counts as the largest.
template <typename T>
DEVICE void argmax(int64_t outer, int64_t n, int64_t inner, const T* x, int32_t* y) {
    GRID_LOOP(i, outer * inner) {
        const T* values = x + (i / inner * n * inner + i % inner);
        int64_t best = 0;
        T largest = values[0];
        for (int64_t e = 1; e < n; ++e) {
            const T value = values[e * inner];
            const bool larger = value > largest || (value != value && largest == largest);
            best = larger ? e : best;
            largest = larger ? value : largest;
        }
        y[i] = int32_t(best);
    }
}

// y[o, i] = x[o, indices[o, i], i]; an index outside [0, n) gives NaN.
template <typename T>
DEVICE void pick(int64_t outer, int64_t n, int64_t inner, const T* x, const int32_t* indices, T* y) {
    GRID_LOOP(i, outer * inner) {
        const int64_t e = indices[i];
        y[i] = e >= 0 && e < n ? x[(i / inner * n + e) * inner + i % inner] : math::detail::from_bits(math::detail::Format<T>::nan);
    }
}

// The adjoint of pick: x[o, e, i] = y[o, i] where e = indices[o, i], else 0.
template <typename T>
DEVICE void place(int64_t outer, int64_t n, int64_t inner, const T* y, const int32_t* indices, T* x) {
    GRID_ROWS(row, outer * n, inner) {
        const int64_t o = row / n, e = row - o * n;
        GRID_COLUMNS(i, row) x[row * inner + i] = indices[o * inner + i] == e ? y[o * inner + i] : T(0);
    }
}

#define ALONG_AXIS(T, suffix)                                                                                      \
    KERNEL(reduce_argmax_##suffix, (int64_t outer, int64_t n, int64_t inner, const T* x, int32_t* y)) {            \
        argmax(outer, n, inner, x, y);                                                                             \
    }                                                                                                              \
    KERNEL(reduce_pick_##suffix,                                                                                   \
           (int64_t outer, int64_t n, int64_t inner, const T* x, const int32_t* indices, T* y)) {                  \
        pick(outer, n, inner, x, indices, y);                                                                      \
    }                                                                                                              \
    KERNEL(reduce_place_##suffix,                                                                                  \
           (int64_t outer, int64_t n, int64_t inner, const T* y, const int32_t* indices, T* x)) {                  \
        place(outer, n, inner, y, indices, x);                                                                     \
    }
FOR_FLOAT_TYPES(ALONG_AXIS)

KERNEL(reduce_differs_i32, (int64_t count, const int32_t* a, const int32_t* b, int32_t* y)) {
    GRID_LOOP(i, count) y[i] = a[i] != b[i] ? 1 : 0;
}
