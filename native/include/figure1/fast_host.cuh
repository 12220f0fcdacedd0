// The fused step's layers on the fast device: one thread, vectors whose lanes are channels, filters or neurons, and tiles of
// accumulators that fit the registers. Every sum runs in the order of block_threads.cuh, so both give the same bits.
#pragma once

#include "figure1/layout.cuh"
#include "math.cuh"
#include "simd.h"

// Tiles of accumulators stay in registers only if the loops over them are unrolled.
#define UNROLLED _Pragma("GCC unroll 16")

// A function per layer, so that a profile shows which one takes the time.
#define LAYER __attribute__((noinline)) void

namespace figure1 {

using simd::broadcast;
using simd::lanes;
using simd::load;
using simd::store;
template <typename T>
using Vector = simd::Vector<T>;

// The largest of four and where it is, the first one if several are equal; NaN if any is NaN.
template <typename T>
DEVICE Vector<T> largest_of_four(const Vector<T>* z, uint8_t* where) {
    auto corner = z[1] > z[0];
    Vector<T> largest = corner ? z[1] : z[0];
    corner &= 1;
    for (int i = 2; i < 4; ++i) {
        const auto larger = z[i] > largest;
        largest = larger ? z[i] : largest;
        corner = larger ? i : corner;
    }
    simd::store_bytes<T>(where, corner);
    const auto ordered = (z[0] == z[0]) & (z[1] == z[1]) & (z[2] == z[2]) & (z[3] == z[3]);
    return ordered ? largest : z[0] + z[1] + z[2] + z[3];
}

template <typename T>
LAYER apply_sigmoid(int64_t count, T* z) {
    LOOP_IS_PARALLEL
    for (int64_t i = 0; i < count; ++i) z[i] = math::sigmoid(z[i]);
}

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
LAYER second_layer_positions(int64_t filters, int64_t channels, const Scratch<T>& s, const T* pooled, int64_t y, int64_t x, T* z) {
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
            for (int64_t x = 0; x < map2_side; x += width)
                second_layer_positions<T, width>(filters, channels, s, pooled, 2 * row + y, x, z + (y * map2_side + x) * filters2_padded);
        }
        for (int64_t column = 0; column < pooled2_side; ++column) {
            const T* corner = z + 2 * column * filters2_padded;
            for (int64_t f = 0; f < filters2; f += lanes<T>) {
                const Vector<T> four[4] = {load(corner + f), load(corner + filters2_padded + f), load(corner + map2_side * filters2_padded + f),
                                           load(corner + (map2_side + 1) * filters2_padded + f)};
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

constexpr int image_tile = 4;

// Image i of a tile; the last one again where the group has no more.
DEVICE int64_t tile_image(int64_t first, int i, int64_t count) { return first + i < count ? first + i : count - 1; }

template <typename T>
DEVICE T fold(const Vector<T>* sums) {
    T s[partial_sums];
    std::memcpy(s, sums, sizeof s);
    for (int width = partial_sums / 2; width > 0; width /= 2) {
        UNROLLED for (int l = 0; l < width; ++l) s[l] += s[l + width];
    }
    return s[0];
}

template <typename T>
LAYER third_layer(const T* weights, const T* bias, int64_t images, const T* in, T* out) {
    constexpr int vectors = partial_sums / lanes<T>, tile = vectors == 1 ? 5 : vectors == 2 ? 2 : 1;
    for (int64_t first = 0; first < images; first += image_tile) {
        const T* x[image_tile];
        UNROLLED for (int i = 0; i < image_tile; ++i) x[i] = in + tile_image(first, i, images) * features;
        for (int64_t j = 0; j < hidden; j += tile) {
            Vector<T> sum[image_tile][tile][vectors] = {};
            for (int64_t e = 0; e < features; e += partial_sums) {
                UNROLLED for (int n = 0; n < tile; ++n) {
                    UNROLLED for (int v = 0; v < vectors; ++v) {
                        const Vector<T> w = load(weights + (j + n) * features + e + v * lanes<T>);
                        UNROLLED for (int i = 0; i < image_tile; ++i) sum[i][n][v] = simd::fma(load(x[i] + e + v * lanes<T>), w, sum[i][n][v]);
                    }
                }
            }
            UNROLLED for (int i = 0; i < image_tile; ++i) {
                UNROLLED for (int n = 0; n < tile; ++n)
                    out[tile_image(first, i, images) * hidden_padded + j + n] = fold<T>(sum[i][n]) + bias[j + n];
            }
        }
    }
    for (int64_t i = 0; i < images; ++i) apply_sigmoid(hidden, out + i * hidden_padded);
}

// The outputs of one image, or what reaches its hidden neurons from d_output: sum over n of scale[n] rows[n, padded].
template <typename T, int64_t padded>
DEVICE void weighted_rows(int64_t count, const T* scale, const T* rows, const T* first, T* out) {
    for (int64_t l = 0; l < padded; l += lanes<T>) {
        Vector<T> sum = first == nullptr ? Vector<T>{} : load(first + l);
        for (int64_t n = 0; n < count; ++n) sum = simd::fma(broadcast(scale[n]), load(rows + n * padded + l), sum);
        store(out + l, sum);
    }
}

template <typename T>
LAYER output_layer(const Batch& batch, const T* weights, const T* bias, int64_t images, const int32_t* order,
                         const int32_t* labels, const T* in, T* d_out, T* loss) {
    T first[classes_padded] = {};
    for (int64_t k = 0; k < classes; ++k) first[k] = bias[k];
    for (int64_t i = 0; i < images; ++i) {
        T* d = d_out + i * classes_padded;
        weighted_rows<T, classes_padded>(hidden, in + i * hidden_padded, weights, first, d);
        T total = T(0);
        for (int64_t k = 0; k < classes; ++k) {
            const T difference = d[k] - (labels[order[i]] == k ? T(1) : T(0));
            total = math::detail::fma(difference, difference, total);
            d[k] = difference * T(batch.gradient_scale);
        }
        loss[i] = total;
    }
}

template <typename T>
LAYER hidden_gradient(const T* weights, int64_t images, const T* d_out, const T* h, T* d_h) {
    for (int64_t i = 0; i < images; ++i, h += hidden_padded, d_h += hidden_padded) {
        weighted_rows<T, hidden_padded>(classes, d_out + i * classes_padded, weights, nullptr, d_h);
        LOOP_IS_PARALLEL
        for (int64_t j = 0; j < hidden; ++j) d_h[j] *= h[j] * (T(1) - h[j]);
    }
}

template <typename T>
LAYER feature_gradient(const T* weights, int64_t images, const T* d_h, const T* f, T* d_f) {
    constexpr int vectors = 5, width = vectors * lanes<T>;
    for (int64_t first = 0; first < images; first += image_tile) {
        for (int64_t e = 0; e < features; e += width) {
            Vector<T> sum[image_tile][vectors] = {};
            for (int64_t j = 0; j < hidden; ++j) {
                UNROLLED for (int v = 0; v < vectors; ++v) {
                    const Vector<T> w = load(weights + j * features + e + v * lanes<T>);
                    UNROLLED for (int i = 0; i < image_tile; ++i)
                        sum[i][v] = simd::fma(broadcast(d_h[tile_image(first, i, images) * hidden_padded + j]), w, sum[i][v]);
                }
            }
            UNROLLED for (int i = 0; i < image_tile; ++i) {
                UNROLLED for (int v = 0; v < vectors; ++v) {
                    const int64_t at = tile_image(first, i, images) * features + e + v * lanes<T>;
                    const Vector<T> y = load(f + at);
                    store(d_f + at, sum[i][v] * (y * (T(1) - y)));
                }
            }
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

// out[n, e] = sum over the batch of left[b, n] right[b, e] for 4 neurons n and 80 elements e.
template <typename T>
LAYER dense_tile(int64_t batch, const T* left, const T* right, T* out) {
    constexpr int neurons = 4, vectors = 5, width = vectors * lanes<T>;
    for (int64_t e = 0; e < 80; e += width) {
        Vector<T> sum[neurons][vectors] = {};
        for (int64_t b = 0; b < batch; ++b) {
            UNROLLED for (int v = 0; v < vectors; ++v) {
                const Vector<T> x = load(right + b * features + e + v * lanes<T>);
                UNROLLED for (int n = 0; n < neurons; ++n) sum[n][v] = simd::fma(broadcast(left[b * hidden_padded + n]), x, sum[n][v]);
            }
        }
        UNROLLED for (int n = 0; n < neurons; ++n) {
            UNROLLED for (int v = 0; v < vectors; ++v) store(out + n * features + e + v * lanes<T>, sum[n][v]);
        }
    }
}

// out[n, j] = sum over the batch of left[b, n] right[b, j] for the 10 classes n and the hidden neurons j.
template <typename T>
LAYER output_tile(int64_t batch, const T* left, const T* right, T* out) {
    for (int64_t n = 0; n < classes; ++n) {
        T sum[hidden_padded] = {};
        for (int64_t b = 0; b < batch; ++b) {
            const T scale = left[b * classes_padded + n];
            LOOP_IS_PARALLEL
            for (int64_t j = 0; j < hidden_padded; ++j) sum[j] = math::detail::fma(scale, right[b * hidden_padded + j], sum[j]);
        }
        std::memcpy(out + n * hidden, sum, sizeof(T) * hidden);
    }
}

// out[j] = sum over the batch of rows[b, j], j < count <= padded.
template <typename T, int64_t padded>
LAYER column_sums(int64_t batch, int64_t count, const T* rows, T* out) {
    T sum[padded] = {};
    for (int64_t b = 0; b < batch; ++b) {
        LOOP_IS_PARALLEL
        for (int64_t j = 0; j < padded; ++j) sum[j] += rows[b * padded + j];
    }
    std::memcpy(out, sum, sizeof(T) * count);
}

}  // namespace figure1
