// The fused step's layers on the fast device: one thread, vectors whose lanes are channels, filters or neurons, and tiles of
// accumulators that fit the registers. Every sum runs in the order of block_threads.cuh, so both give the same bits.
// fast_convolutions.cuh and fast_dense.cuh have the layers; here is what both need.
#pragma once

#include "figure1/layout.cuh"
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
