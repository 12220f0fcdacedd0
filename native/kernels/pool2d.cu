// Max-pooling of x[planes,H,W] to y[planes,P,Q] in two steps: indices[plane,p,q] = the position h*W + w of the first largest
// value of the window (the first NaN counts as largest), and y = x at the indices. Given the indices pooling is linear: a
// gather, whose adjoint is a scatter-add.
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

template <typename T>
DEVICE void gather(int64_t planes, int64_t area, int64_t pooled, const T* x, const int32_t* indices, T* y) {
    GRID_ROWS(plane, planes, pooled) {
        GRID_COLUMNS(i, plane) y[plane * pooled + i] = x[plane * area + indices[plane * pooled + i]];
    }
}

// Every input position looks at the windows that cover it, so overlapping windows add in a fixed order.
template <typename T>
DEVICE void scatter(const Pool2dSize& z, const T* dy, const int32_t* indices, T* dx) {
    GRID_ROWS(row, z.planes * z.H, z.W) {
        const int64_t h = row % z.H, plane = row / z.H;
        const int64_t h_first = h + z.pad_h - z.kernel_h;
        const int64_t p0 = h_first < 0 ? 0 : h_first / z.stride_h + 1, p1 = (h + z.pad_h) / z.stride_h + 1;
        GRID_COLUMNS(w, row) {
            const int64_t w_first = w + z.pad_w - z.kernel_w;
            const int64_t q0 = w_first < 0 ? 0 : w_first / z.stride_w + 1, q1 = (w + z.pad_w) / z.stride_w + 1;
            T total = T(0);
            for (int64_t p = p0; p < (p1 < z.P ? p1 : z.P); ++p) {
                for (int64_t q = q0; q < (q1 < z.Q ? q1 : z.Q); ++q) {
                    const int64_t window = (plane * z.P + p) * z.Q + q;
                    if (indices[window] == h * z.W + w) total += dy[window];
                }
            }
            dx[row * z.W + w] = total;
        }
    }
}

#define POOL2D(T, suffix)                                                                                          \
    KERNEL(pool2d_argmax_##suffix, (Pool2dSize size, const T* x, int32_t* indices)) { argmax(size, x, indices); }  \
                                                                                                                 \
    KERNEL(pool2d_gather_##suffix,                                                                                 \
           (int64_t planes, int64_t area, int64_t pooled, const T* x, const int32_t* indices, T* y)) {             \
        gather(planes, area, pooled, x, indices, y);                                                               \
    }                                                                                                              \
    KERNEL(pool2d_scatter_##suffix, (Pool2dSize size, const T* dy, const int32_t* indices, T* dx)) {               \
        scatter(size, dy, indices, dx);                                                                            \
    }
FOR_FLOAT_TYPES(POOL2D)
