// The gradient of a training step on the fast device: layer after layer of a group of images, whose activations stay in the
// second-level cache.
#pragma once

#include "figure1/fast_convolutions.cuh"
#include "figure1/fast_dense.cuh"

namespace figure1 {

// body(row, column) for every pair.
template <typename Body>
DEVICE void for_rows(int64_t rows, int64_t columns, Body body) {
    for (int64_t row = 0; row < rows; ++row) {
        for (int64_t column = 0; column < columns; ++column) body(row, column);
    }
}

template <typename T>
DEVICE void repack_convolutions(const Network& network, const T* parameters, const Scratch<T>& s) {
    const int64_t filters = network.filters, channels = network.channels();
    const T *conv1 = parameters + network.conv1_weight, *conv2 = parameters + network.conv2_weight;
    for_rows(taps1, channels, [&](int64_t t, int64_t c) {
        s.conv1[t * channels + c] = c < filters ? conv1[c * taps1 + t] : T(0);
    });
    BLOCK_LOOP(c, channels) s.conv1_bias[c] = c < filters ? parameters[network.conv1_bias + c] : T(0);
    for_rows(filters * taps2, filters2_padded, [&](int64_t ct, int64_t f) {
        s.conv2_forward[ct * filters2_padded + f] = f < filters2 ? conv2[f * filters * taps2 + ct] : T(0);
    });
    BLOCK_LOOP(f, filters2_padded) s.conv2_bias[f] = f < filters2 ? parameters[network.conv2_bias + f] : T(0);
    for_rows(filters2, taps2 * channels, [&](int64_t f, int64_t tc) {
        const int64_t t = tc / channels, c = tc - t * channels;
        s.conv2_backward[f * taps2 * channels + tc] = c < filters ? conv2[(f * filters + c) * taps2 + t] : T(0);
    });
}

template <typename T>
DEVICE void repack_output(const Network& network, const T* parameters, const Scratch<T>& s) {
    const T* fc2 = parameters + network.fc2_weight;
    for_rows(hidden, classes_padded, [&](int64_t j, int64_t k) {
        s.fc2_by_input[j * classes_padded + k] = k < classes ? fc2[k * hidden + j] : T(0);
    });
    for_rows(classes, hidden_padded, [&](int64_t k, int64_t j) {
        s.fc2_by_output[k * hidden_padded + j] = j < hidden ? fc2[k * hidden + j] : T(0);
    });
}

template <typename T>
DEVICE void clear_sums(const Scratch<T>& s) {
    BLOCK_LOOP(i, s.image - s.d_conv1) s.d_conv1[i] = T(0);
}

// In the order of the slab: conv1.weight, conv1.bias, conv2.weight, conv2.bias.
template <typename T>
DEVICE void store_sums(const Network& network, const Scratch<T>& s, T* out) {
    const int64_t filters = network.filters, channels = network.channels();
    for_rows(filters, taps1, [&](int64_t c, int64_t t) { out[c * taps1 + t] = s.d_conv1[t * channels + c]; });
    out += filters * taps1;
    BLOCK_LOOP(c, filters) out[c] = s.d_conv1_bias[c];
    out += filters;
    for_rows(filters2 * filters, taps2, [&](int64_t fc, int64_t t) {
        const int64_t f = fc / filters, c = fc - f * filters;
        out[fc * taps2 + t] = s.d_conv2[(f * taps2 + t) * channels + c];
    });
    out += filters2 * filters * taps2;
    BLOCK_LOOP(f, filters2) out[f] = s.d_conv2_bias[f];
}

template <typename T>
DEVICE void forward_convolutions(const Network& network, const Scratch<T>& s, const float* images, const int32_t* order,
                                 int64_t count, T* out) {
    const int64_t filters = network.filters, channels = network.channels();
    for (int64_t i = 0; i < count; ++i) {
        const float* image = images + order[i] * image_area;
        BLOCK_LOOP(pixel, image_area) s.image[i * image_area + pixel] = T(image[pixel]);
    }
    const int64_t map = windows1 * channels;
    for (int64_t i = 0; i < count; ++i)
        first_layer(channels, s, s.image + i * image_area, s.pooled1 + i * map, s.largest1 + i * map);
    for (int64_t i = 0; i < count; ++i)
        second_layer(filters, channels, s, s.pooled1 + i * map, out + i * features, s.largest2 + i * features);
}

template <typename T>
DEVICE void dense_layers(const Batch& batch, const Network& network, const T* parameters, const Scratch<T>& s, int64_t count,
                         const int32_t* order, const int32_t* labels, const Rows<T>& rows) {
    third_layer(parameters + network.fc1_weight, parameters + network.fc1_bias, count, rows.features, rows.hidden);
    const T* bias = parameters + network.fc2_bias;
    output_layer(batch, s.fc2_by_input, bias, count, order, labels, rows.hidden, rows.d_output, rows.loss);
    hidden_gradient(s.fc2_by_output, count, rows.d_output, rows.hidden, rows.d_hidden);
    feature_gradient(parameters + network.fc1_weight, count, rows.d_hidden, rows.features, s.d_features);
}

template <typename T>
DEVICE void backward_convolutions(const Network& network, const Scratch<T>& s, int64_t count) {
    const int64_t channels = network.channels();
    for (int64_t i = 0; i < count; ++i) {
        const T* pooled = s.pooled1 + i * windows1 * channels;
        second_layer_gradient(channels, s, pooled, s.largest2 + i * features, s.d_features + i * features);
            first_layer_gradient(channels, s, s.image + i * image_area, pooled, s.largest1 + i * windows1 * channels);
        }
}

template <typename T>
DEVICE void gradient(const Batch& batch, const Network* networks, const T* parameters, const float* images, const int32_t* labels,
                     const int32_t* order, const int32_t* cursor, T* memory, uint8_t* bytes, Rows<T> all, T* partials) {
    const int64_t most = padded_channels(batch.most_filters), groups = batch.groups();
    const int64_t elements = worker_numbers(most, batch.group), byte_count = worker_bytes(most, batch.group);
    int64_t packed = -1;
    GRID_BLOCKS(work, batch.networks * groups) {
        const int64_t n = work / groups, group = work % groups, first = group * batch.group;
        const int64_t count = batch.size - first < batch.group ? batch.size - first : batch.group, row = n * batch.size + first;
        const Network& network = networks[n];
        const int32_t* samples = order + n * batch.samples + *cursor + first;
        const Scratch<T> s(memory + blockIdx.x * elements, bytes + blockIdx.x * byte_count, network.channels(), batch.group);
        const Rows<T> rows = all.at(row);
        if (n != packed) repack_convolutions(network, parameters, s);
        if (n != packed) repack_output(network, parameters, s);
        packed = n;
        clear_sums(s);
        forward_convolutions(network, s, images, samples, count, rows.features);
        dense_layers(batch, network, parameters, s, count, samples, labels, rows);
        backward_convolutions(network, s, count);
        store_sums(network, s, partials + network.partials + group * network.partial_count());
        }
}

}  // namespace figure1
