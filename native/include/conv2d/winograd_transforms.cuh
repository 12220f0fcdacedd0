// The transforms of Winograd's F(m x m, 3 x 3) (Lavin and Gray, Fast Algorithms for Convolutional Neural Networks, CVPR 2016, sections 4.1 and
// 5): m x m results of a 3 x 3 kernel at step 1 from (m + 2)^2 products per channel in the place of 9 m^2,
//     Y = A^T [ sum over channels of (G g G^T) o (B^T d B) ] A,
// where g is the kernel, d the pixels that a tile of results reads, o the product entry by entry; of a weight gradient
//     dg = G^T [ sum over tiles of (B^T d B) o (A dY A^T) ] G.
// Each map is one side of them, `from` numbers `in` apart into `to` numbers `out` apart. V is a number or a vector of them. Tiles for a step of 2
// are in winograd_strided.cuh.
#pragma once

#include "device.cuh"

// Loops over arrays that shall be registers.
#if CUDA_DEVICE
#define UNROLLED_MAP _Pragma("unroll")
#else
#define UNROLLED_MAP _Pragma("GCC unroll 8")
#endif

namespace conv2d::winograd {

// M x M^T for the map x -> M x, along the rows first: load(i) is entry i of x, store(i, v) takes entry i of the result.
template <typename Map, typename V, typename Load, typename Store>
DEVICE void both_sides(const Load& load, const Store& store) {
    V half[Map::from * Map::to];
    UNROLLED_MAP for (int i = 0; i < Map::from; ++i) {
        V row[Map::from];
        UNROLLED_MAP for (int j = 0; j < Map::from; ++j) row[j] = load(Map::from * i + j);
        Map::apply(row, 1, half + Map::to * i, 1);
    }
    UNROLLED_MAP for (int j = 0; j < Map::to; ++j) {
        V column[Map::to];
        Map::apply(half + j, Map::to, column, 1);
        UNROLLED_MAP for (int i = 0; i < Map::to; ++i) store(Map::to * i + j, column[i]);
    }
}

template <typename Map, typename V>
DEVICE void both_sides(const V (&x)[Map::from * Map::from], V (&y)[Map::to * Map::to]) {
    both_sides<Map, V>([&](int i) { return x[i]; }, [&](int i, V v) { y[i] = v; });
}

// A tile of step x step results of a 3 x 3 kernel, which moves by `stride`. The pixels that it reads are in as many phases on a side, every
// stride-th number, and side x side of a phase become entries. Of transformed kernels there are kernel_side entries on a side.
template <int results, int steps>
struct TileShape {
    static constexpr int step = results, stride = steps, phases = stride * stride;
    static constexpr int side = step + (3 + stride - 1) / stride - 1, entries = side * side;
    static constexpr int kernel_side = side + stride - 1, kernel_entries = kernel_side * kernel_side;
};

// F(2 x 2, 3 x 3), by the points 0, 1, -1 and infinity. In float32 the error is some twice that of the direct sum.
struct TileOf2 : TileShape<2, 1> {
    struct Pixels {  // B^T
        static constexpr int from = side, to = side;
        template <typename V>
        static DEVICE void apply(const V* d, int in, V* v, int out) {
            v[0] = d[0] - d[2 * in], v[out] = d[in] + d[2 * in], v[2 * out] = d[2 * in] - d[in], v[3 * out] = d[in] - d[3 * in];
        }
    };
    struct Taps {  // G
        static constexpr int from = 3, to = side;
        template <typename V>
        static DEVICE void apply(const V* g, int in, V* u, int out) {
            const V outer = g[0] + g[2 * in];
            u[0] = g[0], u[out] = 0.5f * (outer + g[in]), u[2 * out] = 0.5f * (outer - g[in]), u[3 * out] = g[2 * in];
        }
    };
    struct Sums {  // A^T
        static constexpr int from = side, to = step;
        template <typename V>
        static DEVICE void apply(const V* m, int in, V* y, int out) {
            y[0] = m[0] + m[in] + m[2 * in], y[out] = m[in] - m[2 * in] - m[3 * in];
        }
    };
    struct Results {  // A
        static constexpr int from = step, to = side;
        template <typename V>
        static DEVICE void apply(const V* y, int in, V* w, int out) {
            w[0] = y[0], w[out] = y[0] + y[in], w[2 * out] = y[0] - y[in], w[3 * out] = -y[in];
        }
    };
    struct Entries {  // G^T
        static constexpr int from = side, to = 3;
        template <typename V>
        static DEVICE void apply(const V* s, int in, V* g, int out) {
            const V half = 0.5f * (s[in] + s[2 * in]);
            g[0] = s[0] + half, g[out] = 0.5f * (s[in] - s[2 * in]), g[2 * out] = half + s[3 * in];
        }
    };
};

// F(4 x 4, 3 x 3), by the points 0, a, -a, 2a, -2a and infinity with a = 1/sqrt(2). These, whose product is 1, leave a third of the error
// of the usual 0, 1, -1, 2, -2 (Barabasz et al., Error analysis and improving the accuracy of Winograd convolution for deep neural
// networks, ACM TOMS 46, 2020): some three times that of F(2 x 2, 3 x 3).
struct TileOf4 : TileShape<4, 1> {
    static constexpr float a = 0.70710678f;

