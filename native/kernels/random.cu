// Random fills by Philox. Every draw is computed in double and rounded to the tensor's type, one counter word pair each;
// normal and truncated normal go through the inverse distribution function, so no draw is ever rejected.
#include "device.cuh"
#include "math.cuh"
#include "philox.cuh"

// Element i of y is draw offset + i of (seed, stream), scaled: y = scale * draw + shift.
struct ScaledDraws {
    RandomPlace place;
    double scale, shift;
};

struct Uniform {
    static DEVICE double draw(double u) { return u; }
};

struct Normal {
    static DEVICE double draw(double u) { return math::inverse_normal_cdf(u); }
};

// The normal distribution cut off at two standard deviations: u is squeezed into [cdf(-2), cdf(2)].
struct TruncatedNormal {
    static DEVICE double draw(double u) {
        const double tail = 0.022750131948179195;
        return math::inverse_normal_cdf(tail + u * (1.0 - 2.0 * tail));
    }
};

template <typename Distribution, typename T>
DEVICE void draw(const ScaledDraws& s, const RandomPlace* generator, int64_t count, T* y) {
    const RandomPlace from = random_place(s.place, generator);
    GRID_LOOP(i, count) {
        const double u = philox_uniform(from.offset + uint64_t(i), from.stream, from.seed);
        y[i] = T(s.scale * Distribution::draw(u) + s.shift);
    }
}

// After its draws a generator moves on, in a launch of its own: no thread may do it while others still read the place.
KERNEL(random_advance, (int64_t draws, RandomPlace* generator)) {
    GRID_LOOP(i, 1) generator->offset += uint64_t(draws);
}

#define RANDOM(name, Distribution, T, suffix)                                                                      \
    KERNEL(random_##name##_##suffix, (ScaledDraws draws, const RandomPlace* generator, int64_t count, T* y)) {     \
        draw<Distribution>(draws, generator, count, y);                                                            \
    }
#define RANDOM_ALL(T, suffix)                                                                                      \
    RANDOM(uniform, Uniform, T, suffix)                                                                            \
    RANDOM(normal, Normal, T, suffix)                                                                              \
    RANDOM(truncated_normal, TruncatedNormal, T, suffix)
FOR_FLOAT_TYPES(RANDOM_ALL)
