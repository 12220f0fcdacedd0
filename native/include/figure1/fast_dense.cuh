// The dense layers, forward and backward, on the fast device; see fast_host.cuh.
#pragma once

#include "figure1/fast_host.cuh"

namespace figure1 {

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
                        UNROLLED for (int i = 0; i < image_tile; ++i)
                            sum[i][n][v] = simd::fma(load(x[i] + e + v * lanes<T>), w, sum[i][n][v]);
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

// A tile of fc1.weight's gradient, and of a network's convolution parameters as many as one piece of work sums.
constexpr int64_t tile_neurons = 4, tile_features = 80, chunk = 1024;

// out[n, e] = sum over the batch of left[b, n] right[b, e] for a tile of neurons n and elements e.
template <typename T>
LAYER dense_tile(int64_t batch, const T* left, const T* right, T* out) {
    constexpr int neurons = tile_neurons, vectors = 5, width = vectors * lanes<T>;
    for (int64_t e = 0; e < tile_features; e += width) {
        Vector<T> sum[neurons][vectors] = {};
        for (int64_t b = 0; b < batch; ++b) {
            UNROLLED for (int v = 0; v < vectors; ++v) {
                const Vector<T> x = load(right + b * features + e + v * lanes<T>);
                UNROLLED for (int n = 0; n < neurons; ++n)
                    sum[n][v] = simd::fma(broadcast(left[b * hidden_padded + n]), x, sum[n][v]);
            }
        }
        UNROLLED for (int n = 0; n < neurons; ++n) {
            UNROLLED for (int v = 0; v < vectors; ++v) store(out + n * features + e + v * lanes<T>, sum[n][v]);
        }
    }
}

// out[j] = sum over the batch of left[b, 0] right[b, j] for one class and the hidden neurons j.
template <typename T>
LAYER output_row(int64_t batch, const T* left, const T* right, T* out) {
    T sum[hidden_padded] = {};
    for (int64_t b = 0; b < batch; ++b) {
        const T scale = left[b * classes_padded];
        LOOP_IS_PARALLEL
        for (int64_t j = 0; j < hidden_padded; ++j) sum[j] = math::detail::fma(scale, right[b * hidden_padded + j], sum[j]);
    }
    std::memcpy(out, sum, sizeof(T) * hidden);
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

// out[i] = the sum over the groups of partials[group, i], i < count, which can be negative: then nothing.
template <typename T>
LAYER add_groups(int64_t count, int64_t groups, int64_t stride, const T* partials, T* out) {
    for (int64_t i = 0; i < count; ++i) out[i] = partials[i];
    for (int64_t group = 1; group < groups; ++group) {
        const T* partial = partials + group * stride;
        LOOP_IS_PARALLEL
        for (int64_t i = 0; i < count; ++i) out[i] += partial[i];
    }
}

template <typename T>
LAYER add_loss(const Batch& batch, const T* loss, T* loss_sum) {
    T total = T(0);
    for (int64_t b = 0; b < batch.size; ++b) total += loss[b];
    *loss_sum += T(batch.loss_scale) * total;
}

}  // namespace figure1