    struct Pixels {
        static constexpr int from = side, to = side;
        template <typename V>
        static DEVICE void apply(const V* d, int in, V* v, int out) {
            const V near = d[4 * in] - 2.f * d[2 * in], slope = a * (d[3 * in] - 2.f * d[in]);
            const V far = d[4 * in] - 0.5f * d[2 * in], steep = a * (2.f * d[3 * in] - d[in]);
            v[0] = d[0] - 2.5f * d[2 * in] + d[4 * in], v[5 * out] = d[in] - 2.5f * d[3 * in] + d[5 * in];
            v[out] = near + slope, v[2 * out] = near - slope, v[3 * out] = far + steep, v[4 * out] = far - steep;
        }
    };
    struct Taps {
        static constexpr int from = 3, to = side;
        template <typename V>
        static DEVICE void apply(const V* g, int in, V* u, int out) {
            const V near = (-1 / 1.5f) * g[0] - (1 / 3.f) * g[2 * in], slope = (-a / 1.5f) * g[in];
            const V far = (1 / 6.f) * g[0] + (1 / 3.f) * g[2 * in], steep = (a / 3) * g[in];
            u[0] = g[0], u[5 * out] = g[2 * in];
            u[out] = near + slope, u[2 * out] = near - slope, u[3 * out] = far + steep, u[4 * out] = far - steep;
        }
    };
    struct Sums {
        static constexpr int from = side, to = step;
        template <typename V>
        static DEVICE void apply(const V* m, int in, V* y, int out) {
            const V near = m[in] + m[2 * in], slope = a * (m[in] - m[2 * in]);
            const V far = m[3 * in] + m[4 * in], steep = a * (m[3 * in] - m[4 * in]);
            y[0] = m[0] + near + far, y[out] = slope + 2.f * steep;
            y[2 * out] = 0.5f * near + 2.f * far, y[3 * out] = 0.5f * slope + 4.f * steep + m[5 * in];
        }
    };
    struct Results {
        static constexpr int from = step, to = side;
        template <typename V>
        static DEVICE void apply(const V* y, int in, V* w, int out) {
            const V near = y[0] + 0.5f * y[2 * in], slope = a * (y[in] + 0.5f * y[3 * in]);
            const V far = y[0] + 2.f * y[2 * in], steep = (2 * a) * (y[in] + 2.f * y[3 * in]);
            w[0] = y[0], w[5 * out] = y[3 * in];
            w[out] = near + slope, w[2 * out] = near - slope, w[3 * out] = far + steep, w[4 * out] = far - steep;
        }
    };
    struct Entries {
        static constexpr int from = side, to = 3;
        template <typename V>
        static DEVICE void apply(const V* s, int in, V* g, int out) {
            const V near = s[in] + s[2 * in], slope = s[in] - s[2 * in], far = s[3 * in] + s[4 * in], steep = s[3 * in] - s[4 * in];
            g[0] = s[0] - (1 / 1.5f) * near + (1 / 6.f) * far;
            g[out] = (a / 3) * steep - (a / 1.5f) * slope;
            g[2 * out] = (1 / 3.f) * (far - near) + s[5 * in];
        }
    };
};

}  // namespace conv2d::winograd
