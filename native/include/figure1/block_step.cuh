// The gradient of a training step for the threads of a block: image after image of a group, everything between its pixels and its
// share of the gradients in the block's memory.
#pragma once

#include "figure1/block_convolutions.cuh"
#include "figure1/block_dense.cuh"
#include "figure1/block_reduce.cuh"

namespace figure1 {

constexpr int gradient_threads = 512;

template <typename T>
DEVICE void load_weights(const Network& network, const T* parameters, const BlockMemory<T>& m) {
    const int filters = int(network.filters);
    THREAD_LOOP(i, filters * taps1) m.conv1[i / int(taps1) * conv1_stride + i % int(taps1)] = parameters[network.conv1_weight + i];
    THREAD_LOOP(c, filters) m.conv1[c * conv1_stride + taps1] = parameters[network.conv1_bias + c];
    READ_AHEAD THREAD_LOOP(i, filters2 * filters * taps2) m.conv2[i] = parameters[network.conv2_weight + i];
    THREAD_LOOP(i, classes * hidden) m.fc2[i] = parameters[network.fc2_weight + i];
}

template <typename T>
DEVICE void load_image(const float* image, const BlockMemory<T>& m) {
    THREAD_LOOP(i, image_area) m.image[i] = T(image[i]);
    THREAD_LOOP(i, filters2 * map2_area) m.d_map2[i] = T(0);
}

template <typename T>
DEVICE void forward_image(const Batch& batch, const Network& network, const T* parameters, const Fc1<T>& fc1, int label,
                          const BlockMemory<T>& m, const Rows<T>& row) {
    first_layer(int(network.filters), m);
    __syncthreads();
    second_layer(int(network.filters), parameters + network.conv2_bias, m, row.features);
    wait_for_copies<0>();
    __syncthreads();
    third_layer(fc1, parameters + network.fc1_bias, m, row.hidden);
    __syncthreads();
    output_layer(T(batch.gradient_scale), label, parameters + network.fc2_bias, m, row.d_output);
    __syncthreads();
}

// `sums` is laid out as the slab: conv1.weight, conv1.bias, conv2.weight, conv2.bias.
template <typename T>
DEVICE void backward_image(const Network& network, const Fc1<T>& fc1, bool is_first, const BlockMemory<T>& m, const Rows<T>& row,
                           T* sums) {
    const int filters = int(network.filters);
    T *d_bias1 = sums + filters * taps1, *d_conv2 = d_bias1 + filters, *d_bias2 = d_conv2 + filters2 * filters * taps2;
    hidden_gradient(m, row.d_hidden, row.loss);
    __syncthreads();
    feature_gradient(fc1, m);
    __syncthreads();
    second_layer_weights(filters, is_first, m, d_conv2, d_bias2);
    __syncthreads();
    second_layer_inputs(filters, m);
    __syncthreads();
    first_layer_gradient(filters, is_first, m, sums, d_bias1);
    __syncthreads();
}

// The block's memory is in_shared, with `held` rows of fc1.weight, or its part of the scratch, with none.
template <typename T>
DEVICE void gradient_of_groups(const Batch& batch, const Network* networks, const T* parameters, const float* images,
                               const int32_t* labels, const int32_t* order, const int32_t* cursor, unsigned char* memory, int held,
                               const Rows<T>& all, T* partials) {
    const int64_t groups = batch.groups();
    int64_t loaded = -1;
    GRID_BLOCKS(work, batch.networks * groups) {
        const int64_t n = work / groups, group = work % groups, first = group * batch.group;
        const int count = int(batch.size - first < batch.group ? batch.size - first : batch.group);
        const Network& network = networks[n];
        const int32_t* samples = order + n * batch.samples + *cursor + first;
        const BlockMemory<T> m(memory, int(network.filters), held);
        const Fc1<T> fc1(held, network, parameters, m);
        if (n != loaded) load_weights(network, parameters, m);
        for (int i = 0; i < count; ++i) {
            const Rows<T> row = all.at(n * batch.size + first + i);
            load_image(images + samples[i] * image_area, m);
            if (n != loaded) fc1.begin_copies(m); // behind what layer 1 waits for
            loaded = n;
            __syncthreads();
            forward_image(batch, network, parameters, fc1, labels[samples[i]], m, row);
            backward_image(network, fc1, i == 0, m, row, partials + network.partials + group * network.partial_count());
        }
    }
}

// Twice, since the compiler has other instructions for shared memory.
template <typename T>
DEVICE void gradient(const Batch& batch, const Network* networks, const T* parameters, const float* images, const int32_t* labels,
                     const int32_t* order, const int32_t* cursor, T* memory, uint8_t*, const Rows<T>& all, T* partials) {
    DYNAMIC_SHARED(shared);
    if (!REQUIRE(blockDim.x >= team, "the blocks of figure1_gradient have at least 16 threads")) return;
    if (batch.in_shared == 1) {
        gradient_of_groups(batch, networks, parameters, images, labels, order, cursor, shared, int(batch.held), all, partials);
    } else {
        unsigned char* scratch = reinterpret_cast<unsigned char*>(memory) + blockIdx.x * block_bytes<T>(batch.most_filters);
        gradient_of_groups(batch, networks, parameters, images, labels, order, cursor, scratch, 0, all, partials);
    }
}

}  // namespace figure1
