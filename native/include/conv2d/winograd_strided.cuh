// Winograd's transforms for 3 x 3 kernels at a step of 2. On a side y[i] = g0 d[2i] + g1 d[2i + 1] + g2 d[2i + 2]: the even pixels meet a
// kernel (g0, g2) of two taps, F(m, 2), m + 1 products for m results, and the odd ones (g1, 0), for which the product at infinity is 0. Both
// have the same transforms, so that products of both are added entry by entry, and (2m + 1)^2 do what takes 9 m^2:
//     Y = A^T [ sum over phases and channels of (G g G^T) o (B^T d B) ] A.
// At the finite points (G g) is g0 + p g2 or, wherever the point, g1: kernels have m + 2 entries on a side, g1 the last. An input gradient
// transforms dY once, by B, and multiplies it by (g2, g0) for one phase of the pixels, (g1, 0) for the other; a weight gradient adds the
// products of a phase that belong to the same entry of the kernel.
#pragma once

#include "conv2d/winograd_transforms.cuh"

namespace conv2d::winograd {

// A phase of pixels or taps: down and across are 1 for the odd ones. It has rows x columns entries.
template <typename F, int which>
struct Phase {
    static constexpr int number = which, down = which / F::stride, across = which % F::stride;
    static constexpr int rows = F::side - down, columns = F::side - across;

    static DEVICE constexpr bool has(int xi) { return xi / F::side < rows && xi % F::side < columns; }
    // Of the transformed kernels, the one that meets entry (a, b).
    static DEVICE constexpr int kernel_entry(int a, int b) {
        return (down ? F::side : a) * F::kernel_side + (across ? F::side : b);
    }
    // Whether (a, b) is the first of those that meet it.
    static DEVICE constexpr bool is_first(int a, int b) { return (down == 0 || a == 0) && (across == 0 || b == 0); }
};

// use(Phase<F, 0>()), ..., all `count` of them, 1 or 4.
template <typename F, int count, typename Use>
DEVICE void for_each_phase(const Use& use) {
    use(Phase<F, 0>());
    if constexpr (count == 4) use(Phase<F, 1>()), use(Phase<F, 2>()), use(Phase<F, 3>());
}

// By the points 0, 1 and infinity: 25 products for 2 x 2 results in the place of 36.
struct StridedTileOf2 : TileShape<2, 2> {
    struct Pixels {  // B^T
        static constexpr int from = side, to = side;
        template <typename V>
        static DEVICE void apply(const V* d, int in, V* v, int out) {
            v[0] = d[0] - d[in], v[out] = d[in], v[2 * out] = d[2 * in] - d[in];
        }
    };
    struct Taps {  // G
        static constexpr int from = 3, to = kernel_side;
        template <typename V>
        static DEVICE void apply(const V* g, int in, V* u, int out) {
            u[0] = g[0], u[out] = g[0] + g[2 * in], u[2 * out] = g[2 * in], u[3 * out] = g[in];
        }
    };
    struct Sums {  // A^T
        static constexpr int from = side, to = step;
        template <typename V>
        static DEVICE void apply(const V* m, int in, V* y, int out) {
            y[0] = m[0] + m[in], y[out] = m[in] + m[2 * in];
        }
    };
    struct Results {  // A
        static constexpr int from = step, to = side;
        template <typename V>
        static DEVICE void apply(const V* y, int in, V* w, int out) {
            w[0] = y[0], w[out] = y[0] + y[in], w[2 * out] = y[in];
        }
    };
    struct Entries {  // G^T
        static constexpr int from = kernel_side, to = 3;
        template <typename V>
        static DEVICE void apply(const V* s, int in, V* g, int out) {
            g[0] = s[0] + s[in], g[out] = s[3 * in], g[2 * out] = s[in] + s[2 * in];
        }
    };
};

// By the points 1/2, -1/2, 3/2, -3/2 and infinity: 81 products for 4 x 4 results in the place of 144. Of the points tried these have the
// smallest errors, half those of 0, 1, -1, 2.
struct StridedTileOf4 : TileShape<4, 2> {
    struct Pixels {
        static constexpr int from = side, to = side;
        template <typename V>
        static DEVICE void apply(const V* d, int in, V* v, int out) {
            const V near = 0.5625f * d[0] - 0.25f * d[2 * in], slope = 1.125f * d[in] - 0.5f * d[3 * in];
            const V far = 0.25f * d[2 * in] - 0.0625f * d[0], steep = (1 / 6.f) * d[3 * in] - (1 / 24.f) * d[in];
            v[0] = near + slope, v[out] = near - slope, v[2 * out] = far + steep, v[3 * out] = far - steep;
            v[4 * out] = 0.5625f * d[0] - 2.5f * d[2 * in] + d[4 * in];
        }
    };
    struct Taps {
        static constexpr int from = 3, to = kernel_side;
        template <typename V>
        static DEVICE void apply(const V* g, int in, V* u, int out) {
            const V half = 0.5f * g[2 * in], more = 1.5f * g[2 * in];
            u[0] = g[0] + half, u[out] = g[0] - half, u[2 * out] = g[0] + more, u[3 * out] = g[0] - more;
            u[4 * out] = g[2 * in], u[5 * out] = g[in];
        }
    };
    struct Sums {
        static constexpr int from = side, to = step;
        template <typename V>
        static DEVICE void apply(const V* m, int in, V* y, int out) {
            const V near = m[0] + m[in], slope = 0.5f * (m[0] - m[in]), far = m[2 * in] + m[3 * in], steep = 1.5f * (m[2 * in] - m[3 * in]);
            y[0] = near + far, y[out] = slope + steep;
            y[2 * out] = 0.25f * near + 2.25f * far, y[3 * out] = 0.25f * slope + 2.25f * steep + m[4 * in];
        }
    };
    struct Results {
        static constexpr int from = step, to = side;
        template <typename V>
        static DEVICE void apply(const V* y, int in, V* w, int out) {
            const V near = y[0] + 0.25f * y[2 * in], slope = 0.5f * (y[in] + 0.25f * y[3 * in]);
            const V far = y[0] + 2.25f * y[2 * in], steep = 1.5f * (y[in] + 2.25f * y[3 * in]);
            w[0] = near + slope, w[out] = near - slope, w[2 * out] = far + steep, w[3 * out] = far - steep, w[4 * out] = y[3 * in];
        }
    };
    struct Entries {
        static constexpr int from = kernel_side, to = 3;
        template <typename V>
        static DEVICE void apply(const V* s, int in, V* g, int out) {
            g[0] = s[0] + s[in] + (s[2 * in] + s[3 * in]), g[out] = s[5 * in];
            g[2 * out] = 0.5f * (s[0] - s[in]) + 1.5f * (s[2 * in] - s[3 * in]) + s[4 * in];
        }
    };
};

// use(tile) with the tile of so many results on a side for kernels that move by so much.
template <typename Use>
DEVICE void with_tile(int64_t step, int64_t stride, const Use& use) {
    if (stride == 2) step == 4 ? use(StridedTileOf4()) : use(StridedTileOf2());
    else step == 4 ? use(TileOf4()) : use(TileOf2());
}

}  // namespace conv2d::winograd
