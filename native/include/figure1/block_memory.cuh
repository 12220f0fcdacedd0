// What a block holds of one image and its network: in shared memory where the device has as much, else in global scratch.
// Maps of layer 1 lie channel after channel. In a row the seven even columns go before the six odd ones: threads on neighbouring
// windows, which are two columns apart, then read neighbouring words, and threads on neighbouring channels 169 words, an odd number.
#pragma once

#include "figure1/memory_sizes.cuh"
#include "math.cuh"

// Arrays stay in registers only if the loops over them are unrolled.
#define IN_REGISTERS _Pragma("unroll")
// As many steps of a loop have their reads of global memory under way at once.
#define READ_AHEAD _Pragma("unroll 16")
// As BLOCK_LOOP, with 32-bit indices.
#define THREAD_LOOP(i, count) for (int i = int(threadIdx.x); i < int(count); i += int(blockDim.x))

namespace figure1 {

using math::detail::fma;

DEVICE int place1(int y, int x) { return y * int(pooled1_side) + x % 2 * 7 + x / 2; }

// Four numbers that lie side by side at a multiple of 16 bytes. (Compilers load a structure of that alignment at once; of a memcpy
// from a pointer that walks, or to global memory, nvcc 11.8 makes sixteen loads of a byte.)
template <typename T>
struct alignas(16) Four {
    T v[4];

    static DEVICE const Four& load(const T* from) { return *reinterpret_cast<const Four*>(from); }
};

// Where a window of layer 2 was largest: its first two inputs and its place in the 12 x 12 map, in one word.
struct Largest {
    int32_t word;

    static DEVICE Largest of(int window, int corner) {
        const int y = int(corner_row(window, corner)), x = int(corner_column(window, corner));
        return {place1(y, x) | (y * int(map2_side) + x) << 8 | place1(y, x + 1) << 16};
    }
    DEVICE int left() const { return word & 255; }
    DEVICE int in_map() const { return word >> 8 & 255; }
    DEVICE int right() const { return word >> 16; }
};

// Of block_bytes<T>(filters), and of the rows of fc1.weight that are held.
template <typename T>
struct BlockMemory {
    T *fc1, *conv1, *conv2, *fc2, *image, *features, *hidden, *d_hidden, *d_output, *differences, *d_map2, *pooled1;
    Largest* largest2;
    uint8_t* largest1;

    DEVICE BlockMemory(unsigned char* memory, int filters, int held) {
        fc1 = reinterpret_cast<T*>(memory);                        // [held, 724], see HeldRows
        conv1 = fc1 + held * fc1_stride;                           // [T1, 12]
        conv2 = conv1 + filters * conv1_stride;                    // [20, T1, 4], as the parameter
        fc2 = conv2 + filters * int(filters2 * taps2);             // [10, 100], as the parameter
        image = fc2 + int(classes * figure1::hidden);                       // [28, 28]
        features = image + int(image_area);                        // [720]; then their gradients before the activation
        hidden = features + int(figure1::features);                      // [100]
        d_hidden = hidden + int(hidden_padded);                    // [100]
        d_output = d_hidden + int(hidden_padded);                  // [10]
        differences = d_output + int(classes_padded);              // [10]
        d_map2 = differences + int(classes_padded);                // [20, 14, 12]
        largest2 = reinterpret_cast<Largest*>(d_map2 + int(filters2) * map2_area);  // [720]
        pooled1 = reinterpret_cast<T*>(largest2 + int(figure1::features));  // [T1, 169]; then their gradients before the activation
        largest1 = reinterpret_cast<uint8_t*>(pooled1 + filters * int(windows1));  // [T1, 169]
    }
};

// The largest of four and where it is, the first one if several are equal; NaN if any is NaN.
template <typename T>
DEVICE T largest_of_four(const T* z, int& corner) {
    T largest = z[0];
    corner = 0;
    IN_REGISTERS for (int i = 1; i < 4; ++i) {
        corner = z[i] > largest ? i : corner;
        largest = z[i] > largest ? z[i] : largest;
    }
    const bool ordered = z[0] == z[0] && z[1] == z[1] && z[2] == z[2] && z[3] == z[3];
    return ordered ? largest : z[0] + z[1] + z[2] + z[3];
}

}  // namespace figure1
