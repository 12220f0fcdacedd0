// Layers 1 and 2 for the threads of a block. No function waits for the others' results: block_step.cuh has the barriers.
#pragma once

#include "figure1/block_memory.cuh"

namespace figure1 {

// Threads stand on neighbouring windows, whose 16 pixels they keep, and go through the channels: weights are one word for all.
template <typename T>
DEVICE void first_layer(int filters, const BlockMemory<T>& m) {
    const int threads = int(blockDim.x), parts = threads < windows1 ? 1 : threads / int(windows1);
    THREAD_LOOP(item, windows1 * parts) {
        const int part = item / int(windows1), window = item % int(windows1), y = window / 13, x = window % 13;
        T pixels[16];
        IN_REGISTERS for (int i = 0; i < 16; ++i) pixels[i] = m.image[(2 * y + i / 4) * int(image_side) + 2 * x + i % 4];
        for (int c = part * filters / parts; c < (part + 1) * filters / parts; ++c) {
            T w[conv1_stride], z[4];
            IN_REGISTERS for (int t = 0; t < conv1_stride; t += 4) {
                const Four<T> four = Four<T>::load(m.conv1 + c * conv1_stride + t);
                IN_REGISTERS for (int i = 0; i < 4; ++i) w[t + i] = four.v[i];
            }
            IN_REGISTERS for (int i = 0; i < 4; ++i) z[i] = w[taps1];
            IN_REGISTERS for (int t = 0; t < taps1; ++t) {
                IN_REGISTERS for (int i = 0; i < 4; ++i) z[i] = fma(pixels[(i / 2 + t / 3) * 4 + i % 2 + t % 3], w[t], z[i]);
            }
            int corner;
            const T largest = largest_of_four(z, corner);
            const int at = c * int(windows1) + place1(y, x);
            m.pooled1[at] = math::sigmoid(largest);
            m.largest1[at] = uint8_t(corner);
        }
    }
}

// A window of three filters for a thread: 48 fma for 9 inputs, read by neighbouring threads side by side, and 3 times 4 weights.
// A row of windows is 26 words, 6 less than the banks, so that 32 windows from right to left read 32 banks: these make a warp,
// and the last four windows of all filters come behind.
template <typename T>
DEVICE void second_layer(int filters, const T* bias, const BlockMemory<T>& m, T* out) {
    constexpr int own = 3, parts = (int(filters2) + own - 1) / own, side = int(pooled2_side), lanes = 32, rest = int(windows2) - lanes;
    THREAD_LOOP(item, windows2 * parts) {
        const bool in_warp = item < lanes * parts;
        const int part = in_warp ? item / lanes : item % (lanes * parts) / rest;
        const int place = in_warp ? item % lanes : lanes + item % rest;
        const int row = place / side, column = side - 1 - place % side, y = 2 * row, x = 2 * column;
        int f[own];
        const T* w[own];
        T z[own][4];
        IN_REGISTERS for (int n = 0; n < own; ++n) {
            const int wanted = part * own + n;
            f[n] = wanted < filters2 ? wanted : int(filters2) - 1;
            w[n] = m.conv2 + f[n] * filters * int(taps2);
            IN_REGISTERS for (int i = 0; i < 4; ++i) z[n][i] = bias[f[n]];
        }
        const T* plane = m.pooled1 + place1(y, x);
        _Pragma("unroll 2") for (int c = 0; c < filters; ++c, plane += windows1) {
            T in[9];
            IN_REGISTERS for (int i = 0; i < 9; ++i) in[i] = plane[i / 3 * int(pooled1_side) + place1(0, i % 3)];
            IN_REGISTERS for (int n = 0; n < own; ++n) {
                const Four<T> weights = Four<T>::load(w[n] + c * int(taps2));
                IN_REGISTERS for (int t = 0; t < taps2; ++t) {
                    IN_REGISTERS for (int i = 0; i < 4; ++i)
                        z[n][i] = fma(in[(i / 2 + t / 2) * 3 + i % 2 + t % 2], weights.v[t], z[n][i]);
                }
            }
        }
        IN_REGISTERS for (int n = 0; n < own; ++n) {
            if (part * own + n >= filters2) continue;
            const int window = row * side + column, e = f[n] * int(windows2) + window;
            int corner;
            const T largest = largest_of_four(z[n], corner);
            out[e] = m.features[e] = math::sigmoid(largest);
            m.largest2[e] = Largest::of(window, corner);
        }
    }
}

// A filter and a channel, all taps: d_weight[t] += sum over the windows of d_z[window] input[t]. Four windows at a time, whose
// gradients and places are one read each, the same for all channels.
template <typename T>
DEVICE void filter_weights(const T* d_z, const Largest* largest, const T* plane, bool is_first, T* d_weight) {
    T sum[taps2];
    IN_REGISTERS for (int t = 0; t < taps2; ++t) sum[t] = is_first ? T(0) : d_weight[t];
    _Pragma("unroll 3") for (int window = 0; window < windows2; window += 4) {
        const Four<T> g = Four<T>::load(d_z + window);
        const Four<Largest> at = Four<Largest>::load(largest + window);
        IN_REGISTERS for (int i = 0; i < 4; ++i) {
            const T *left = plane + at.v[i].left(), *right = plane + at.v[i].right();
            IN_REGISTERS for (int t = 0; t < taps2; ++t)
                sum[t] = fma(g.v[i], (t % 2 == 0 ? left : right)[t / 2 * int(pooled1_side)], sum[t]);
        }
    }
    IN_REGISTERS for (int t = 0; t < taps2; ++t) d_weight[t] = sum[t];
}

template <typename T>
DEVICE void filter_bias(const T* d_z, bool is_first, T* d_bias) {
    T sum = is_first ? T(0) : *d_bias;
    IN_REGISTERS for (int window = 0; window < windows2; ++window) sum += d_z[window];
    *d_bias = sum;
}

// The biases come behind the weights, so that threads have them that have fewer weights.
template <typename T>
DEVICE void second_layer_weights(int filters, bool is_first, const BlockMemory<T>& m, T* d_weight, T* d_bias) {
    const int weights = int(filters2) * filters;
    THREAD_LOOP(item, weights + int(filters2)) {
        if (item >= weights) {
            filter_bias(m.features + (item - weights) * int(windows2), is_first, d_bias + (item - weights));
        } else {
            const int f = item / filters, c = item % filters;
            filter_weights(m.features + f * int(windows2), m.largest2 + f * int(windows2), m.pooled1 + c * int(windows1), is_first,
                           d_weight + item * int(taps2));
        }
    }
}

// d[x] += what one filter's gradients, in the map's rows above (that of y - 1) and here (y), send to input x of row y. Windows in
// their order: in an odd row both rows of the map belong to one row of windows, so that columns go first.
template <bool odd, typename T>
DEVICE void add_row(const T (&above)[map2_side], const T (&here)[map2_side], const Four<T>& w, T (&d)[pooled1_side]) {
    IN_REGISTERS for (int x = 0; x < pooled1_side; ++x) {
        if (x > 0) d[x] = fma(above[x - 1], w.v[3], d[x]);
        if (odd && x > 0) d[x] = fma(here[x - 1], w.v[1], d[x]);
        if (x < map2_side) d[x] = fma(above[x], w.v[2], d[x]);
        if (!odd && x > 0) d[x] = fma(here[x - 1], w.v[1], d[x]);
        if (x < map2_side) d[x] = fma(here[x], w.v[0], d[x]);
    }
}

template <bool odd, typename T>
DEVICE void input_row(int filters, int c, int y, const BlockMemory<T>& m) {
    T d[pooled1_side] = {};
    const T *map = m.d_map2 + y * int(map2_side), *w = m.conv2 + c * int(taps2);
    _Pragma("unroll 2") for (int f = 0; f < filters2; ++f, map += map2_area, w += filters * int(taps2)) {
        T rows[2][map2_side];
        IN_REGISTERS for (int i = 0; i < 2 * map2_side; i += 4) {
            const Four<T> four = Four<T>::load(map + i);
            IN_REGISTERS for (int n = 0; n < 4; ++n) rows[(i + n) / int(map2_side)][(i + n) % int(map2_side)] = four.v[n];
        }
        add_row<odd>(rows[0], rows[1], Four<T>::load(w), d);
    }
    T* plane = m.pooled1 + c * int(windows1);
    IN_REGISTERS for (int x = 0; x < pooled1_side; ++x) {
        const T value = plane[place1(y, x)];
        plane[place1(y, x)] = d[x] * (value * (T(1) - value));
    }
}

// A row of a channel of layer 1 for a thread. The map's zeros take part: 48 fma for 6 reads of the map, the same for all
// channels, and one of weights. Even rows go first, so that few warps have both kinds.
template <typename T>
DEVICE void second_layer_inputs(int filters, const BlockMemory<T>& m) {
    constexpr int side = int(pooled1_side), even_rows = (side + 1) / 2;
    THREAD_LOOP(item, side * filters) {
        const int place = item / filters, c = item % filters;
        if (place < even_rows) input_row<false>(filters, c, 2 * place, m);
        else input_row<true>(filters, c, 2 * (place - even_rows) + 1, m);
    }
}

// Taps [first, first + count) of a channel, and behind them the bias when count is 9 or first is.
template <int count, typename T>
DEVICE void first_layer_taps(int c, int first, bool is_first, const BlockMemory<T>& m, T* d_weight, T* d_bias) {
    const bool bias = first + count >= taps1 && (count > 1 || first == taps1);
    T sum[count], sum_bias = is_first || !bias ? T(0) : d_bias[c];
    const int corner_of_tap = first / 3 * int(image_side) + first % 3;
    IN_REGISTERS for (int t = 0; t < count; ++t) sum[t] = is_first || first + t >= taps1 ? T(0) : d_weight[c * taps1 + first + t];
    for (int y = 0; y < pooled1_side; ++y) {
        IN_REGISTERS for (int x = 0; x < pooled1_side; ++x) {
            const int at = c * int(windows1) + place1(y, x), corner = m.largest1[at];
            const T g = m.pooled1[at];
            const T* pixels = m.image + (2 * y + corner / 2) * int(image_side) + 2 * x + corner % 2;
            sum_bias += g;
            if (first >= taps1) continue;
            IN_REGISTERS for (int t = 0; t < count; ++t)
                sum[t] = fma(g, pixels[corner_of_tap + t / 3 * int(image_side) + t % 3], sum[t]);
        }
    }
    IN_REGISTERS for (int t = 0; t < count; ++t) {
        if (first + t < taps1) d_weight[c * taps1 + first + t] = sum[t];
    }
    if (bias) d_bias[c] = sum_bias;
}

// A tap of a channel for a thread while there are threads enough; else all nine, which share the reads of gradient and corner.
template <typename T>
DEVICE void first_layer_gradient(int filters, bool is_first, const BlockMemory<T>& m, T* d_weight, T* d_bias) {
    if (filters * (int(taps1) + 1) <= int(blockDim.x)) {
        THREAD_LOOP(item, filters * (taps1 + 1)) first_layer_taps<1>(item % filters, item / filters, is_first, m, d_weight, d_bias);
    } else {
        THREAD_LOOP(c, filters) first_layer_taps<int(taps1)>(c, 0, is_first, m, d_weight, d_bias);
    }
}

}  // namespace figure1
