// Vectors of the host's widest useful registers, for kernel bodies written for the fast device alone. Arithmetic, comparison
// and ?: are g++'s own for vector types; here is what they lack. Every operation rounds as its scalar counterpart does.
#pragma once

#include <cstdint>
#include <cstring>

#if defined(__AVX512F__) || defined(__FMA__)
#include <immintrin.h>
#endif

namespace simd {

#if defined(__AVX512F__)
constexpr int bytes = 64;
#elif defined(__FMA__)
constexpr int bytes = 32;
#else
constexpr int bytes = 16;
#endif

template <typename T>
constexpr int lanes = bytes / int(sizeof(T));

template <typename T>
struct Types {
    typedef T Vector __attribute__((vector_size(bytes)));
    typedef uint8_t Bytes __attribute__((vector_size(bytes / sizeof(T))));
};
template <typename T>
using Vector = typename Types<T>::Vector;

template <typename T>
inline __attribute__((always_inline)) Vector<T> load(const T* source) {
    Vector<T> v;
    std::memcpy(&v, source, sizeof v);
    return v;
}

template <typename T>
inline __attribute__((always_inline)) void store(T* target, Vector<T> v) {
    std::memcpy(target, &v, sizeof v);
}

template <typename T>
inline __attribute__((always_inline)) Vector<T> broadcast(T x) {
    return x - Vector<T>{};  // exact for -0 and NaN too; g++ makes it one instruction
}

#if defined(__AVX512F__)
inline __attribute__((always_inline)) Vector<float> fma(Vector<float> a, Vector<float> b, Vector<float> c) {
    return Vector<float>(_mm512_fmadd_ps(__m512(a), __m512(b), __m512(c)));
}
inline __attribute__((always_inline)) Vector<double> fma(Vector<double> a, Vector<double> b, Vector<double> c) {
    return Vector<double>(_mm512_fmadd_pd(__m512d(a), __m512d(b), __m512d(c)));
}
#elif defined(__FMA__)
inline __attribute__((always_inline)) Vector<float> fma(Vector<float> a, Vector<float> b, Vector<float> c) {
    return Vector<float>(_mm256_fmadd_ps(__m256(a), __m256(b), __m256(c)));
}
inline __attribute__((always_inline)) Vector<double> fma(Vector<double> a, Vector<double> b, Vector<double> c) {
    return Vector<double>(_mm256_fmadd_pd(__m256d(a), __m256d(b), __m256d(c)));
}
#else
template <typename V>
inline __attribute__((always_inline)) V fma(V a, V b, V c) {
    V result;
    for (int i = 0; i < int(sizeof(V) / sizeof a[0]); ++i) {
        if constexpr (sizeof a[0] == sizeof(float)) result[i] = __builtin_fmaf(a[i], b[i], c[i]);
        else result[i] = __builtin_fma(a[i], b[i], c[i]);
    }
    return result;
}
#endif

template <typename T>
constexpr unsigned all_lanes = (1u << lanes<T>) - 1;

// Lanes 0, 2, 4, ... of a, then those of b.
template <typename T>
inline __attribute__((always_inline)) Vector<T> even_lanes(Vector<T> a, Vector<T> b) {
    decltype(a < b) places;
    for (int l = 0; l < lanes<T>; ++l) places[l] = 2 * l;
    return __builtin_shuffle(a, b, places);
}

// a0 b0 a1 b1 ... of the lower, or of the upper, half of the lanes.
template <typename T>
inline __attribute__((always_inline)) Vector<T> interleave_low(Vector<T> a, Vector<T> b) {
    decltype(a < b) places;
    for (int l = 0; l < lanes<T>; ++l) places[l] = l / 2 + l % 2 * lanes<T>;
    return __builtin_shuffle(a, b, places);
}
template <typename T>
inline __attribute__((always_inline)) Vector<T> interleave_high(Vector<T> a, Vector<T> b) {
    decltype(a < b) places;
    for (int l = 0; l < lanes<T>; ++l) places[l] = lanes<T> / 2 + l / 2 + l % 2 * lanes<T>;
    return __builtin_shuffle(a, b, places);
}

// The square matrix of which v[i] is row i, transposed: rows half a matrix apart are interleaved, as often as it can be halved.
template <typename T>
inline __attribute__((always_inline)) void transpose(Vector<T> (&v)[lanes<T>]) {
#pragma GCC unroll 4
    for (int done = 1; done < lanes<T>; done *= 2) {
        Vector<T> next[lanes<T>];
#pragma GCC unroll 16
        for (int i = 0; i < lanes<T> / 2; ++i) {
            next[2 * i] = interleave_low<T>(v[i], v[i + lanes<T> / 2]);
            next[2 * i + 1] = interleave_high<T>(v[i], v[i + lanes<T> / 2]);
        }
#pragma GCC unroll 16
        for (int i = 0; i < lanes<T>; ++i) v[i] = next[i];
    }
}

// Registers of vectors that a tile of accumulators may use.
#if defined(__AVX512F__)
constexpr int registers = 32;
#else
constexpr int registers = 16;
#endif

// The lanes whose bits are set in `mask` from source[lane], which no other lane touches; the others from `rest`.
#if defined(__AVX512F__)
inline __attribute__((always_inline)) Vector<float> load_lanes(const float* source, unsigned mask, Vector<float> rest) {
    return Vector<float>(_mm512_mask_loadu_ps(__m512(rest), __mmask16(mask), source));
}
inline __attribute__((always_inline)) Vector<double> load_lanes(const double* source, unsigned mask, Vector<double> rest) {
    return Vector<double>(_mm512_mask_loadu_pd(__m512d(rest), __mmask8(mask), source));
}
// target[lane] = v[lane] for the lanes whose bits are set in `mask`; no other is touched.
inline __attribute__((always_inline)) void store_lanes(float* target, unsigned mask, Vector<float> v) {
    _mm512_mask_storeu_ps(target, __mmask16(mask), __m512(v));
}
inline __attribute__((always_inline)) void store_lanes(double* target, unsigned mask, Vector<double> v) {
    _mm512_mask_storeu_pd(target, __mmask8(mask), __m512d(v));
}
#else
template <typename T>
inline __attribute__((always_inline)) void store_lanes(T* target, unsigned mask, Vector<T> v) {
    for (int l = 0; l < lanes<T>; ++l) {
        if (mask >> l & 1) target[l] = v[l];
    }
}
template <typename T>
inline __attribute__((always_inline)) Vector<T> load_lanes(const T* source, unsigned mask, Vector<T> rest) {
    for (int l = 0; l < lanes<T>; ++l) {
        if (mask >> l & 1) rest[l] = source[l];
    }
    return rest;
}
#endif

// v[b][l] = source[offset[l] + b] where bit b of mask[l] is set, which alone is read, 0 elsewhere: short rows, one for each lane, transposed.
template <typename T, int width>
inline __attribute__((always_inline)) void load_rows(const T* source, const int64_t* offset, const uint16_t* mask, Vector<T> (&v)[width]) {
    T values[width][lanes<T>] = {};
    for (int l = 0; l < lanes<T>; ++l) {
        for (int b = 0; b < width; ++b) {
            if (mask[l] >> b & 1) values[b][l] = source[offset[l] + b];
        }
    }
    for (int b = 0; b < width; ++b) v[b] = load(values[b]);
}
#if defined(__AVX512F__)
// A register takes the rows of two lanes, four apart, which are transposed in squares of 4 x 4.
template <int width>
inline __attribute__((always_inline)) void load_rows(const float* source, const int64_t* offset, const uint16_t* mask, Vector<float> (&v)[width]) {
    static_assert(width <= 8);
    using Places = decltype(Vector<float>{} < Vector<float>{});
    constexpr Places low_pairs = {0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29}, high_pairs = low_pairs + 2;
    constexpr Places low_fours = {0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29}, high_fours = low_fours + 2;
    constexpr Places left = {0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27}, right = left + 4;
    Vector<float> columns[2][4];
#pragma GCC unroll 2
    for (int q = 0; q < 2; ++q) {
        Vector<float> row[4];
#pragma GCC unroll 4
        for (int i = 0; i < 4; ++i) {
            const int low = 8 * q + i, high = low + 4;
            row[i] = load_lanes(source + offset[low], mask[low], Vector<float>{});
            row[i] = load_lanes(source + offset[high] - 8, unsigned(mask[high]) << 8, row[i]);
        }
        const Vector<float> a = __builtin_shuffle(row[0], row[1], low_pairs), b = __builtin_shuffle(row[2], row[3], low_pairs);
        const Vector<float> c = __builtin_shuffle(row[0], row[1], high_pairs), d = __builtin_shuffle(row[2], row[3], high_pairs);
        columns[q][0] = __builtin_shuffle(a, b, low_fours), columns[q][1] = __builtin_shuffle(a, b, high_fours);
        columns[q][2] = __builtin_shuffle(c, d, low_fours), columns[q][3] = __builtin_shuffle(c, d, high_fours);
    }
#pragma GCC unroll 8
    for (int b = 0; b < width; ++b) v[b] = __builtin_shuffle(columns[0][b % 4], columns[1][b % 4], b < 4 ? left : right);
}
#endif

// The lanes of v whose bits are set in `mask` moved together to the first ones (what follows them is 0), and the first lanes moved to
// where bits are set (0 elsewhere).
#if defined(__AVX512F__)
inline __attribute__((always_inline)) Vector<float> compress(unsigned mask, Vector<float> v) {
    return Vector<float>(_mm512_maskz_compress_ps(__mmask16(mask), __m512(v)));
}
inline __attribute__((always_inline)) Vector<double> compress(unsigned mask, Vector<double> v) {
    return Vector<double>(_mm512_maskz_compress_pd(__mmask8(mask), __m512d(v)));
}
inline __attribute__((always_inline)) Vector<float> expand(unsigned mask, Vector<float> v) {
    return Vector<float>(_mm512_maskz_expand_ps(__mmask16(mask), __m512(v)));
}
inline __attribute__((always_inline)) Vector<double> expand(unsigned mask, Vector<double> v) {
    return Vector<double>(_mm512_maskz_expand_pd(__mmask8(mask), __m512d(v)));
}
#else
template <typename V>
inline __attribute__((always_inline)) V compress(unsigned mask, V v) {
    V result = {};
    for (int l = 0, next = 0; l < int(sizeof v / sizeof v[0]); ++l) {
        if (mask >> l & 1) result[next++] = v[l];
    }
    return result;
}
template <typename V>
inline __attribute__((always_inline)) V expand(unsigned mask, V v) {
    V result = {};
    for (int l = 0, next = 0; l < int(sizeof v / sizeof v[0]); ++l) {
        if (mask >> l & 1) result[l] = v[next++];
    }
    return result;
}
#endif

// Small whole numbers kept in bytes, one per lane of T.
template <typename T, typename Mask>
inline __attribute__((always_inline)) void store_bytes(uint8_t* target, Mask numbers) {
    const auto small = __builtin_convertvector(numbers, typename Types<T>::Bytes);
    std::memcpy(target, &small, sizeof small);
}

// mask[l] = all ones where bytes[l] == number.
template <typename T>
inline __attribute__((always_inline)) auto bytes_equal(const uint8_t* source, int number) {
    typename Types<T>::Bytes small;
    std::memcpy(&small, source, sizeof small);
    using Mask = decltype(Vector<T>{} < Vector<T>{});
    return __builtin_convertvector(small, Mask) == number;
}

}  // namespace simd
