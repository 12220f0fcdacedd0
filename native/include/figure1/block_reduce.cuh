// The sums over a batch, for the threads of a block. A sum is one thread's, in registers; what it adds up is read several rows
// at a time, since every read waits for the second-level cache.
#pragma once

#include "figure1/block_memory.cuh"

namespace figure1 {

// A tile of fc1.weight's gradient, and of a network's convolution parameters as many as one piece of work sums.
constexpr int64_t tile_neurons = 4, tile_features = 240, chunk = 256;

// out[n, e] = sum over the batch of left[b, n] right[b, e] for a tile of neurons n and elements e.
template <typename T>
DEVICE void dense_tile(int64_t batch, const T* left, const T* right, T* out) {
    BLOCK_LOOP(e, tile_features) {
        T sum[tile_neurons] = {};
        READ_AHEAD for (int b = 0; b < int(batch); ++b) {
            const T x = right[b * int(features) + e];
            const Four<T> of_neurons = Four<T>::load(left + b * int(hidden_padded));
            IN_REGISTERS for (int n = 0; n < tile_neurons; ++n) sum[n] = fma(of_neurons.v[n], x, sum[n]);
        }
        IN_REGISTERS for (int n = 0; n < tile_neurons; ++n) out[n * features + e] = sum[n];
    }
}

// out[j] = sum over the batch of left[b, 0] right[b, j] for one class and the hidden neurons j.
template <typename T>
DEVICE void output_row(int64_t batch, const T* left, const T* right, T* out) {
    BLOCK_LOOP(j, hidden) {
        T sum = T(0);
        READ_AHEAD for (int b = 0; b < int(batch); ++b)
            sum = fma(left[b * int(classes_padded)], right[b * int(hidden_padded) + j], sum);
        out[j] = sum;
    }
}

// out[j] = sum over the batch of rows[b, j], j < count <= padded.
template <typename T, int64_t padded>
DEVICE void column_sums(int64_t batch, int64_t count, const T* rows, T* out) {
    BLOCK_LOOP(j, count) {
        T sum = T(0);
        READ_AHEAD for (int b = 0; b < int(batch); ++b) sum += rows[b * int(padded) + j];
        out[j] = sum;
    }
}

// out[i] = the sum over the groups of partials[group, i], i < count, which can be negative: then nothing.
template <typename T>
DEVICE void add_groups(int64_t count, int64_t groups, int64_t stride, const T* partials, T* out) {
    BLOCK_LOOP(i, count) {
        T sum = partials[i];
        READ_AHEAD for (int group = 1; group < int(groups); ++group) sum += partials[group * stride + i];
        out[i] = sum;
    }
}

template <typename T>
DEVICE void add_loss(const Batch& batch, const T* loss, T* loss_sum) {
    BLOCK_LOOP(i, 1) {
        T total = T(0);
        READ_AHEAD for (int b = 0; b < int(batch.size); ++b) total += loss[b];
        *loss_sum += T(batch.loss_scale) * total;
    }
}

}  // namespace figure1
