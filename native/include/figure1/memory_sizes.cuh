// How much memory a block of figure1_gradient needs beside what all blocks share: the sizes of the layouts Scratch (fast_host.cuh) and
// BlockMemory (block_memory.cuh). The host asks for them by the kernel figure1_memory.
#pragma once

#include "figure1/layout.cuh"

namespace figure1 {

// Of a worker of the fast device, for a group of images: numbers, and bytes.
DEVICE int64_t worker_numbers(int64_t channels, int64_t group) {
    const int64_t weights = channels * (taps1 + 1 + taps2 * filters2_padded + taps2 * filters2) + filters2_padded;
    const int64_t output = hidden * classes_padded + classes * hidden_padded;
    const int64_t sums = channels * (taps1 + 1 + taps2 * filters2) + filters2_padded;
    return weights + output + sums + group * (image_area + windows1 * channels + features) + windows1 * channels;
}
DEVICE int64_t worker_bytes(int64_t channels, int64_t group) { return group * (windows1 * channels + features); }

// Of a block of threads. Nine taps of layer 1, the bias, and two for the alignment.
constexpr int conv1_stride = 12;
// Gradients of layer 2 before the activation, zero but where a window was largest: 12 rows between two of zeros.
constexpr int map2_area = (int(map2_side) + 2) * int(map2_side);

// Rows of fc1.weight, so far apart that those of two teams, four rows apart, lie in different banks.
constexpr int fc1_stride = int(features) + 4;

// In bytes, a multiple of 16, without rows of fc1.weight; a place of a largest input of layer 2 is an int32_t.
template <typename T>
DEVICE int64_t block_bytes(int64_t filters) {
    constexpr int64_t fixed = classes * hidden + image_area + features + 2 * hidden_padded + 2 * classes_padded + filters2 * map2_area;
    const int64_t numbers = fixed + filters * (conv1_stride + filters2 * taps2 + windows1);
    return (numbers * int64_t(sizeof(T)) + features * int64_t(sizeof(int32_t)) + filters * windows1 + 15) / 16 * 16;
}

}  // namespace figure1
