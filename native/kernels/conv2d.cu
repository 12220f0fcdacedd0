// 2-D convolution without an unfolded copy of the images: the forward pass, the input gradient and the weight gradient, each of
// which has the other two as its derivatives. Products of tiles, whose operands are read from images and kernels as they lie.
// Blocks of block_threads threads.
#include "conv2d/correlation.cuh"

#if FAST_HOST
#include "conv2d/fast_correlation.cuh"
#include "conv2d/fast_weight_gradient.cuh"
#include "conv2d/fast_winograd_gradient.cuh"
#else
#include "conv2d/block_product.cuh"
#include "conv2d/block_winograd.cuh"
#include "conv2d/mma_passes.cuh"
#endif

namespace conv2d {

template <typename T, typename Epilogue>
DEVICE void forward(const Conv2dSize& z, int64_t filters, const T* x, const T* w, const Epilogue& epilogue, T* y) {
    correlate(1, [&](int64_t) { return forward(z, filters); }, x, w, epilogue, y);
}

// One correlation for every set of pixels that meet the same taps.
template <typename T>
DEVICE void input_gradient(const Conv2dSize& z, int64_t filters, const T* dy, const T* w, T* dx) {
    const auto pass = [&](int64_t which) { return input_gradient(z, filters, which / z.stride_w, which % z.stride_w); };
    correlate(z.stride_h * z.stride_w, pass, dy, w, NoEpilogue(), dx);
}

// The same on tensor cores. The fast device, which has none, computes in float32.
template <typename Tile, int Products, typename Epilogue>
DEVICE void mma_forward(const Conv2dSize& z, int64_t filters, const float* x, const float* w, const Epilogue& epilogue, float* y) {
#if FAST_HOST
    forward(z, filters, x, w, epilogue, y);
#else
    mma_correlate<Tile, Products>(1, [&](int64_t) { return forward(z, filters); }, x, w, epilogue, y);
#endif
}

template <typename Tile, int Products>
DEVICE void mma_input_gradient(const Conv2dSize& z, int64_t filters, const float* dy, const float* w, float* dx) {
#if FAST_HOST
    input_gradient(z, filters, dy, w, dx);
#else
    const auto pass = [&](int64_t which) { return input_gradient(z, filters, which / z.stride_w, which % z.stride_w); };
    mma_correlate<Tile, Products>(z.stride_h * z.stride_w, pass, dy, w, NoEpilogue(), dx);
#endif
}

#if FAST_HOST
template <int Rows, int Columns, int Stages>
struct MmaTile {};

template <typename Tile, int Products>
DEVICE void mma_weight_gradient(const Correlation& z, int64_t group_positions, const float* x, const float* dy, float* partial) {
    weight_gradient(z, group_positions, x, dy, partial);
}
#endif

}  // namespace conv2d

#define CONV2D(T, suffix)                                                                                                      \
    BLOCK_KERNEL(conv2d_fprop_##suffix, (Conv2dSize size, int64_t filters, const T* x, const T* w, T* y)) {                    \
        conv2d::forward(size, filters, x, w, conv2d::NoEpilogue(), y);                                                         \
    }                                                                                                                          \
    BLOCK_KERNEL(conv2d_fprop_bias_activation_##suffix, (Conv2dSize size, int64_t filters, int64_t activation, double alpha,   \
                                                         const T* x, const T* w, const T* bias, T* y)) {                       \
        const conv2d::BiasActivation<T> epilogue{bias, activation, T(alpha)};                                                  \
        conv2d::forward(size, filters, x, w, epilogue, y);                                                                     \
    }                                                                                                                          \
    BLOCK_KERNEL(conv2d_dgrad_##suffix, (Conv2dSize size, int64_t filters, const T* dy, const T* w, T* dx)) {                  \
        conv2d::input_gradient(size, filters, dy, w, dx);                                                                      \
    }                                                                                                                          \
    BLOCK_KERNEL(conv2d_wgrad_##suffix,                                                                                        \
                 (Conv2dSize size, int64_t filters, int64_t group_positions, const T* dy, const T* x, T* partial)) {           \
        conv2d::weight_gradient(conv2d::forward(size, filters), group_positions, x, dy, partial);                              \
    }                                                                                                                          \
    KERNEL(conv2d_sum_##suffix, (int64_t filters, int64_t depth, int64_t groups, const T* partial, T* dw)) {                   \
        conv2d::add_groups(filters, depth, groups, partial, dw);                                                               \
    }
FOR_FLOAT_TYPES(CONV2D)

