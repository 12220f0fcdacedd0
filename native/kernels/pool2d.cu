// Max-pooling of x[planes,H,W] to y[planes,P,Q] in two steps: indices[plane,p,q] = the position h*W + w of the first largest
// value of the window (the first NaN counts as largest), and y = x at the indices. Given the indices pooling is linear: a
// gather, whose adjoint is a scatter-add. Average-pooling divides the sum over a window by the window's whole area, padding
// included; its adjoint is `spread`.
#include "device.cuh"

struct Pool2dSize {
    int64_t planes, H, W, P, Q;
    int64_t kernel_h, kernel_w, stride_h, stride_w, pad_h, pad_w;
};

DEVICE int64_t clamped_begin(int64_t position) { return position < 0 ? 0 : position; }

template <typename T>
DEVICE void argmax(const Pool2dSize& z, const T* x, int32_t* indices) {
    GRID_ROWS(row, z.planes * z.P, z.Q) {
        const int64_t p = row % z.P, plane = row / z.P;
        const int64_t h0 = p * z.stride_h - z.pad_h, h1 = h0 + z.kernel_h < z.H ? h0 + z.kernel_h : z.H;
        GRID_COLUMNS(q, row) {
            const int64_t w0 = q * z.stride_w - z.pad_w, w1 = w0 + z.kernel_w < z.W ? w0 + z.kernel_w : z.W;
            int64_t best = clamped_begin(h0) * z.W + clamped_begin(w0);
            T largest = x[plane * z.H * z.W + best];
            for (int64_t h = clamped_begin(h0); h < h1; ++h) {
                for (int64_t w = clamped_begin(w0); w < w1; ++w) {
                    const T value = x[(plane * z.H + h) * z.W + w];
                    const bool larger = value > largest || (value != value && largest == largest);
                    best = larger ? h * z.W + w : best;
                    largest = larger ? value : largest;
                }
            }
            indices[row * z.Q + q] = int32_t(best);
        }
    }
}

// Windows of 2 x 2 side by side that cover the planes: what networks use most, without divisions and inner loops.
DEVICE bool halves(const Pool2dSize& z) {
    return z.kernel_h == 2 && z.kernel_w == 2 && z.stride_h == 2 && z.stride_w == 2 && z.pad_h == 0 && z.pad_w == 0 && z.H == 2 * z.P &&
           z.W == 2 * z.Q;
}

template <typename T>
DEVICE void take_larger(T value, int32_t place, T& largest, int32_t& best) {
    const bool larger = !(value <= largest) & (largest == largest);  // or value is the first NaN
    best = larger ? place : best;
    largest = larger ? value : largest;
}

template <typename T>
DEVICE void argmax_of_four(const Pool2dSize& z, const T* RESTRICT x, int32_t* RESTRICT indices) {
    GRID_ROWS(row, z.planes * z.P, z.Q) {
        const T *upper = x + 2 * row * z.W, *lower = upper + z.W;
        const int32_t first = int32_t(row % z.P * 2 * z.W), width = int32_t(z.W);
        GRID_COLUMNS(q, row) {
            int32_t best = 0;
            T largest = upper[2 * q];
            take_larger(upper[2 * q + 1], 1, largest, best);
            take_larger(lower[2 * q], width, largest, best);
            take_larger(lower[2 * q + 1], width + 1, largest, best);
            indices[row * z.Q + q] = first + int32_t(2 * q) + best;
        }
    }
}

template <typename T>
DEVICE void scatter_to_four(const Pool2dSize& z, const T* RESTRICT dy, const int32_t* RESTRICT indices, T* RESTRICT dx) {
    GRID_ROWS(row, z.planes * z.P, z.Q) {
        T *upper = dx + 2 * row * z.W, *lower = upper + z.W;
        const int32_t first = int32_t(row % z.P * 2 * z.W), width = int32_t(z.W);
        GRID_COLUMNS(q, row) {
            const int32_t place = indices[row * z.Q + q] - first - int32_t(2 * q);
            const T value = dy[row * z.Q + q];
            upper[2 * q] = place == 0 ? value : T(0);
            upper[2 * q + 1] = place == 1 ? value : T(0);
            lower[2 * q] = place == width ? value : T(0);
            lower[2 * q + 1] = place == width + 1 ? value : T(0);
        }
    }
}

template <typename T>
DEVICE void gather(int64_t planes, int64_t area, int64_t pooled, const T* x, const int32_t* indices, T* y) {
    GRID_ROWS(plane, planes, pooled) {
        GRID_COLUMNS(i, plane) y[plane * pooled + i] = x[plane * area + indices[plane * pooled + i]];
    }
}

