// Softmax and its logarithm along the rows of x[rows, n], each row shifted by its largest value m, so that nothing overflows:
//   rows      y = e^(x - m) / s          s = sum e^(x - m)
//   log_rows  y = (x - m) - log s
// A block takes a row: it reads x twice, keeps the numerator in y and finishes y in place. Sums run over lanes whose number
// depends on n alone, element e in lane e % lanes, folded in halves: the same bits for every block size.
// A NaN, an inf, or nothing but -inf in a row makes the row NaN; a single -inf gives 0 (-inf in log_rows).
// x and y must not overlap.
#include "device.cuh"
#include "fold.cuh"
#include "math.cuh"

constexpr int64_t most_lanes = 128;

DEVICE int64_t lanes_of(int64_t n) {
    int64_t lanes = 1;
    while (lanes < n && lanes < most_lanes) lanes *= 2;
    return lanes;
}

struct Largest {
    template <typename T>
    static DEVICE T combine(T total, T x) { return x > total || x != x ? x : total; }
};

// lanes[l] = the combination of value(e) for e = l, l + count, ... < n, begun with `first`.
template <typename Combination, typename T, typename Value>
DEVICE void fill_lanes(int64_t n, T first, T* lanes, int64_t count, Value value) {
#if FAST_HOST
    for (int64_t lane = 0; lane < count; ++lane) lanes[lane] = first;
    for (int64_t base = 0; base < n; base += count) {
        const int64_t width = n - base < count ? n - base : count;
        LOOP_IS_PARALLEL
        for (int64_t lane = 0; lane < width; ++lane) lanes[lane] = Combination::combine(lanes[lane], value(base + lane));
    }
#else
    BLOCK_LOOP(lane, count) {
        T total = first;
        for (int64_t e = lane; e < n; e += count) total = Combination::combine(total, value(e));
        lanes[lane] = total;
    }
#endif
    __syncthreads();
}

template <typename Combination, typename T>
DEVICE T folded(T* lanes, int64_t count) {
    fold_lanes<Combination>(lanes, count);
    __syncthreads();
    const T result = lanes[0];
    __syncthreads();
    return result;
}

template <typename T>
struct Largests {
    const T* x;
    DEVICE T operator()(int64_t e) const { return x[e]; }
};

// Writes the numerator to y on the way.
template <bool Log, typename T>
struct Exponentials {
    const T* x;
    T* y;
    T largest;
    DEVICE T operator()(int64_t e) const {
        const T shifted = x[e] - largest, power = math::exp(shifted);
        y[e] = Log ? shifted : power;
        return power;
    }
};

template <bool Log, typename T>
DEVICE void softmax(int64_t rows, int64_t n, const T* x, T* y) {
    SHARED(T, lanes, most_lanes);
    const int64_t count = lanes_of(n);
    GRID_BLOCKS(row, rows) {
        const T* from = x + row * n;
        T* to = y + row * n;
        fill_lanes<Largest>(n, -math::detail::from_bits(math::detail::Format<T>::infinity), lanes, count, Largests<T>{from});
        const T largest = folded<Largest>(lanes, count);
        fill_lanes<Addition>(n, T(0), lanes, count, Exponentials<Log, T>{from, to, largest});
        const T sum = folded<Addition>(lanes, count), log_sum = math::log(sum);
        LOOP_IS_PARALLEL
        BLOCK_LOOP(e, n) to[e] = Log ? to[e] - log_sum : to[e] / sum;
    }
}

#define SOFTMAX(T, suffix)                                                                                         \
    BLOCK_KERNEL(softmax_rows_##suffix, (int64_t rows, int64_t n, const T* x, T* y)) {                             \
        softmax<false>(rows, n, x, y);                                                                             \
    }                                                                                                              \
    BLOCK_KERNEL(softmax_log_rows_##suffix, (int64_t rows, int64_t n, const T* x, T* y)) {                         \
        softmax<true>(rows, n, x, y);                                                                              \
    }
FOR_FLOAT_TYPES(SOFTMAX)
