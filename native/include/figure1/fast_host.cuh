// The fused step's layers on the fast device: one thread, vectors whose lanes are channels, filters or neurons, and tiles of
// accumulators that fit the registers. Every sum runs in the order of block_convolutions.cuh and block_dense.cuh, so both give the same bits.
// fast_convolutions.cuh and fast_dense.cuh have the layers; here is what both need.
#pragma once

#include "figure1/memory_sizes.cuh"
#include "math.cuh"
#include "simd.h"

// Tiles of accumulators stay in registers only if the loops over them are unrolled.
#define UNROLLED _Pragma("GCC unroll 16")

// A function per layer, so that a profile shows which one takes the time.
#define LAYER __attribute__((noinline)) void

namespace figure1 {

using simd::broadcast;
using simd::lanes;
using simd::load;
using simd::store;
template <typename T>
using Vector = simd::Vector<T>;

// The memory of one worker, worker_numbers numbers and worker_bytes bytes: weights repacked with the channel innermost, the activations
// of a group, sums of gradients.
template <typename T>
struct Scratch {
    T *conv1, *conv1_bias, *conv2_forward, *conv2_bias, *conv2_backward, *fc2_by_input, *fc2_by_output;
    T *d_conv1, *d_conv1_bias, *d_conv2, *d_conv2_bias;
    T *image, *pooled1, *d_pooled1, *d_features;
    uint8_t *largest1, *largest2;

    DEVICE Scratch(T* memory, uint8_t* bytes, int64_t channels, int64_t group) {
        conv1 = memory;                                                   // [9, C]
        conv1_bias = conv1 + taps1 * channels;                            // [C]
        conv2_forward = conv1_bias + channels;                            // [C, 4, 32]
        conv2_bias = conv2_forward + channels * taps2 * filters2_padded;  // [32]
        conv2_backward = conv2_bias + filters2_padded;                    // [20, 4, C]
        fc2_by_input = conv2_backward + filters2 * taps2 * channels;      // [100, 16]
        fc2_by_output = fc2_by_input + hidden * classes_padded;           // [10, 112]
        d_conv1 = fc2_by_output + classes * hidden_padded;                // [9, C]
        d_conv1_bias = d_conv1 + taps1 * channels;                        // [C]
        d_conv2 = d_conv1_bias + channels;                                // [20, 4, C]
        d_conv2_bias = d_conv2 + filters2 * taps2 * channels;             // [32]
        image = d_conv2_bias + filters2_padded;                           // [group, 784]
        pooled1 = image + group * image_area;                             // [group, 169, C]
        d_pooled1 = pooled1 + group * windows1 * channels;                // [169, C]
        d_features = d_pooled1 + windows1 * channels;                     // [group, 720]
        largest1 = bytes;                                                 // [group, 169, C]
        largest2 = largest1 + group * windows1 * channels;                // [group, 720]
    }
};

// The largest of four and where it is, the first one if several are equal; NaN if any is NaN.
template <typename T>
DEVICE Vector<T> largest_of_four(const Vector<T>* z, uint8_t* where) {
    auto corner = z[1] > z[0];
    Vector<T> largest = corner ? z[1] : z[0];
    corner &= 1;
    for (int i = 2; i < 4; ++i) {
        const auto larger = z[i] > largest;
        largest = larger ? z[i] : largest;
        corner = larger ? i : corner;
    }
    simd::store_bytes<T>(where, corner);
    const auto ordered = (z[0] == z[0]) & (z[1] == z[1]) & (z[2] == z[2]) & (z[3] == z[3]);
    return ordered ? largest : z[0] + z[1] + z[2] + z[3];
}

template <typename T>
LAYER apply_sigmoid(int64_t count, T* z) {
    LOOP_IS_PARALLEL
    for (int64_t i = 0; i < count; ++i) z[i] = math::sigmoid(z[i]);
}

}  // namespace figure1
