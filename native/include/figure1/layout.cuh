// Sizes and memory of the fused training step of the network of Nguyen and Hein, ICML'18, Figure 1 (kernels/figure1.cu).
#pragma once

#include "device.cuh"

namespace figure1 {

// With T1 = filters of layer 1: 28x28 -> T1 x 26x26, pooled T1 x 13x13 -> 20 x 12x12, pooled 20 x 6x6 -> 100 -> 10.
constexpr int64_t image_side = 28, image_area = 784;
constexpr int64_t pooled1_side = 13, windows1 = 169, taps1 = 9;
constexpr int64_t map2_side = 12, pooled2_side = 6, windows2 = 36, taps2 = 4, filters2 = 20;
constexpr int64_t features = filters2 * windows2, hidden = 100, classes = 10;
// Rows of vectors are padded; what is in the padding is never used.
constexpr int64_t lane_padding = 16, filters2_padded = 32, hidden_padded = 112, classes_padded = 16;
// A dot product of layer fc1 runs in 16 partial sums, element i in sum i % 16, folded in halves.
constexpr int64_t partial_sums = 16;

struct Batch {
    int64_t networks, samples;          // of each network's order
    int64_t size, group;                // images in the batch; images per partial sum of the convolutions' gradients
    int64_t most_filters;               // the largest T1
    int64_t in_shared;                  // whether blocks of threads have their memory in shared memory: 1 or 0
    int64_t held;                       // rows of fc1.weight that such blocks hold, a multiple of 4
    double gradient_scale, loss_scale;  // d loss / d output = gradient_scale (output - y); loss = loss_scale sum (output - y)^2

    DEVICE int64_t groups() const { return (size + group - 1) / group; }
};

DEVICE int64_t padded_channels(int64_t filters) { return (filters + lane_padding - 1) / lane_padding * lane_padding; }

DEVICE int64_t convolution_parameters(int64_t filters) { return filters * (taps1 + 1 + filters2 * taps2) + filters2; }

// One network's T1 and where its parameters begin in the slab of all; `partials` is where its partial sums begin.
struct Network {
    int64_t filters, partials;
    int64_t conv1_weight, conv1_bias, conv2_weight, conv2_bias, fc1_weight, fc1_bias, fc2_weight, fc2_bias;

    DEVICE int64_t channels() const { return padded_channels(filters); }
    DEVICE int64_t partial_count() const { return convolution_parameters(filters); }
};

// What every image leaves for the gradients of the dense layers: rows [networks * batch].
template <typename T>
struct Rows {
    T *features, *hidden, *d_hidden, *d_output, *loss;  // [720], [112], [112], [16], 1

    DEVICE Rows at(int64_t row) const {
        return {features + row * figure1::features, hidden + row * hidden_padded, d_hidden + row * hidden_padded,
                d_output + row * classes_padded, loss + row};
    }
};

// Position in a 12 x 12 map of corner `corner` (0 to 3, row by row) of pooling window `window`.
DEVICE int64_t corner_row(int64_t window, int64_t corner) { return window / pooled2_side * 2 + corner / 2; }
DEVICE int64_t corner_column(int64_t window, int64_t corner) { return window % pooled2_side * 2 + corner % 2; }

}  // namespace figure1
