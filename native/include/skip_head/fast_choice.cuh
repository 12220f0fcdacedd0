// Chosen elements of a row on the fast device: taken out side by side, and put or added back. Where at least every eighth element is
// chosen and the host has the instructions, a vector of the row is compressed or expanded at a time, so that memory is read and
// written in runs; else element by element. Nothing is computed but the sum of `add`, so both ways have the same bits.
#pragma once

#include "simd.h"

namespace skip_head {

// At most `most` elements at rising positions. Arrays of them need room for `spare` more.
template <typename T, int64_t most>
class Choice {
public:
    static constexpr int64_t spare = simd::lanes<T>;

    DEVICE void set(const int32_t* positions, int64_t count) {
        positions_ = positions, count_ = count;
#if defined(__AVX512F__)
        const int64_t run = positions[count - 1] - positions[0] + 1;
        words_ = run <= sparsest * count ? (run + width - 1) / width : 0;
        for (int64_t w = 0; w < words_; ++w) masks_[w] = 0;
        for (int64_t k = 0; words_ > 0 && k < count; ++k) {
            const int64_t place = positions[k] - positions[0];
            masks_[place / width] |= uint16_t(1u << place % width);
        }
#endif
    }

    // chosen[k] = row[positions[k]]
    DEVICE void take(const T* row, T* chosen) const {
        if (words_ == 0) {
            for (int64_t k = 0; k < count_; ++k) chosen[k] = row[positions_[k]];
            return;
        }
        const T* from = row + positions_[0];
        for (int64_t w = 0; w < words_; ++w, from += width) {
            simd::store(chosen, simd::compress(masks_[w], simd::load_lanes(from, masks_[w], none)));
            chosen += __builtin_popcount(masks_[w]);
        }
    }

    // row[positions[k]] += given[k]
    DEVICE void add(const T* given, T* row) const {
        if (words_ == 0) {
            for (int64_t k = 0; k < count_; ++k) row[positions_[k]] += given[k];
            return;
        }
        T* to = row + positions_[0];
        for (int64_t w = 0; w < words_; ++w, to += width) {
            const auto share = simd::expand(masks_[w], simd::load(given));
            simd::store_lanes(to, masks_[w], simd::load_lanes(to, masks_[w], none) + share);
            given += __builtin_popcount(masks_[w]);
        }
    }

    // row[positions[k]] = given[k], and 0 for the others from begin to end, between which the positions lie.
    DEVICE void put(const T* given, T* row, int64_t begin, int64_t end) const {
        if (words_ == 0) {
            for (int64_t i = begin; i < end; ++i) row[i] = T(0);
            for (int64_t k = 0; k < count_; ++k) row[positions_[k]] = given[k];
            return;
        }
        int64_t at = positions_[0];
        for (int64_t i = begin; i < at; ++i) row[i] = T(0);
        for (int64_t w = 0; w < words_; ++w, at += width) {
            const unsigned room = end - at < width ? (1u << (end - at)) - 1 : simd::all_lanes<T>;
            simd::store_lanes(row + at, room, simd::expand(masks_[w], simd::load(given)));
            given += __builtin_popcount(masks_[w]);
        }
        for (int64_t i = at; i < end; ++i) row[i] = T(0);
    }

private:
    static constexpr int64_t width = simd::lanes<T>, sparsest = 8;
    static constexpr simd::Vector<T> none = {};
    const int32_t* positions_ = nullptr;
    int64_t count_ = 0, words_ = 0;
    uint16_t masks_[sparsest * most / width + 1];
};

}  // namespace skip_head
