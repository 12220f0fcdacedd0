// Training step of the network of Nguyen and Hein, ICML'18, Figure 1 (one bias per filter, second convolution 2x2), for one or
// several networks at once, each with its own T1, parameters and order of samples:
//   figure1_gradient  both passes of every image; the convolutions' gradients in one partial sum per group of images
//   figure1_reduce    the dense layers' gradients, the sums of the partial sums, and the loss
// The sigmoid is monotone, so layers are pooled before it, and gradients visit only the positions that were largest: the same
// mathematics as layer by layer, with a quarter of the sigmoids and fewer multiply-adds. Equal values in a window: the first one
// before the activation counts. The order of every sum is fixed by the batch and the group, not by blocks or threads.
#include "figure1/layout.cuh"
#if FAST_HOST
#include "figure1/fast_convolutions.cuh"
#include "figure1/fast_dense.cuh"
#else
#include "figure1/block_threads.cuh"
#endif

using namespace figure1;

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
    __syncthreads();
    const int64_t map = windows1 * channels;
    for (int64_t i = 0; i < count; ++i)
        first_layer(channels, s, s.image + i * image_area, s.pooled1 + i * map, s.largest1 + i * map);
    __syncthreads();
    for (int64_t i = 0; i < count; ++i)
        second_layer(filters, channels, s, s.pooled1 + i * map, out + i * features, s.largest2 + i * features);
    __syncthreads();
}

template <typename T>
DEVICE void dense_layers(const Batch& batch, const Network& network, const T* parameters, const Scratch<T>& s, int64_t count,
                         const int32_t* order, const int32_t* labels, const Rows<T>& rows) {
    third_layer(parameters + network.fc1_weight, parameters + network.fc1_bias, count, rows.features, rows.hidden);
    __syncthreads();
    const T* bias = parameters + network.fc2_bias;
    output_layer(batch, s.fc2_by_input, bias, count, order, labels, rows.hidden, rows.d_output, rows.loss);
    __syncthreads();
    hidden_gradient(s.fc2_by_output, count, rows.d_output, rows.hidden, rows.d_hidden);
    __syncthreads();
    feature_gradient(parameters + network.fc1_weight, count, rows.d_hidden, rows.features, s.d_features);
    __syncthreads();
}

template <typename T>
DEVICE void backward_convolutions(const Network& network, const Scratch<T>& s, int64_t count) {
    const int64_t channels = network.channels();
    for (int64_t i = 0; i < count; ++i) {
        const T* pooled = s.pooled1 + i * windows1 * channels;
        second_layer_gradient(channels, s, pooled, s.largest2 + i * features, s.d_features + i * features);
        __syncthreads();
        first_layer_gradient(channels, s, s.image + i * image_area, pooled, s.largest1 + i * windows1 * channels);
        __syncthreads();
    }
}

template <typename T>
DEVICE void gradient(const Batch& batch, const Network* networks, const T* parameters, const float* images, const int32_t* labels,
                     const int32_t* order, const int32_t* cursor, T* memory, uint8_t* bytes, Rows<T> all, T* partials) {
    const int64_t most = padded_channels(batch.most_filters), groups = batch.groups();
    const int64_t elements = Scratch<T>::elements(most, batch.group), byte_count = Scratch<T>::bytes(most, batch.group);
    int64_t packed = -1;
    GRID_BLOCKS(work, batch.networks * groups) {
        const int64_t n = work / groups, group = work % groups, first = group * batch.group;
        const int64_t count = batch.size - first < batch.group ? batch.size - first : batch.group, row = n * batch.size + first;
        const Network& network = networks[n];
        const int32_t* samples = order + n * batch.samples + *cursor + first;
        const Scratch<T> s(memory + blockIdx.x * elements, bytes + blockIdx.x * byte_count, network.channels(), batch.group);
        const Rows<T> rows{all.features + row * features, all.hidden + row * hidden_padded, all.d_hidden + row * hidden_padded,
                           all.d_output + row * classes_padded, all.loss + row};
        if (n != packed) repack_convolutions(network, parameters, s);
        if (n != packed) repack_output(network, parameters, s);
        packed = n;
        clear_sums(s);
        forward_convolutions(network, s, images, samples, count, rows.features);
        dense_layers(batch, network, parameters, s, count, samples, labels, rows);
        backward_convolutions(network, s, count);
        store_sums(network, s, partials + network.partials + group * network.partial_count());
        __syncthreads();
    }
}

constexpr int64_t tile_neurons = 4, tile_features = 80, chunk = 1024;
constexpr int64_t dense_tiles = hidden / tile_neurons * (features / tile_features);

