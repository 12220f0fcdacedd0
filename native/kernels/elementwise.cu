// Elementwise kernels: y[i] = f(x[i]) and y[i] = f(a[i], b[i]) with broadcasting, fills and casts.
// Memory: every array is contiguous; y may be x or a or b exactly (in place), but must not overlap otherwise.
#include "device.cuh"
#include "math.cuh"

// With q = 0 nothing is added, so that -0 stays -0 and an exact scaling stays exact.
template <typename T>
DEVICE T scale_shift(T x, T p, T q) {
    return q == T(0) ? p * x : p * x + q;
}

#define UNARY(name, expression)                                        \
    struct Unary_##name {                                              \
        template <typename T>                                          \
        static DEVICE T value(T x, T p, T q) {                         \
            (void)p, (void)q;                                          \
            return expression;                                         \
        }                                                              \
    };
#include "unary_ops.cuh"
#undef UNARY

#define BINARY(name, expression)                                       \
    struct Binary_##name {                                             \
        template <typename T>                                          \
        static DEVICE T value(T a, T b) {                              \
            (void)a, (void)b;                                          \
            return expression;                                         \
        }                                                              \
    };
#include "binary_ops.cuh"
#undef BINARY

template <typename Function, typename T>
DEVICE void unary(int64_t count, const T* x, T* y, double p, double q) {
    const T tp = T(p), tq = T(q);
    GRID_LOOP(i, count) y[i] = Function::value(x[i], tp, tq);
}

// The broadcast index space: rows = product of size[0..rank), each of `columns` contiguous outputs. The offset of a row in
// a is the sum of its coordinates times a_stride; inside a row a advances by a_step (0 or 1) elements per column.
constexpr int broadcast_rank = 6;
struct Broadcast {
    int64_t rank, rows, columns, a_step, b_step;
    int64_t size[broadcast_rank], a_stride[broadcast_rank], b_stride[broadcast_rank];
};

template <typename Function, int AStep, int BStep, typename T>
DEVICE void binary_rows(const Broadcast& s, const T* a, const T* b, T* y) {
    if (s.rows == 1) {  // shapes that are alike, or one number
        GRID_LOOP(c, s.columns) y[c] = Function::value(a[c * AStep], b[c * BStep]);
        return;
    }
    GRID_ROWS(row, s.rows, s.columns) {
        int64_t rest = row, a_offset = 0, b_offset = 0;
        for (int64_t d = s.rank - 1; d >= 0; --d) {
            const int64_t coordinate = rest % s.size[d];
            rest /= s.size[d];
            a_offset += coordinate * s.a_stride[d];
            b_offset += coordinate * s.b_stride[d];
        }
        GRID_COLUMNS(c, row) {
            y[row * s.columns + c] = Function::value(a[a_offset + c * AStep], b[b_offset + c * BStep]);
        }
    }
}

template <typename Function, typename T>
DEVICE void binary(const Broadcast& s, const T* a, const T* b, T* y) {
    if (s.a_step != 0 && s.b_step != 0) binary_rows<Function, 1, 1>(s, a, b, y);
    else if (s.a_step != 0) binary_rows<Function, 1, 0>(s, a, b, y);
    else if (s.b_step != 0) binary_rows<Function, 0, 1>(s, a, b, y);
    else binary_rows<Function, 0, 0>(s, a, b, y);
}

#define UNARY_KERNEL(name, T, suffix)                                                                              \
    KERNEL(elementwise_##name##_##suffix, (int64_t count, const T* x, T* y, double p, double q)) {                 \
        unary<Unary_##name>(count, x, y, p, q);                                                                    \
    }
#define UNARY(name, expression) UNARY_KERNEL(name, float, f32) UNARY_KERNEL(name, double, f64)
#include "unary_ops.cuh"
#undef UNARY

#define BINARY_KERNEL(name, T, suffix)                                                                             \
    KERNEL(elementwise_##name##_##suffix, (Broadcast shape, const T* a, const T* b, T* y)) {                       \
        binary<Binary_##name>(shape, a, b, y);                                                                     \
    }
#define BINARY(name, expression) BINARY_KERNEL(name, float, f32) BINARY_KERNEL(name, double, f64)
#include "binary_ops.cuh"
#undef BINARY

#define FILL(T, suffix)                                                                                            \
    KERNEL(elementwise_fill_##suffix, (int64_t count, T* y, double value)) {                                       \
        const T v = T(value);                                                                                      \
        GRID_LOOP(i, count) y[i] = v;                                                                              \
    }
FOR_ALL_TYPES(FILL)

#define CAST(From, from, To, to)                                                                                   \
    KERNEL(elementwise_cast_##from##_##to, (int64_t count, const From* x, To* y)) {                                \
        GRID_LOOP(i, count) y[i] = To(x[i]);                                                                       \
    }
CAST(float, f32, double, f64)
CAST(double, f64, float, f32)
CAST(int32_t, i32, float, f32)
CAST(int32_t, i32, double, f64)
CAST(uint8_t, u8, float, f32)
CAST(uint8_t, u8, double, f64)
CAST(uint8_t, u8, int32_t, i32)
CAST(float, f32, int32_t, i32)
CAST(double, f64, int32_t, i32)

// y[i, labels[i]] = 1, else 0. A label outside [0, classes) leaves its row all zero; callers check labels beforehand.
#define ONE_HOT(T, suffix)                                                                                         \
    KERNEL(elementwise_one_hot_##suffix, (int64_t rows, int64_t classes, const int32_t* labels, T* y)) {           \
        GRID_ROWS(row, rows, classes) {                                                                            \
            const int64_t label = labels[row];                                                                     \
            GRID_COLUMNS(c, row) y[row * classes + c] = c == label ? T(1) : T(0);                                  \
        }                                                                                                          \
    }
FOR_FLOAT_TYPES(ONE_HOT)
