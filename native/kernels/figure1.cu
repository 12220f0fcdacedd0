// Training step of the network of Nguyen and Hein, ICML'18, Figure 1 (one bias per filter, second convolution 2x2), for one or
// several networks at once, each with its own T1, parameters and order of samples:
//   figure1_gradient  both passes of every image; the convolutions' gradients in one partial sum per group of images
//   figure1_memory    how much memory a block of figure1_gradient needs
//   figure1_reduce    the dense layers' gradients, the sums of the partial sums, and the loss
// The sigmoid is monotone, so layers are pooled before it, and only the positions that were largest have gradients: the same
// mathematics as layer by layer, with a quarter of the sigmoids and fewer multiply-adds. Equal values in a window: the first one
// before the activation counts. The order of every sum is fixed by the batch and the group, not by blocks or threads.
#include "figure1/memory_sizes.cuh"
#if FAST_HOST
#include "figure1/fast_step.cuh"
#else
#include "figure1/block_step.cuh"
#endif

using namespace figure1;

constexpr int64_t dense_tiles = hidden / tile_neurons * (features / tile_features);
constexpr int64_t small_parts = classes + 3;

// Sums the groups' partial sums of the part of [begin, begin + chunk) that lies in one parameter, which begins at `start`.
template <typename T>
DEVICE int64_t sum_parameter(int64_t begin, int64_t start, int64_t count, int64_t groups, int64_t stride, const T* partials,
                             T* out) {
    const int64_t low = begin > start ? begin : start, high = begin + chunk < start + count ? begin + chunk : start + count;
    add_groups(high - low, groups, stride, partials + low, out + low - start);
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

// Part `part` of the small sums: a row of fc2.weight, then fc2.bias, fc1.bias and the loss.
template <typename T>
DEVICE void reduce_small(const Batch& batch, int64_t part, const Network& n, const Rows<T>& rows, T* out, T* loss_sum) {
    if (part < classes) output_row(batch.size, rows.d_output + part, rows.hidden, out + n.fc2_weight + part * hidden);
    else if (part == classes) column_sums<T, classes_padded>(batch.size, classes, rows.d_output, out + n.fc2_bias);
    else if (part == classes + 1) column_sums<T, hidden_padded>(batch.size, hidden, rows.d_hidden, out + n.fc1_bias);
    else add_loss(batch, rows.loss, loss_sum);
}

template <typename T>
DEVICE void reduce(const Batch& batch, const Network* networks, const Rows<T>& all, const T* partials, T* gradients,
                   T* loss_sums) {
    const int64_t most = convolution_parameters(batch.most_filters);
    const int64_t works = dense_tiles + small_parts + (most + chunk - 1) / chunk;
    GRID_BLOCKS(work, batch.networks * works) {
        const int64_t n = work / works, part = work % works;
        const Network& network = networks[n];
        const Rows<T> rows = all.at(n * batch.size);
        if (part < dense_tiles) {
            constexpr int64_t across = features / tile_features;
            const int64_t j = part / across * tile_neurons, e = part % across * tile_features;
            dense_tile(batch.size, rows.d_hidden + j, rows.features + e, gradients + network.fc1_weight + j * features + e);
        } else if (part < dense_tiles + small_parts) {
            reduce_small(batch, part - dense_tiles, network, rows, gradients, loss_sums + n);
        } else {
            sum_partials(network, (part - dense_tiles - small_parts) * chunk, batch.groups(), partials + network.partials, gradients);
        }
    }
}

#define FIGURE1(T, suffix)                                                                                                       \
    BOUNDED_BLOCK_KERNEL(gradient_threads, 1, figure1_gradient_##suffix,                                                         \
                 (Batch batch, const Network* networks, const T* parameters, const float* images, const int32_t* labels,         \
                  const int32_t* order, const int32_t* cursor, T* memory, uint8_t* bytes, T* activations, T* hidden,             \
                  T* d_hidden, T* d_output, T* loss, T* partials)) {                                                             \
        gradient(batch, networks, parameters, images, labels, order, cursor, memory, bytes,                                      \
                 Rows<T>{activations, hidden, d_hidden, d_output, loss}, partials);                                              \
    }                                                                                                                            \
    KERNEL(figure1_memory_##suffix, (int64_t filters, int64_t group, int64_t* sizes)) {                                          \
        GRID_LOOP(i, 1) {                                                                                                        \
            sizes[i] = worker_numbers(padded_channels(filters), group);                                                          \
            sizes[i + 1] = worker_bytes(padded_channels(filters), group);                                                        \
            sizes[i + 2] = block_bytes<T>(filters);                                                                              \
            sizes[i + 3] = fc1_stride * int64_t(sizeof(T));                                                                      \
        }                                                                                                                        \
    }                                                                                                                            \
    KERNEL(figure1_reduce_##suffix,                                                                                              \
           (Batch batch, const Network* networks, T* activations, T* hidden, T* d_hidden, T* d_output, T* loss,                  \
            const T* partials, T* gradients, T* loss_sums)) {                                                                    \
        reduce(batch, networks, Rows<T>{activations, hidden, d_hidden, d_output, loss}, partials, gradients, loss_sums);         \
    }
FOR_FLOAT_TYPES(FIGURE1)
