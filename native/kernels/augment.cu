// Random crops and flips of images in device memory, by index arithmetic: no padded image is made.
//   random_crops   the choices for a mini-batch: crops[i] = {sample, dy, dx, flip}
//   crop_flip      y[i, c, h, w] = x[sample, c, h + dy - pad, w' + dx - pad] / 255, w' = w or W - 1 - w; 0 outside the image
#include "device.cuh"
#include "math.cuh"
#include "philox.cuh"

struct CropDraws {
    uint64_t seed, stream;
    int64_t count, length, pad, flip;
};

// A whole number in [0, end) from 32 random bits; each is as likely as any other up to end / 2^32.
DEVICE int32_t below(uint32_t word, int64_t end) { return int32_t(uint64_t(word) * uint64_t(end) >> 32); }

// The choices for a sample depend on (seed, epoch, sample) alone: not on its place in the order, nor on the batch size.
KERNEL(augment_random_crops_i32, (CropDraws z, const int32_t* order, const int32_t* cursor, const int32_t* epoch, int32_t* crops)) {
    GRID_LOOP(i, z.count) {
        const int32_t sample = order[(*cursor + i) % z.length];
        const PhiloxBlock random = philox(uint64_t(uint32_t(sample)), z.stream + uint64_t(uint32_t(*epoch)), z.seed);
        crops[4 * i] = sample;
        crops[4 * i + 1] = below(random.word[0], 2 * z.pad + 1);
        crops[4 * i + 2] = below(random.word[1], 2 * z.pad + 1);
        crops[4 * i + 3] = z.flip != 0 ? below(random.word[2], 2) : 0;
    }
}

struct CropSize {
    int64_t samples, channels, height, width, count, pad;
};

// A sample that is none of x's gives NaN: the host cannot check choices that are made on the device.
template <typename T>
DEVICE void crop_flip(const CropSize& z, const uint8_t* RESTRICT x, const int32_t* RESTRICT crops, T* RESTRICT y) {
    const T scale = T(1.0 / 255.0), nan = math::detail::from_bits(math::detail::Format<T>::nan);
    GRID_ROWS(row, z.count * z.channels * z.height, z.width) {
        const int64_t plane = row / z.height, i = plane / z.channels, c = plane - i * z.channels;
        const int64_t sample = crops[4 * i], h = row - plane * z.height + crops[4 * i + 1] - z.pad;
        const bool known = sample >= 0 && sample < z.samples, seen = known && h >= 0 && h < z.height;
        const int64_t step = crops[4 * i + 3] != 0 ? -1 : 1;
        const int64_t first = crops[4 * i + 2] - z.pad + (step < 0 ? z.width - 1 : 0);
        const uint8_t* source = x + (seen ? ((sample * z.channels + c) * z.height + h) * z.width : 0);
        GRID_COLUMNS(w, row) {
            const int64_t column = first + step * w;
            const bool inside = seen && column >= 0 && column < z.width;
            y[row * z.width + w] = inside ? T(source[column]) * scale : known ? T(0) : nan;
        }
    }
}

#define CROP_FLIP(T, suffix)                                                                                       \
    KERNEL(augment_crop_flip_##suffix, (CropSize size, const uint8_t* x, const int32_t* crops, T* y)) {            \
        crop_flip(size, x, crops, y);                                                                              \
    }
FOR_FLOAT_TYPES(CROP_FLIP)
