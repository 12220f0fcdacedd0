// Philox 4x32-10 (Salmon, Moraes, Dror, Shaw, SC'11): a counter-based generator. Word w of a stream is a function of
// (seed, stream, w) alone, so the numbers are the same on every device, grid and thread count.
#pragma once

#include "device.cuh"

struct PhiloxBlock {
    uint32_t word[4];
};

DEVICE PhiloxBlock philox(uint64_t counter, uint64_t stream, uint64_t seed) {
    uint32_t c0 = uint32_t(counter), c1 = uint32_t(counter >> 32), c2 = uint32_t(stream), c3 = uint32_t(stream >> 32);
    uint32_t k0 = uint32_t(seed), k1 = uint32_t(seed >> 32);
    for (int round = 0; round < 10; ++round) {
        const uint64_t a = uint64_t(0xD2511F53u) * c0, b = uint64_t(0xCD9E8D57u) * c2;
        c0 = uint32_t(b >> 32) ^ c1 ^ k0;
        c1 = uint32_t(b);
        c2 = uint32_t(a >> 32) ^ c3 ^ k1;
        c3 = uint32_t(a);
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    return {{c0, c1, c2, c3}};
}

// A place in the random numbers, as the host knows it and as a generator keeps it in device memory.
struct RandomPlace {
    uint64_t seed, stream, offset;
};

// The place to draw from: a generator's present one, which a recorded step finds moved on at every replay, else the host's.
DEVICE RandomPlace random_place(const RandomPlace& given, const RandomPlace* generator) {
    return generator != nullptr ? *generator : given;
}

// The 64 random bits of draw i of the stream.
DEVICE uint64_t philox_bits(uint64_t i, uint64_t stream, uint64_t seed) {
    const PhiloxBlock block = philox(i / 2, stream, seed);
    const uint64_t high = i % 2 == 0 ? block.word[0] : block.word[2], low = i % 2 == 0 ? block.word[1] : block.word[3];
    return high << 32 | low;
}

// Draw i of the stream, uniform in the open interval (0, 1): 52 random bits and a final half step.
DEVICE double philox_uniform(uint64_t i, uint64_t stream, uint64_t seed) {
    return (double(int64_t(philox_bits(i, stream, seed) >> 12)) + 0.5) * 0x1p-52;
}
