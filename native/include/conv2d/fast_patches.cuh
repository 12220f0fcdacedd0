// Patches on the fast device: the values that a few neighbouring positions read, depth after depth, packed into vectors.
#pragma once

#include "conv2d/correlation.cuh"
#include "simd.h"

namespace conv2d {

using simd::lanes;
template <typename T>
using Vector = simd::Vector<T>;

// Lanes [first, first + count) of a vector stand for neighbouring positions (i, j), (i, j + 1), ... of one image.
struct Run {
    int64_t source, i, j;
    int first, count;
};

// Those of `mask`'s lanes read source[offset + lane * step_w].
struct Piece {
    int64_t offset;
    unsigned mask;
};

// The positions of one vector, and the pieces of the source that they read at one tap.
template <typename T>
class VectorOfPositions {
public:
    VectorOfPositions(const Correlation& z, int64_t first, int64_t count) : z_(z) {
        for (int lane = 0; lane < lanes<T> && lane < count; lane += runs_[run_count_++].count) {
            const int64_t g = first + lane, n = g / z.grid_area(), i = g / z.grid_w % z.grid_h, j = g % z.grid_w;
            const int64_t left = count - lane < lanes<T> - lane ? count - lane : lanes<T> - lane;
            const int64_t width = z.grid_w - j < left ? z.grid_w - j : left;
            runs_[run_count_] = {n * z.channels * z.source_h * z.source_w, i, j, lane, int(width)};
        }
    }

    // For the channels c of [begin, end): target[(c - begin) * channel_stride] = what the positions read of channel c at tap (a, b).
    void pack(const T* source, int64_t a, int64_t b, int64_t begin, int64_t end, T* target, int64_t channel_stride) {
        find_pieces(a, b);
        const int64_t plane = z_.source_h * z_.source_w;
        constexpr unsigned all = (1u << lanes<T>) - 1;
        const bool whole = piece_count_ == 1 && pieces_[0].mask == all && z_.step_w == 1;
        for (int64_t c = begin; c < end; ++c) {
            const T* x = source + c * plane;
            simd::store(target + (c - begin) * channel_stride, whole ? simd::load(x + pieces_[0].offset) : read(x));
        }
    }

private:
    void find_pieces(int64_t a, int64_t b) {
        piece_count_ = 0;
        for (int r = 0; r < run_count_; ++r) {
            const Run& run = runs_[r];
            const int64_t h = run.i * z_.step_h + z_.first_h + a * z_.sign, w = run.j * z_.step_w + z_.first_w + b * z_.sign;
            if (h < 0 || h >= z_.source_h) continue;
            unsigned mask = 0;
            for (int l = 0; l < run.count; ++l) {
                const int64_t column = w + l * z_.step_w;
                mask |= unsigned(column >= 0 && column < z_.source_w) << (run.first + l);
            }
            add({run.source + h * z_.source_w + w - run.first * z_.step_w, mask});
        }
    }

    void add(Piece piece) {
        if (piece.mask == 0) return;
        if (piece_count_ > 0 && pieces_[piece_count_ - 1].offset == piece.offset) pieces_[piece_count_ - 1].mask |= piece.mask;
        else pieces_[piece_count_++] = piece;
    }

    Vector<T> read(const T* x) const {
        Vector<T> v = {};
        for (int p = 0; p < piece_count_; ++p) {
            const Piece& piece = pieces_[p];
            if (z_.step_w == 1) {
                v = simd::load_lanes(x + piece.offset, piece.mask, v);
            } else {
                for (int l = 0; l < lanes<T>; ++l) {
                    if (piece.mask >> l & 1) v[l] = x[piece.offset + l * z_.step_w];
                }
            }
        }
        return v;
    }

    const Correlation& z_;
    Run runs_[lanes<T>];
    Piece pieces_[lanes<T>];
    int run_count_ = 0, piece_count_ = 0;
};

// target[(d - begin) * stride + lane] = patch(d, first + lane) for the depths d of [begin, end); lanes from count on are 0.
template <typename T>
void pack_patches(const Correlation& z, const T* source, int64_t first, int64_t count, int64_t begin, int64_t end, T* target,
                  int64_t stride) {
    VectorOfPositions<T> positions(z, first, count);
    const int64_t taps = z.taps();
    for (int64_t tap = 0; tap < taps; ++tap) {
        const int64_t from = begin > tap ? (begin - tap + taps - 1) / taps : 0, past = end > tap ? (end - tap + taps - 1) / taps : 0;
        if (from == past) continue;
        T* channel = target + (from * taps + tap - begin) * stride;
        positions.pack(source, tap / z.taps_w, tap % z.taps_w, from, past, channel, taps * stride);
    }
}

}  // namespace conv2d
