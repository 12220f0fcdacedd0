// The fused step's layers for the threads of a block, neighbouring threads on neighbouring channels, filters or neurons.
// No function waits for the others' results: the kernel has the barriers.
#pragma once

#include "figure1/layout.cuh"
#include "math.cuh"

namespace figure1 {

using math::detail::fma;

// The largest of four and where it is, the first one if several are equal; NaN if any is NaN.
template <typename T>
DEVICE T largest_of_four(const T* z, uint8_t* where) {
    T largest = z[0];
    int corner = 0;
    for (int i = 1; i < 4; ++i) {
        corner = z[i] > largest ? i : corner;
        largest = z[i] > largest ? z[i] : largest;
    }
    *where = uint8_t(corner);
    const bool ordered = z[0] == z[0] && z[1] == z[1] && z[2] == z[2] && z[3] == z[3];
    return ordered ? largest : z[0] + z[1] + z[2] + z[3];
}

template <typename T>
DEVICE void first_layer(int64_t channels, const Scratch<T>& s, const T* image, T* pooled, uint8_t* largest) {
    BLOCK_LOOP(item, windows1 * channels) {
        const int64_t window = item / channels, c = item % channels;
        const T* x = image + window / pooled1_side * 2 * image_side + window % pooled1_side * 2;
        const T bias = s.conv1_bias[c];
        T z[4] = {bias, bias, bias, bias};
        for (int t = 0; t < taps1; ++t) {
            const T weight = s.conv1[t * channels + c];
            for (int i = 0; i < 4; ++i) z[i] = fma(x[(i / 2 + t / 3) * image_side + i % 2 + t % 3], weight, z[i]);
        }
        pooled[item] = math::sigmoid(largest_of_four(z, largest + item));
    }
}

template <typename T>
DEVICE void second_layer(int64_t filters, int64_t channels, const Scratch<T>& s, const T* pooled, T* out, uint8_t* largest) {
    BLOCK_LOOP(item, windows2 * filters2) {
        const int64_t window = item / filters2, f = item % filters2;
        const T* p = pooled + (corner_row(window, 0) * pooled1_side + corner_column(window, 0)) * channels;
        const T bias = s.conv2_bias[f];
        T z[4] = {bias, bias, bias, bias};
        for (int64_t c = 0; c < filters; ++c) {
            for (int t = 0; t < taps2; ++t) {
                const T weight = s.conv2_forward[(c * taps2 + t) * filters2_padded + f];
                for (int i = 0; i < 4; ++i)
                    z[i] = fma(p[((i / 2 + t / 2) * pooled1_side + i % 2 + t % 2) * channels + c], weight, z[i]);
            }
        }
        const int64_t e = f * windows2 + window;
        out[e] = math::sigmoid(largest_of_four(z, largest + e));
    }
}

template <typename T>
DEVICE T dot_in_partial_sums(const T* a, const T* b) {
    T s[partial_sums] = {};
    for (int64_t e = 0; e < features; e += partial_sums) {
        for (int l = 0; l < partial_sums; ++l) s[l] = fma(a[e + l], b[e + l], s[l]);
    }
    for (int width = partial_sums / 2; width > 0; width /= 2) {
        for (int l = 0; l < width; ++l) s[l] += s[l + width];
    }
    return s[0];
}

template <typename T>
DEVICE void third_layer(const T* weights, const T* bias, int64_t images, const T* in, T* out) {
    BLOCK_LOOP(item, images * hidden) {
        const int64_t i = item / hidden, j = item % hidden;
        out[i * hidden_padded + j] = math::sigmoid(dot_in_partial_sums(in + i * features, weights + j * features) + bias[j]);
    }
}

// The loss is one thread's work per image: ten classes.
template <typename T>
DEVICE void output_layer(const Batch& batch, const T* weights, const T* bias, int64_t images, const int32_t* order,
                         const int32_t* labels, const T* in, T* d_out, T* loss) {
    BLOCK_LOOP(i, images) {
        T total = T(0);
        for (int64_t k = 0; k < classes; ++k) {
            T sum = bias[k];
            for (int64_t j = 0; j < hidden; ++j) sum = fma(in[i * hidden_padded + j], weights[j * classes_padded + k], sum);
            const T difference = sum - (labels[order[i]] == k ? T(1) : T(0));
            total = fma(difference, difference, total);
            d_out[i * classes_padded + k] = difference * T(batch.gradient_scale);
        }
        loss[i] = total;
    }
}

template <typename T>
DEVICE void hidden_gradient(const T* weights, int64_t images, const T* d_out, const T* h, T* d_h) {
    BLOCK_LOOP(item, images * hidden) {
        const int64_t i = item / hidden, j = item % hidden;
        T sum = T(0);
        for (int64_t k = 0; k < classes; ++k) sum = fma(d_out[i * classes_padded + k], weights[k * hidden_padded + j], sum);
        const T y = h[i * hidden_padded + j];
        d_h[i * hidden_padded + j] = sum * (y * (T(1) - y));
    }
}

template <typename T>
DEVICE void feature_gradient(const T* weights, int64_t images, const T* d_h, const T* f, T* d_f) {
    BLOCK_LOOP(item, images * features) {
        const int64_t i = item / features, e = item % features;
        T sum = T(0);
        for (int64_t j = 0; j < hidden; ++j) sum = fma(d_h[i * hidden_padded + j], weights[j * features + e], sum);
        d_f[item] = sum * (f[item] * (T(1) - f[item]));
    }
}

// What reaches input (y, x) of layer 2 in channel c: the gradients of the corners that were largest and read it, window by
// window. Positions that read it are (y, x), (y, x - 1), (y - 1, x) and (y - 1, x - 1); two of one column are in the same row
// of windows when y is odd, then columns go first.
template <typename T>
DEVICE T input_gradient(int64_t y, int64_t x, int64_t channels, const T* weights, const uint8_t* largest, const T* d_z) {
    T sum = T(0);
    for (int64_t f = 0; f < filters2; ++f, weights += taps2 * channels) {
        for (int i = 3; i >= 0; --i) {
            const int64_t r = y % 2 == 0 ? i / 2 : i % 2, t = y % 2 == 0 ? i % 2 : i / 2, row = y - r, column = x - t;
            if (row < 0 || row >= map2_side || column < 0 || column >= map2_side) continue;
            const int64_t e = f * windows2 + row / 2 * pooled2_side + column / 2;
            if (largest[e] == row % 2 * 2 + column % 2) sum = fma(d_z[e], weights[(r * 2 + t) * channels], sum);
        }
    }
    return sum;
}

template <typename T>
DEVICE void second_layer_gradient(int64_t channels, const Scratch<T>& s, const T* pooled, const uint8_t* largest, const T* d_z) {
    BLOCK_LOOP(item, windows1 * channels) {
        const int64_t place = item / channels, c = item % channels;
        const int64_t y = place / pooled1_side, x = place % pooled1_side;
        s.d_pooled1[item] = input_gradient(y, x, channels, s.conv2_backward + c, largest, d_z);
    }
    BLOCK_LOOP(item, filters2 * taps2 * channels) {
        const int64_t f = item / channels / taps2, t = item / channels % taps2, c = item % channels;
        T sum = s.d_conv2[item];
        for (int64_t window = 0; window < windows2; ++window) {
            const int64_t corner = largest[f * windows2 + window];
            const int64_t y = corner_row(window, corner) + t / 2, x = corner_column(window, corner) + t % 2;
            sum = fma(d_z[f * windows2 + window], pooled[(y * pooled1_side + x) * channels + c], sum);
        }
        s.d_conv2[item] = sum;
    }
    BLOCK_LOOP(f, filters2) {
        for (int64_t window = 0; window < windows2; ++window) s.d_conv2_bias[f] += d_z[f * windows2 + window];
    }
}

template <typename T>
DEVICE void first_layer_gradient(int64_t channels, const Scratch<T>& s, const T* image, const T* pooled, const uint8_t* largest) {
    BLOCK_LOOP(item, (taps1 + 1) * channels) {
        const int64_t t = item / channels, c = item % channels;
        T sum = t < taps1 ? s.d_conv1[item] : s.d_conv1_bias[c];
        for (int64_t window = 0; window < windows1; ++window) {
            const int64_t at = window * channels + c, corner = largest[at];
            const T y = pooled[at], g = s.d_pooled1[at] * (y * (T(1) - y));
            const int64_t row = window / pooled1_side * 2 + corner / 2 + t / 3;
            const int64_t column = window % pooled1_side * 2 + corner % 2 + t % 3;
            sum = t < taps1 ? fma(g, image[row * image_side + column], sum) : sum + g;
        }
        if (t < taps1) s.d_conv1[item] = sum;
        else s.d_conv1_bias[c] = sum;
    }
}

// out[n, e] = sum over the batch of left[b, n] right[b, e] for 4 neurons n and 80 elements e.
template <typename T>
DEVICE void dense_tile(int64_t batch, const T* left, const T* right, T* out) {
    BLOCK_LOOP(item, 4 * 80) {
        const int64_t n = item / 80, e = item % 80;
        T sum = T(0);
        for (int64_t b = 0; b < batch; ++b) sum = fma(left[b * hidden_padded + n], right[b * features + e], sum);
        out[n * features + e] = sum;
    }
}

// out[n, j] = sum over the batch of left[b, n] right[b, j] for the 10 classes n and the hidden neurons j.
template <typename T>
DEVICE void output_tile(int64_t batch, const T* left, const T* right, T* out) {
    BLOCK_LOOP(item, classes * hidden) {
        const int64_t n = item / hidden, j = item % hidden;
        T sum = T(0);
        for (int64_t b = 0; b < batch; ++b) sum = fma(left[b * classes_padded + n], right[b * hidden_padded + j], sum);
        out[item] = sum;
    }
}

// out[j] = sum over the batch of rows[b, j], j < count <= padded.
template <typename T, int64_t padded>
DEVICE void column_sums(int64_t batch, int64_t count, const T* rows, T* out) {
    BLOCK_LOOP(j, count) {
        T sum = T(0);
        for (int64_t b = 0; b < batch; ++b) sum += rows[b * padded + j];
        out[j] = sum;
    }
}

}  // namespace figure1
