// Layers 1 and 2, forward and backward, on the fast device; see fast_host.cuh.
#pragma once

#include "figure1/fast_host.cuh"

namespace figure1 {

template <typename T>
LAYER first_layer(int64_t channels, const Scratch<T>& s, const T* image, T* pooled, uint8_t* largest) {
    for (int64_t c = 0; c < channels; c += lanes<T>) {
        Vector<T> weights[taps1];
        UNROLLED for (int t = 0; t < taps1; ++t) weights[t] = load(s.conv1 + t * channels + c);
        const Vector<T> bias = load(s.conv1_bias + c);
        for (int64_t window = 0; window < windows1; ++window) {
            const T* x = image + window / pooled1_side * 2 * image_side + window % pooled1_side * 2;
            Vector<T> z[4] = {bias, bias, bias, bias};
            UNROLLED for (int t = 0; t < taps1; ++t) {
                UNROLLED for (int i = 0; i < 4; ++i)
                    z[i] = simd::fma(broadcast(x[(i / 2 + t / 3) * image_side + i % 2 + t % 3]), weights[t], z[i]);
            }
            store(pooled + window * channels + c, largest_of_four<T>(z, largest + window * channels + c));
        }
    }
    apply_sigmoid(windows1 * channels, pooled);
}

// Positions [x, x + width) of row y of the map of layer 2, before the activation: z[position - x][32].
template <typename T, int width>
LAYER second_layer_positions(int64_t filters, int64_t channels, const Scratch<T>& s, const T* pooled, int64_t y, int64_t x,
                             T* z) {
    constexpr int vectors = (filters2 + lanes<T> - 1) / lanes<T>;
    Vector<T> sum[width][vectors];
    UNROLLED for (auto& row : sum) {
        UNROLLED for (int v = 0; v < vectors; ++v) row[v] = load(s.conv2_bias + v * lanes<T>);
    }
    const T* p = pooled + (y * pooled1_side + x) * channels;
    for (int64_t c = 0; c < filters; ++c) {
        UNROLLED for (int t = 0; t < taps2; ++t) {
            const T* weights = s.conv2_forward + (c * taps2 + t) * filters2_padded;
            const T* in = p + (t / 2 * pooled1_side + t % 2) * channels + c;
            UNROLLED for (int i = 0; i < width; ++i) {
                UNROLLED for (int v = 0; v < vectors; ++v)
                    sum[i][v] = simd::fma(broadcast(in[i * channels]), load(weights + v * lanes<T>), sum[i][v]);
            }
        }
    }
    UNROLLED for (int i = 0; i < width; ++i) {
        UNROLLED for (int v = 0; v < vectors; ++v) store(z + i * filters2_padded + v * lanes<T>, sum[i][v]);
    }
}

template <typename T>
LAYER second_layer(int64_t filters, int64_t channels, const Scratch<T>& s, const T* pooled, T* out, uint8_t* largest) {
    constexpr int vectors = (filters2 + lanes<T> - 1) / lanes<T>;
    constexpr int width = simd::bytes == 64 ? (vectors == 2 ? 12 : 6) : vectors == 3 ? 4 : 2;
    T z[2 * map2_side * filters2_padded], pooled2[pooled2_side * filters2_padded];
    uint8_t corners[filters2_padded];
    for (int64_t row = 0; row < pooled2_side; ++row) {
        for (int64_t y = 0; y < 2; ++y) {
            T* out_row = z + y * map2_side * filters2_padded;
            for (int64_t x = 0; x < map2_side; x += width)
                second_layer_positions<T, width>(filters, channels, s, pooled, 2 * row + y, x, out_row + x * filters2_padded);
        }
        for (int64_t column = 0; column < pooled2_side; ++column) {
            const T* corner = z + 2 * column * filters2_padded;
            for (int64_t f = 0; f < filters2; f += lanes<T>) {
                const T *above = corner + f, *below = above + map2_side * filters2_padded;
                const Vector<T> four[4] = {load(above), load(above + filters2_padded), load(below), load(below + filters2_padded)};
                store(pooled2 + column * filters2_padded + f, largest_of_four<T>(four, corners + f));
            }
            for (int64_t f = 0; f < filters2; ++f) largest[f * windows2 + row * pooled2_side + column] = corners[f];
        }
        apply_sigmoid(pooled2_side * filters2_padded, pooled2);
        for (int64_t f = 0; f < filters2; ++f) {
            for (int64_t column = 0; column < pooled2_side; ++column)
                out[f * windows2 + row * pooled2_side + column] = pooled2[column * filters2_padded + f];
        }
    }
}

// Adds one image's share of the gradient of layer 2 and finds what reaches the outputs of layer 1: each of the 720 gradients
// goes to the four inputs of the corner that was largest.
template <typename T>
LAYER second_layer_gradient(int64_t channels, const Scratch<T>& s, const T* pooled, const uint8_t* largest, const T* d_z) {
    int32_t place[features];
    for (int64_t e = 0; e < features; ++e) {
        const int64_t window = e % windows2, corner = largest[e];
        place[e] = int32_t((corner_row(window, corner) * pooled1_side + corner_column(window, corner)) * channels);
    }
    T* RESTRICT d_pooled = s.d_pooled1;
    std::memset(d_pooled, 0, sizeof(T) * windows1 * channels);
    for (int64_t f = 0; f < filters2; ++f) {
        T total = s.d_conv2_bias[f];
        for (int64_t window = 0; window < windows2; ++window) total += d_z[f * windows2 + window];
        s.d_conv2_bias[f] = total;
    }
    const int64_t offset[taps2] = {0, channels, pooled1_side * channels, (pooled1_side + 1) * channels};
    for (int64_t c = 0; c < channels; c += lanes<T>) {
        for (int64_t f = 0; f < filters2; ++f) {
            Vector<T> weights[taps2], d_weights[taps2];
            UNROLLED for (int t = 0; t < taps2; ++t) weights[t] = load(s.conv2_backward + (f * taps2 + t) * channels + c);
            UNROLLED for (int t = 0; t < taps2; ++t) d_weights[t] = load(s.d_conv2 + (f * taps2 + t) * channels + c);
            for (int64_t e = f * windows2; e < (f + 1) * windows2; ++e) {
                const Vector<T> g = broadcast(d_z[e]);
                UNROLLED for (int t = 0; t < taps2; ++t) {
                    const int64_t at = place[e] + offset[t] + c;
                    store(d_pooled + at, simd::fma(g, weights[t], load(d_pooled + at)));
                    d_weights[t] = simd::fma(g, load(pooled + at), d_weights[t]);
                }
            }
            UNROLLED for (int t = 0; t < taps2; ++t) store(s.d_conv2 + (f * taps2 + t) * channels + c, d_weights[t]);
        }
    }
}

template <typename T>
LAYER first_layer_gradient(int64_t channels, const Scratch<T>& s, const T* image, const T* pooled, const uint8_t* largest) {
    for (int64_t c = 0; c < channels; c += lanes<T>) {
        Vector<T> d_weights[taps1], d_bias = load(s.d_conv1_bias + c);
        UNROLLED for (int t = 0; t < taps1; ++t) d_weights[t] = load(s.d_conv1 + t * channels + c);
        for (int64_t window = 0; window < windows1; ++window) {
            const int64_t at = window * channels + c;
            const T* x = image + window / pooled1_side * 2 * image_side + window % pooled1_side * 2;
            const Vector<T> y = load(pooled + at), g = load(s.d_pooled1 + at) * (y * (T(1) - y));
            d_bias += g;
            UNROLLED for (int i = 0; i < 4; ++i) {
                const Vector<T> here = simd::bytes_equal<T>(largest + at, i) ? g : Vector<T>{};
                UNROLLED for (int t = 0; t < taps1; ++t)
                    d_weights[t] = simd::fma(here, broadcast(x[(i / 2 + t / 3) * image_side + i % 2 + t % 3]), d_weights[t]);
            }
        }
        UNROLLED for (int t = 0; t < taps1; ++t) store(s.d_conv1 + t * channels + c, d_weights[t]);
        store(s.d_conv1_bias + c, d_bias);
    }
}

}  // namespace figure1
