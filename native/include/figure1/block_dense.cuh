// The dense layers of one image for the threads of a block. No function waits for the others' results: block_step.cuh has the
// barriers. Weights of fc1 are read where they lie, side by side by neighbouring threads.
#pragma once

#include "figure1/block_memory.cuh"

namespace figure1 {

// Lanes that share a dot product: each has one of its partial sums.
constexpr int team = int(partial_sums);

// Four neurons for a team of 16 lanes, which read 16 weights of a row at once. Lane n ends with the sum of neuron n. The rows are
// `apart` words apart; pointers walk, so that the addresses of an unrolled step differ by constants.
template <int apart, typename T>
DEVICE T dot_in_team(const T* weights, const T* in) {
    constexpr int own = 4, unrolled = 9;
    const int lane = int(threadIdx.x) % team;
    T sum[own] = {};
    weights += lane;
    in += lane;
    for (int e = 0; e < features; e += unrolled * team, weights += unrolled * team, in += unrolled * team) {
        IN_REGISTERS for (int i = 0; i < unrolled * team; i += team) {
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

template <typename T>
DEVICE void third_layer(const T* weights, const T* bias, const BlockMemory<T>& m, T* out) {
    constexpr int own = 4;
    const int lane = int(threadIdx.x) % team, teams = int(blockDim.x) / team;
    // Threads that make no full team have nothing to do.
    const int begin = int(threadIdx.x) / team < teams ? int(threadIdx.x) / team * own : int(hidden);
    for (int j = begin; j < hidden; j += teams * own) {
        const T sum = dot_in_team<int(features)>(weights + j * int(features), m.features);
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

// Two features for a thread, so that 360 threads read two rows' words in every step.
template <typename T>
DEVICE void feature_gradient(const T* weights, const BlockMemory<T>& m) {
    constexpr int own = 2, apart = int(features) / own;
    THREAD_LOOP(first, apart) {
        T sum[own] = {};
        READ_AHEAD for (int j = 0; j < hidden; ++j) {
            IN_REGISTERS for (int n = 0; n < own; ++n)
                sum[n] = fma(m.d_hidden[j], weights[j * int(features) + first + n * apart], sum[n]);
        }
        IN_REGISTERS for (int n = 0; n < own; ++n) {
            const int e = first + n * apart;
            const T y = m.features[e], d_z = sum[n] * (y * (T(1) - y));
            m.features[e] = d_z;
            m.d_map2[e / int(windows2) * map2_area + int(map2_side) + m.largest2[e].in_map()] = d_z;
        }
    }
}

}  // namespace figure1
