// The dense layers of one image for the threads of a block. No function waits for the others' results: block_step.cuh has the
// barriers. Of fc1's weights the first rows are held in the block's memory, as many as there is room for; the others are read where
// they lie, side by side by neighbouring threads.
#pragma once

#include "async_copy.cuh"
#include "figure1/block_memory.cuh"

namespace figure1 {

// Lanes that share a dot product: each has one of its partial sums.
constexpr int team = int(partial_sums);

// Four neurons for a team of 16 lanes, which read 16 weights of a row at once. Lane n ends with the sum of neuron n. The rows are
// `apart` words apart; pointers walk, so that the addresses of an unrolled step differ by constants.
template <int apart, typename T>
DEVICE T dot_in_team(const T* weights, const T* in) {
    constexpr int own = 4, unrolled = 9 * team;
    const int lane = int(threadIdx.x) % team;
    T sum[own] = {};
    weights += lane;
    in += lane;
    _Pragma("unroll 1") for (int e = 0; e < features; e += unrolled, weights += unrolled, in += unrolled) {
        IN_REGISTERS for (int i = 0; i < unrolled; i += team) {
            IN_REGISTERS for (int n = 0; n < own; ++n) sum[n] = fma(in[i], weights[n * apart + i], sum[n]);
        }
    }
    const unsigned lanes = 0xFFFFu << (threadIdx.x & 16);
    T mine = T(0);
    IN_REGISTERS for (int n = 0; n < own; ++n) {
        for (int width = team / 2; width > 0; width /= 2) sum[n] += __shfl_xor_sync(lanes, sum[n], width, team);
        if (lane == n) mine = sum[n];
    }
    return mine;
}

// fc1.weight [100, 720]: rows below `count` also stand in the block's memory, fc1_stride apart. Copies begin at a multiple of 16
// bytes, up to three numbers before the parameter.
template <typename T>
struct Fc1 {
    static constexpr int in_copy = 16 / int(sizeof(T));

    int count, before;
    const T *weights, *held;

    DEVICE Fc1(int rows, const Network& network, const T* parameters, const BlockMemory<T>& m)
        : count(rows), before(int(network.fc1_weight % in_copy)), weights(parameters + network.fc1_weight),
          held(m.fc1 + before) {}

    // What begins here has ended for a thread after wait_for_copies<0>().
    DEVICE void begin_copies(const BlockMemory<T>& m) const {
        constexpr int copies = fc1_stride / in_copy;
        THREAD_LOOP(i, count * copies) {
            const int row = i / copies, at = i % copies * in_copy;
            async_copy_16(m.fc1 + row * fc1_stride + at, weights - before + row * int(features) + at, true);
        }
        commit_copies();
    }
};

template <typename T>
DEVICE void third_layer(const Fc1<T>& fc1, const T* bias, const BlockMemory<T>& m, T* out) {
    constexpr int own = 4;
    const int lane = int(threadIdx.x) % team, teams = int(blockDim.x) / team;
    // Threads that make no full team have nothing to do.
    const int begin = int(threadIdx.x) / team < teams ? int(threadIdx.x) / team * own : int(hidden);
    for (int j = begin; j < hidden; j += teams * own) {
        const T sum = j < fc1.count ? dot_in_team<fc1_stride>(fc1.held + j * fc1_stride, m.features)
                                    : dot_in_team<int(features)>(fc1.weights + j * int(features), m.features);
        if (lane < own) out[j + lane] = m.hidden[j + lane] = math::sigmoid(sum + bias[j + lane]);
    }
}

template <typename T>
DEVICE void output_layer(T gradient_scale, int label, const T* bias, const BlockMemory<T>& m, T* out) {
    THREAD_LOOP(k, classes) {
        T sum = bias[k];
        _Pragma("unroll 10") for (int j = 0; j < hidden; ++j) sum = fma(m.hidden[j], m.fc2[k * int(hidden) + j], sum);
        m.differences[k] = sum - (label == k ? T(1) : T(0));
        out[k] = m.d_output[k] = m.differences[k] * gradient_scale;
    }
}

// One thread more than neurons: it has the loss.
template <typename T>
DEVICE void hidden_gradient(const BlockMemory<T>& m, T* out, T* loss) {
    THREAD_LOOP(j, hidden + 1) {
        T sum = T(0);
        if (j == hidden) {
            for (int k = 0; k < classes; ++k) sum = fma(m.differences[k], m.differences[k], sum);
            *loss = sum;
        } else {
            IN_REGISTERS for (int k = 0; k < classes; ++k) sum = fma(m.d_output[k], m.fc2[k * int(hidden) + j], sum);
            out[j] = m.d_hidden[j] = sum * (m.hidden[j] * (T(1) - m.hidden[j]));
        }
    }
}

// Features for a thread, and how far apart they are: 360 threads read two rows' words in every step.
constexpr int own_features = 2, features_apart = int(features) / own_features;

// sum[n] += d_hidden[j] weights[j, n] for neurons j of [begin, end), both multiples of 4; 16 rows are read ahead.
template <int apart, typename T>
DEVICE void add_neurons(int begin, int end, const T* d_hidden, const T* weights, T (&sum)[own_features]) {
    _Pragma("unroll 4") for (int j = begin; j < end; j += 4) {
        const Four<T> d = Four<T>::load(d_hidden + j);
        IN_REGISTERS for (int i = 0; i < 4; ++i) {
            IN_REGISTERS for (int n = 0; n < own_features; ++n)
                sum[n] = fma(d.v[i], weights[(j + i) * apart + n * features_apart], sum[n]);
        }
    }
}

template <typename T>
DEVICE void feature_gradient(const Fc1<T>& fc1, const BlockMemory<T>& m) {
    THREAD_LOOP(first, features_apart) {
        T sum[own_features] = {};
        add_neurons<fc1_stride>(0, fc1.count, m.d_hidden, fc1.held + first, sum);
        add_neurons<int(features)>(fc1.count, int(hidden), m.d_hidden, fc1.weights + first, sum);
        IN_REGISTERS for (int n = 0; n < own_features; ++n) {
            const int e = first + n * features_apart;
            const T y = m.features[e], d_z = sum[n] * (y * (T(1) - y));
            m.features[e] = d_z;
            m.d_map2[e / int(windows2) * map2_area + int(map2_side) + m.largest2[e].in_map()] = d_z;
        }
    }
}

}  // namespace figure1