// Sums the groups' partial sums of the part of [begin, begin + chunk) that lies in one parameter, which begins at `start`.
template <typename T>
DEVICE int64_t sum_parameter(int64_t begin, int64_t start, int64_t count, int64_t groups, int64_t stride, const T* partials,
                             T* out) {
    const int64_t low = begin > start ? begin : start, high = begin + chunk < start + count ? begin + chunk : start + count;
    T* target = out + low - start;
    BLOCK_LOOP(i, high - low) target[i] = partials[low + i];
    for (int64_t group = 1; group < groups; ++group) {
        const T* partial = partials + group * stride + low;
        LOOP_IS_PARALLEL
        BLOCK_LOOP(i, high - low) target[i] += partial[i];
    }
    return start + count;
}

template <typename T>
DEVICE void sum_partials(const Network& n, int64_t begin, int64_t groups, const T* partials, T* out) {
    const int64_t stride = n.partial_count();
    int64_t start = sum_parameter(begin, 0, n.filters * taps1, groups, stride, partials, out + n.conv1_weight);
    start = sum_parameter(begin, start, n.filters, groups, stride, partials, out + n.conv1_bias);
    start = sum_parameter(begin, start, filters2 * n.filters * taps2, groups, stride, partials, out + n.conv2_weight);
    sum_parameter(begin, start, filters2, groups, stride, partials, out + n.conv2_bias);
}

template <typename T>
DEVICE void reduce_small(const Batch& batch, const Network& n, const Rows<T>& rows, T* out, T* loss_sum) {
    output_tile(batch.size, rows.d_output, rows.hidden, out + n.fc2_weight);
    column_sums<T, classes_padded>(batch.size, classes, rows.d_output, out + n.fc2_bias);
    column_sums<T, hidden_padded>(batch.size, hidden, rows.d_hidden, out + n.fc1_bias);
    BLOCK_LOOP(i, 1) {
        T total = T(0);
        for (int64_t b = 0; b < batch.size; ++b) total += rows.loss[b];
        *loss_sum += T(batch.loss_scale) * total;
    }
}

template <typename T>
DEVICE void reduce(const Batch& batch, const Network* networks, const Rows<T>& all, const T* partials, T* gradients,
                   T* loss_sums) {
    const int64_t most = convolution_parameters(batch.most_filters);
    const int64_t works = dense_tiles + 1 + (most + chunk - 1) / chunk;
    GRID_BLOCKS(work, batch.networks * works) {
        const int64_t n = work / works, part = work % works, row = n * batch.size;
        const Network& network = networks[n];
        const Rows<T> rows{all.features + row * features, all.hidden + row * hidden_padded, all.d_hidden + row * hidden_padded,
                           all.d_output + row * classes_padded, all.loss + row};
        if (part < dense_tiles) {
            constexpr int64_t across = features / tile_features;
            const int64_t j = part / across * tile_neurons, e = part % across * tile_features;
            dense_tile(batch.size, rows.d_hidden + j, rows.features + e, gradients + network.fc1_weight + j * features + e);
        } else if (part == dense_tiles) {
            reduce_small(batch, network, rows, gradients, loss_sums + n);
        } else {
            sum_partials(network, (part - dense_tiles - 1) * chunk, batch.groups(), partials + network.partials, gradients);
        }
    }
}

#define FIGURE1(T, suffix)                                                                                                       \
    BLOCK_KERNEL(figure1_gradient_##suffix,                                                                                      \
                 (Batch batch, const Network* networks, const T* parameters, const float* images, const int32_t* labels,         \
                  const int32_t* order, const int32_t* cursor, T* memory, uint8_t* bytes, T* activations, T* hidden, T* d_hidden, \
                  T* d_output, T* loss, T* partials)) {                                                                          \
        gradient(batch, networks, parameters, images, labels, order, cursor, memory, bytes,                                      \
                 Rows<T>{activations, hidden, d_hidden, d_output, loss}, partials);                                              \
    }                                                                                                                            \
    KERNEL(figure1_reduce_##suffix,                                                                                              \
           (Batch batch, const Network* networks, T* activations, T* hidden, T* d_hidden, T* d_output, T* loss,                  \
            const T* partials, T* gradients, T* loss_sums)) {                                                                    \
        reduce(batch, networks, Rows<T>{activations, hidden, d_hidden, d_output, loss}, partials, gradients, loss_sums);         \
    }
FOR_FLOAT_TYPES(FIGURE1)
