// Patches on the fast device: the values that a few neighbouring positions read, depth after depth, packed into vectors.
#pragma once

#include <type_traits>

#include "conv2d/correlation.cuh"
#include "simd.h"

// Loops over arrays that shall be registers.
#define UNROLLED _Pragma("GCC unroll 16")

namespace conv2d {

using simd::lanes;
template <typename T>
using Vector = simd::Vector<T>;

// Lanes [first, first + count) of a vector stand for neighbouring positions (i, j), (i, j + 1), ... of one image.
struct Run {
    int64_t source, i, j;
    int first, count;
};

// The lanes of `mask` read source[offset + lane * step_w].
struct Piece {
    int64_t offset;
    unsigned mask;
};

// All lanes of a vector from `count` pieces at a step of 1. A copy of its own, so that masks and offsets stay in registers.
template <typename T, int count>
struct PieceReader {
    Piece pieces[count];

    DEVICE Vector<T> operator()(const T* x) const {
        Vector<T> v = {};
        UNROLLED for (int p = 0; p < count; ++p) v = simd::load_lanes(x + pieces[p].offset, pieces[p].mask, v);
        return v;
    }
};

// At a step of 2: every other lane of two vectors.
template <typename T, int count>
struct PairReader {
    PieceReader<T, count> low, high;
    DEVICE Vector<T> operator()(const T* x) const { return simd::even_lanes<T>(low(x), high(x)); }
};

// The bits of `mask` at twice their places.
inline unsigned spread_bits(unsigned mask) {
    mask = (mask | mask << 8) & 0x00ff00ffu;
    mask = (mask | mask << 4) & 0x0f0f0f0fu;
    mask = (mask | mask << 2) & 0x33333333u;
    return (mask | mask << 1) & 0x55555555u;
}

// The positions of one vector, and the pieces of the source that they read at one tap.
template <typename T>
class VectorOfPositions {
public:
    VectorOfPositions(const Correlation& z, int64_t first, int64_t count) : z_(z) {
        int64_t n = first / z.grid_area(), i = first / z.grid_w % z.grid_h, j = first % z.grid_w;
        const int width = count < lanes<T> ? int(count) : lanes<T>;
        for (int lane = 0; lane < width; lane += runs_[run_count_++].count) {
            const int64_t run = z.grid_w - j < width - lane ? z.grid_w - j : width - lane;
            runs_[run_count_] = {n * z.channels * z.source_h * z.source_w, i, j, lane, int(run)};
            j = 0;
            if (++i == z.grid_h) i = 0, ++n;
        }
    }

    // For the channels c of [begin, end): target[(c - begin) * channel_stride] = what the positions read of channel c at tap (a, b).
    void pack(const T* source, int64_t a, int64_t b, int64_t begin, int64_t end, T* target, int64_t channel_stride) {
        find_pieces(a, b);
        const auto each_channel = [&](auto read_channel) {
            const int64_t plane = z_.source_h * z_.source_w;
            const T* x = source + begin * plane;
            for (int64_t c = begin; c < end; ++c, x += plane, target += channel_stride) simd::store(target, read_channel(x));
        };
        if (z_.step_w > 2) each_channel([&](const T* x) { return read_by_step(x); });
        else if (z_.step_w == 2) with_count(split_pieces(), [&](auto count) { each_channel(pair_reader<count>()); });
        else with_count(piece_count_, [&](auto count) { each_channel(reader<count>(pieces_)); });
    }

private:
    // Of the run's lanes those whose column, w at the first and step_w more at each, lies in the source.
    unsigned inside(const Run& run, int64_t w) const {
        const int64_t step = z_.step_w, to_left = -w, to_right = z_.source_w - w;
        int64_t low = step == 1 ? to_left : (to_left + step - 1) / step, high = step == 1 ? to_right : (to_right + step - 1) / step;
        low = to_left <= 0 ? 0 : low < run.count ? low : run.count;
        high = to_right <= 0 ? 0 : high < run.count ? high : run.count;
        return low < high ? ((1u << high) - (1u << low)) << run.first : 0;
    }

    void find_pieces(int64_t a, int64_t b) {
        piece_count_ = 0;
        for (int r = 0; r < run_count_; ++r) {
            const Run& run = runs_[r];
            const int64_t h = run.i * z_.step_h + z_.first_h + a * z_.sign, w = run.j * z_.step_w + z_.first_w + b * z_.sign;
            const unsigned mask = h < 0 || h >= z_.source_h ? 0 : inside(run, w);
            if (mask != 0) add(run.source + h * z_.source_w + w - run.first * z_.step_w, mask);
        }
        clear(pieces_, piece_count_);
    }

    void add(int64_t offset, unsigned mask) {
        if (piece_count_ > 0 && pieces_[piece_count_ - 1].offset == offset) pieces_[piece_count_ - 1].mask |= mask;
        else pieces_[piece_count_++] = {offset, mask};
    }

    // The pieces of the two vectors that a step of 2 takes; the larger number of the two.
    int split_pieces() {
        int low = 0, high = 0;
        for (int p = 0; p < piece_count_; ++p) {
            const unsigned spread = spread_bits(pieces_[p].mask), of_low = spread & simd::all_lanes<T>, of_high = spread >> lanes<T>;
            if (of_low != 0) low_[low++] = {pieces_[p].offset, of_low};
            if (of_high != 0) high_[high++] = {pieces_[p].offset + lanes<T>, of_high};
        }
        const int count = low > high ? low : high;
        clear(low_, low), clear(high_, high);
        return count;
    }

    // Empty pieces from number `count` on.
    static void clear(Piece* pieces, int count) {
        for (int p = count; p < most_pieces; ++p) pieces[p] = {0, 0};
    }

    // use(n) with a constant n of `count` at least.
    template <typename Use>
    static void with_count(int count, const Use& use) {
        if (count <= 1) use(std::integral_constant<int, 1>());
        else if (count == 2) use(std::integral_constant<int, 2>());
        else if (count == 3) use(std::integral_constant<int, 3>());
        else if (count == 4) use(std::integral_constant<int, 4>());
        else if (count <= 8) use(std::integral_constant<int, 8>());
        else use(std::integral_constant<int, most_pieces>());
    }

    // Of the first `count` pieces, empty ones after the last.
    template <int count>
    PieceReader<T, count> reader(const Piece* pieces) const {
        PieceReader<T, count> r;
        for (int p = 0; p < count; ++p) r.pieces[p] = pieces[p];
        return r;
    }

    template <int count>
    PairReader<T, count> pair_reader() const { return {reader<count>(low_), reader<count>(high_)}; }

    Vector<T> read_by_step(const T* x) const {
        Vector<T> v = {};
        for (int p = 0; p < piece_count_; ++p) {
            for (int l = 0; l < lanes<T>; ++l) {
                if (pieces_[p].mask >> l & 1) v[l] = x[pieces_[p].offset + l * z_.step_w];
            }
        }
        return v;
    }

    static constexpr int most_pieces = lanes<T> > 8 ? lanes<T> : 8;

    const Correlation& z_;
    Run runs_[lanes<T>];
    Piece pieces_[most_pieces], low_[most_pieces], high_[most_pieces];
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
