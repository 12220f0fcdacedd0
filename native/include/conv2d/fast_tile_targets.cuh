// Where tiles leave their results on the fast device, whose lanes are tiles.
#pragma once

#include "conv2d/fast_patches.cuh"

namespace conv2d::winograd {

// y[0], y[1], ... of a lane one after another, lane after lane, for a power of two of them.
template <typename T, int count>
DEVICE void interleave(Vector<T> (&y)[count]) {
    if constexpr (count > 1) {
        Vector<T> even[count / 2], odd[count / 2];
        UNROLLED for (int i = 0; i < count / 2; ++i) even[i] = y[2 * i], odd[i] = y[2 * i + 1];
        interleave<T>(even), interleave<T>(odd);
        UNROLLED for (int i = 0; i < count / 2; ++i) {
            y[2 * i] = simd::interleave_low<T>(even[i], odd[i]), y[2 * i + 1] = simd::interleave_high<T>(even[i], odd[i]);
        }
    }
}

// Where a vector's tiles leave their results, side x side each.
template <int side, typename T>
class TileTargets {
public:
    TileTargets() = default;
    TileTargets(const Correlation& z, const Correlation& tiles, int64_t first, int64_t count) : width_(z.out_w), plane_(z.out_h * z.out_w) {
        for (int64_t lane = 0; lane < count && lane < lanes<T>; ++lane) {
            const int64_t t = first + lane, n = t / tiles.grid_area();
            const int64_t i = t / tiles.grid_w % tiles.grid_h * side + z.out_first_h, j = t % tiles.grid_w * side + z.out_first_w;
            const int64_t offset = (n * z.rows * z.out_h + i) * z.out_w + j;
            const int64_t begin = i < 0 ? -i : 0, end = z.out_h - i < side ? z.out_h - i : side;
            for (int64_t b = j < 0 ? -j : 0; b < side && j + b < z.out_w; ++b) add(lane * side + b, offset + b, int(begin), int(end));
        }
    }

    // y[a, b] are the results (a, b) of the vector's tiles.
    void store(int64_t row, const Vector<T> (&y)[side * side], T* out) const {
        for (int a = 0; a < side; ++a) {
            Vector<T> results[side];
            UNROLLED for (int b = 0; b < side; ++b) results[b] = y[side * a + b];
            interleave<T>(results);
            T* target = out + row * plane_ + a * width_;
            for (int p = 0; p < count_; ++p) {
                const Piece& piece = pieces_[p];
                if (a >= piece.begin && a < piece.end) simd::store_lanes(target + piece.offset, piece.mask, results[piece.vector]);
            }
        }
    }

private:
    // Lanes of one vector of results that lie at offset + their number, in the rows [begin, end).
    struct Piece {
        int64_t offset;
        unsigned mask;
        int vector, begin, end;
    };

    void add(int64_t place, int64_t offset, int begin, int end) {
        const int vector = int(place / lanes<T>), lane = int(place % lanes<T>);
        Piece* last = pieces_ + count_ - 1;
        const bool goes_on = count_ > 0 && last->vector == vector && last->offset == offset - lane && last->begin == begin && last->end == end;
        if (!goes_on) pieces_[count_++] = {offset - lane, 0, vector, begin, end};
        pieces_[count_ - 1].mask |= 1u << lane;
    }

    int64_t width_ = 0, plane_ = 0;
    Piece pieces_[side * lanes<T>];
    int count_ = 0;
};

}  // namespace conv2d::winograd