// By Winograd's transforms in tiles of step x step results (2 or 4), for 3 x 3 kernels at a stride of 1 or 2: the kernels first, then a pass
// that reads them.
KERNEL(conv2d_winograd_weights_f32, (Conv2dSize size, int64_t filters, int64_t step, int64_t of_gradient, const float* w, float* u)) {
    conv2d::winograd::with_tile(step, size.stride_h, [&](auto tile) {
        using F = decltype(tile);
        const conv2d::Correlation gradient = conv2d::winograd::input_gradient<F>(size, filters);
        conv2d::winograd::transform_weights<F>(of_gradient != 0 ? gradient : conv2d::forward(size, filters), w, u);
    });
}
KERNEL(conv2d_winograd_fprop_f32, (Conv2dSize size, int64_t filters, int64_t step, const float* x, const float* u, float* y)) {
    conv2d::winograd::with_tile(step, size.stride_h, [&](auto tile) {
        using Pass = conv2d::winograd::Forward<decltype(tile)>;
        conv2d::winograd::correlate<Pass>(conv2d::forward(size, filters), x, u, conv2d::NoEpilogue(), y);
    });
}
KERNEL(conv2d_winograd_fprop_bias_activation_f32, (Conv2dSize size, int64_t filters, int64_t step, int64_t activation, double alpha,
                                                   const float* x, const float* u, const float* bias, float* y)) {
    const conv2d::BiasActivation<float> epilogue{bias, activation, float(alpha)};
    conv2d::winograd::with_tile(step, size.stride_h, [&](auto tile) {
        conv2d::winograd::correlate<conv2d::winograd::Forward<decltype(tile)>>(conv2d::forward(size, filters), x, u, epilogue, y);
    });
}
KERNEL(conv2d_winograd_dgrad_f32, (Conv2dSize size, int64_t filters, int64_t step, const float* dy, const float* u, float* dx)) {
    conv2d::winograd::with_tile(step, size.stride_h, [&](auto tile) {
        using Pass = conv2d::winograd::InputGradient<decltype(tile)>;
        conv2d::winograd::correlate<Pass>(conv2d::winograd::input_gradient<decltype(tile)>(size, filters), dy, u, conv2d::NoEpilogue(), dx);
    });
}
KERNEL(conv2d_winograd_wgrad_f32,
       (Conv2dSize size, int64_t filters, int64_t step, int64_t group_tiles, const float* dy, const float* x, float* partial)) {
    conv2d::winograd::with_tile(step, size.stride_h, [&](auto tile) {
        conv2d::winograd::weight_gradient<decltype(tile)>(conv2d::forward(size, filters), group_tiles, x, dy, partial);
    });
}
KERNEL(conv2d_winograd_sum_f32,
       (int64_t filters, int64_t channels, int64_t step, int64_t stride, int64_t groups, const float* partial, float* dw)) {
    conv2d::winograd::with_tile(step, stride, [&](auto tile) {
        conv2d::winograd::add_groups<decltype(tile)>(filters, channels, groups, partial, dw);
    });
}

// Of 256 threads, `blocks` of them at a time on a multiprocessor: see mma_tile.cuh.
#define CONV2D_MMA(precision, products, rows, columns, stages, blocks)                                                         \
    BOUNDED_BLOCK_KERNEL(256, blocks, conv2d_fprop_##precision##_##rows##x##columns##_f32,                                     \
                         (Conv2dSize size, int64_t filters, const float* x, const float* w, float* y)) {                       \
        conv2d::mma_forward<conv2d::MmaTile<rows, columns, stages>, products>(size, filters, x, w, conv2d::NoEpilogue(), y);   \
    }                                                                                                                          \
    BOUNDED_BLOCK_KERNEL(256, blocks, conv2d_fprop_bias_activation_##precision##_##rows##x##columns##_f32,                     \
                         (Conv2dSize size, int64_t filters, int64_t activation, double alpha, const float* x, const float* w,  \
                          const float* bias, float* y)) {                                                                      \
        const conv2d::BiasActivation<float> epilogue{bias, activation, float(alpha)};                                          \
        conv2d::mma_forward<conv2d::MmaTile<rows, columns, stages>, products>(size, filters, x, w, epilogue, y);               \
    }                                                                                                                          \
    BOUNDED_BLOCK_KERNEL(256, blocks, conv2d_dgrad_##precision##_##rows##x##columns##_f32,                                     \
                         (Conv2dSize size, int64_t filters, const float* dy, const float* w, float* dx)) {                     \
        conv2d::mma_input_gradient<conv2d::MmaTile<rows, columns, stages>, products>(size, filters, dy, w, dx);                \
    }                                                                                                                          \
    BOUNDED_BLOCK_KERNEL(256, blocks, conv2d_wgrad_##precision##_##rows##x##columns##_f32,                                     \
                         (Conv2dSize size, int64_t filters, int64_t group_positions, const float* dy, const float* x,          \
                          float* partial)) {                                                                                   \
        conv2d::mma_weight_gradient<conv2d::MmaTile<rows, columns, stages>, products>(conv2d::forward(size, filters),          \
                                                                                      group_positions, x, dy, partial);        \
    }
CONV2D_MMA(tf32, 1, 128, 128, 2, 1)
CONV2D_MMA(tf32, 1, 64, 128, 3, 1)
CONV2D_MMA(tf32, 1, 64, 64, 3, 2)
CONV2D_MMA(tf32x3, 3, 64, 128, 3, 1)
CONV2D_MMA(tf32x3, 3, 64, 64, 3, 1)