// The windows [begin, end) that cover a position.
struct Covering {
    int64_t begin, end;
    DEVICE Covering(int64_t position, int64_t pad, int64_t kernel, int64_t stride, int64_t windows) {
        const int64_t first = position + pad - kernel, past = (position + pad) / stride + 1;
        begin = first < 0 ? 0 : first / stride + 1;
        end = past < windows ? past : windows;
    }
};

// Every input position looks at the windows that cover it, so overlapping windows add in a fixed order.
template <typename T>
DEVICE void scatter(const Pool2dSize& z, const T* dy, const int32_t* indices, T* dx) {
    GRID_ROWS(row, z.planes * z.H, z.W) {
        const int64_t h = row % z.H, plane = row / z.H;
        const Covering down(h, z.pad_h, z.kernel_h, z.stride_h, z.P);
        GRID_COLUMNS(w, row) {
            const Covering across(w, z.pad_w, z.kernel_w, z.stride_w, z.Q);
            T total = T(0);
            for (int64_t p = down.begin; p < down.end; ++p) {
                for (int64_t q = across.begin; q < across.end; ++q) {
                    const int64_t window = (plane * z.P + p) * z.Q + q;
                    if (indices[window] == h * z.W + w) total += dy[window];
                }
            }
            dx[row * z.W + w] = total;
        }
    }
}

template <typename T>
DEVICE void average(const Pool2dSize& z, const T* x, T* y) {
    const T area = T(z.kernel_h * z.kernel_w);
    GRID_ROWS(row, z.planes * z.P, z.Q) {
        const int64_t p = row % z.P, plane = row / z.P;
        const int64_t h0 = p * z.stride_h - z.pad_h, h1 = h0 + z.kernel_h < z.H ? h0 + z.kernel_h : z.H;
        GRID_COLUMNS(q, row) {
            const int64_t w0 = q * z.stride_w - z.pad_w, w1 = w0 + z.kernel_w < z.W ? w0 + z.kernel_w : z.W;
            T total = T(0);
            for (int64_t h = clamped_begin(h0); h < h1; ++h) {
                for (int64_t w = clamped_begin(w0); w < w1; ++w) total += x[(plane * z.H + h) * z.W + w];
            }
            y[row * z.Q + q] = total / area;
        }
    }
}

template <typename T>
DEVICE void spread(const Pool2dSize& z, const T* dy, T* dx) {
    const T area = T(z.kernel_h * z.kernel_w);
    GRID_ROWS(row, z.planes * z.H, z.W) {
        const int64_t plane = row / z.H;
        const Covering down(row % z.H, z.pad_h, z.kernel_h, z.stride_h, z.P);
        GRID_COLUMNS(w, row) {
            const Covering across(w, z.pad_w, z.kernel_w, z.stride_w, z.Q);
            T total = T(0);
            for (int64_t p = down.begin; p < down.end; ++p) {
                for (int64_t q = across.begin; q < across.end; ++q) total += dy[(plane * z.P + p) * z.Q + q];
            }
            dx[row * z.W + w] = total / area;
        }
    }
}

#define POOL2D(T, suffix)                                                                                          \
    KERNEL(pool2d_argmax_##suffix, (Pool2dSize size, const T* x, int32_t* indices)) {                              \
        if (halves(size)) argmax_of_four(size, x, indices);                                                        \
        else argmax(size, x, indices);                                                                             \
    }                                                                                                              \
                                                                                                                 \
    KERNEL(pool2d_gather_##suffix,                                                                                 \
           (int64_t planes, int64_t area, int64_t pooled, const T* x, const int32_t* indices, T* y)) {             \
        gather(planes, area, pooled, x, indices, y);                                                               \
    }                                                                                                              \
    KERNEL(pool2d_scatter_##suffix, (Pool2dSize size, const T* dy, const int32_t* indices, T* dx)) {               \
        if (halves(size)) scatter_to_four(size, dy, indices, dx);                                                  \
        else scatter(size, dy, indices, dx);                                                                       \
    }                                                                                                              \
    KERNEL(pool2d_average_##suffix, (Pool2dSize size, const T* x, T* y)) { average(size, x, y); }                  \
    KERNEL(pool2d_spread_##suffix, (Pool2dSize size, const T* dy, T* dx)) { spread(size, dy, dx); }
FOR_FLOAT_TYPES(POOL2D)
