// im2col and its adjoint for 2-D convolution. Sizes in standard letters: x[N,C,H,W], kernel R x S, output P x Q,
// columns[N, C*R*S, P*Q] with columns[n, (c,r,s), (p,q)] = x[n, c, p*stride - pad + r, q*stride - pad + s], 0 outside.
#include "conv2d_size.cuh"
#include "device.cuh"

template <typename T>
DEVICE void im2col(const Conv2dSize& z, const T* RESTRICT x, T* RESTRICT columns) {
    GRID_ROWS(row, z.N * z.C * z.R * z.S * z.P, z.Q) {
        const int64_t p = row % z.P, s = row / z.P % z.S, r = row / (z.P * z.S) % z.R, nc = row / (z.P * z.S * z.R);
        const int64_t h = p * z.stride_h - z.pad_h + r;
        const bool inside = h >= 0 && h < z.H;
        const T* source = x + (nc * z.H + (inside ? h : 0)) * z.W;
        GRID_COLUMNS(q, row) {
            const int64_t w = q * z.stride_w - z.pad_w + s;
            columns[row * z.Q + q] = inside && w >= 0 && w < z.W ? source[w] : T(0);
        }
    }
}

// A gather: every input pixel adds the columns that read it, in the order of (r, s).
template <typename T>
DEVICE void col2im(const Conv2dSize& z, const T* RESTRICT columns, T* RESTRICT dx) {
    GRID_ROWS(row, z.N * z.C * z.H, z.W) {
        const int64_t h = row % z.H, nc = row / z.H;
        GRID_COLUMNS(w, row) dx[row * z.W + w] = T(0);
        for (int64_t r = 0; r < z.R; ++r) {
            const int64_t hp = h + z.pad_h - r, p = hp / z.stride_h;
            if (hp < 0 || hp % z.stride_h != 0 || p >= z.P) continue;
            for (int64_t s = 0; s < z.S; ++s) {
                const T* source = columns + (((nc * z.R + r) * z.S + s) * z.P + p) * z.Q;
                if (z.stride_w == 1) {
                    GRID_COLUMNS(w, row) {
                        const int64_t q = w + z.pad_w - s;
                        dx[row * z.W + w] += q >= 0 && q < z.Q ? source[q] : T(0);
                    }
                } else {
                    GRID_COLUMNS(w, row) {
                        const int64_t wq = w + z.pad_w - s, q = wq / z.stride_w;
                        const bool reads = wq >= 0 && wq % z.stride_w == 0 && q < z.Q;
                        dx[row * z.W + w] += reads ? source[reads ? q : 0] : T(0);
                    }
                }
            }
        }
    }
}

#define IM2COL(T, suffix)                                                                                          \
    KERNEL(im2col_fprop_##suffix, (Conv2dSize size, const T* x, T* columns)) { im2col(size, x, columns); }         \
    KERNEL(im2col_dgrad_##suffix, (Conv2dSize size, const T* columns, T* dx)) { col2im(size, columns, dx); }
FOR_FLOAT_TYPES(IM2COL)
