// Batch normalisation with the activation behind it: y = σ((x - μ) factor + bias) per channel, factor = weight / √(variance + ε).
// x[n, x_channels, area], of which the first `channels` take part: a dense block's buffer holds later maps behind them. y and dy are
// [n, channels, area]. z = (x - μ) factor + bias is computed again where it is needed, so that only x is kept.
//   moments   of every piece of a channel its mean and the sum of squared deviations from it, from one reading of x (the second pass
//             finds the piece in the cache); `join` merges the pieces of a channel one after another (Chan, Golub and LeVeque, 1979)
//   forward   y
//   sums      of every piece Σ dz and Σ dz (x - μ), dz = dy σ'(z); `add` adds the pieces one after another
//   gradient  dx += factor (dz - Σ dz / m - (x - μ) Σ dz (x - μ) / (m (variance + ε))), m values per channel; without the batch's part
//             factor dz. A fresh dx is set instead.
// A piece is some of a channel's positions in one sample or the channel in some samples; element e of it goes to lane e % lanes and the
// lanes are folded in halves, so that the order of addition depends on the sizes alone.
#include "activation.cuh"
#include "fold.cuh"

// Lambdas that are not inlined have linkage; here the two devices' must not be taken for one another.
namespace {

constexpr int64_t lanes = 128;
constexpr int64_t piece_elements = 4096;

struct BatchNorm {
    int64_t n, channels, x_channels, area, kind, of_batch, fresh;
    HOST_DEVICE int64_t runs() const { return (area + piece_elements - 1) / piece_elements; }  // pieces of a sample's positions
    HOST_DEVICE int64_t samples() const { return area < piece_elements ? piece_elements / area : 1; }  // of a piece
    HOST_DEVICE int64_t pieces() const { return (n + samples() - 1) / samples() * runs(); }
};

struct Piece {
    int64_t sample, samples, position, positions;
    DEVICE Piece(const BatchNorm& z, int64_t number) {
        sample = number / z.runs() * z.samples();
        samples = z.n - sample < z.samples() ? z.n - sample : z.samples();
        position = number % z.runs() * piece_elements;
        positions = z.area - position < piece_elements ? z.area - position : piece_elements;
    }
    DEVICE int64_t count() const { return samples * positions; }
};

// body(lane, sample, position) for every element of a piece; those of a lane in order and by one thread.
template <typename Body>
DEVICE void for_lanes(const Piece& p, const Body& body) {
#if FAST_HOST
    for (int64_t s = 0; s < p.samples; ++s) {
        for (int64_t i = 0, width; i < p.positions; i += width) {
            const int64_t lane = (s * p.positions + i) % lanes, left = p.positions - i;
            width = left < lanes - lane ? left : lanes - lane;
            LOOP_IS_PARALLEL
            for (int64_t j = 0; j < width; ++j) body(lane + j, p.sample + s, p.position + i + j);
        }
    }
#else
    // A piece is small, and dividing 64-bit integers takes a GPU longer than reading an element.
    const uint32_t count = uint32_t(p.count()), positions = uint32_t(p.positions);
    BLOCK_LOOP(lane, lanes) {
        for (uint32_t e = uint32_t(lane); e < count; e += uint32_t(lanes)) body(lane, p.sample + e / positions, p.position + e % positions);
    }
#endif
}

template <typename T>
DEVICE void clear(T* sums) {
    BLOCK_LOOP(lane, lanes) sums[lane] = T(0);
}

// sums[0] = the sum of all lanes, of each of several sums, written by the first thread.
template <typename... T>
DEVICE void fold(T*... sums) {
    __syncthreads();
    (fold_lanes<Addition>(sums, lanes), ...);
}

// part[piece, 0 / 1, c]
template <typename T>
DEVICE void moments(const BatchNorm& z, const T* RESTRICT x, T* RESTRICT part) {
    SHARED(T, sums, lanes);
    SHARED(T, squares, lanes);
    GRID_BLOCKS(work, z.pieces() * z.channels) {
        const int64_t c = work % z.channels, number = work / z.channels;
        const Piece piece(z, number);
        clear(sums);
        clear(squares);
        for_lanes(piece, [&](int64_t lane, int64_t s, int64_t i) { sums[lane] += x[(s * z.x_channels + c) * z.area + i]; });
        fold(sums);
        __syncthreads();
        const T mean = sums[0] / T(piece.count());
        for_lanes(piece, [&](int64_t lane, int64_t s, int64_t i) {
            const T deviation = x[(s * z.x_channels + c) * z.area + i] - mean;
            squares[lane] = math::detail::fma(deviation, deviation, squares[lane]);
        });
        fold(squares);
        if (threadIdx.x == 0) {
            part[(number * 2) * z.channels + c] = mean;
            part[(number * 2 + 1) * z.channels + c] = squares[0];
        }
    }
}

// both[0, c] = mean, both[1, c] = biased variance of the channel.
template <typename T>
DEVICE void join(const BatchNorm& z, const T* RESTRICT part, T* RESTRICT both) {
    GRID_LOOP(c, z.channels) {
        T mean = part[c], squares = part[z.channels + c], count = T(Piece(z, 0).count());
        for (int64_t p = 1; p < z.pieces(); ++p) {
            const T more = T(Piece(z, p).count()), total = count + more, delta = part[2 * p * z.channels + c] - mean;
            mean += delta * (more / total);
            squares += part[(2 * p + 1) * z.channels + c] + delta * delta * (count * (more / total));
            count = total;
        }
        both[c] = mean;
        both[z.channels + c] = squares / count;
    }
}

// What a channel's elements have in common.
template <typename T>
struct Channel {
    T mean, inverse, factor, bias;  // inverse = 1 / √(variance + ε)
    DEVICE Channel(const BatchNorm& z, int64_t c, const T* both, const T* weight, const T* biases, T epsilon)
        : mean(both[c]), inverse(T(1) / math::detail::square_root(both[z.channels + c] + epsilon)),
          factor(weight[c] * inverse), bias(biases[c]) {}
    DEVICE T normalized(T x) const { return (x - mean) * factor + bias; }
};

// dσ/dz at z, as the activations' own ops take it.
template <ActivationKind kind, typename T>
DEVICE T derivative(T z, T alpha) {
    if constexpr (kind == relu_activation) return z > T(0) ? T(1) : z == z ? T(0) : z;
    else if constexpr (kind == sigmoid_activation) return math::sigmoid(z) * math::sigmoid(-z);
    else if constexpr (kind == softplus_activation) return math::sigmoid(alpha * z);
    else if constexpr (kind == tanh_activation) return T(4) * (math::sigmoid(T(2) * z) * math::sigmoid(T(-2) * z));
    else return T(1);
}
template <ActivationKind kind, typename T>
DEVICE T derivative(Activation<kind>, T z, T alpha) { return derivative<kind>(z, alpha); }

template <typename T>
DEVICE void forward(const BatchNorm& z, T epsilon, T alpha, const T* RESTRICT x, const T* both, const T* weight, const T* bias,
                    T* RESTRICT y) {
    with_activation(z.kind, [&](auto activation) {
        GRID_ROWS(row, z.n * z.channels, z.area) {
            const int64_t s = row / z.channels, c = row % z.channels;
            const Channel<T> channel(z, c, both, weight, bias, epsilon);
            const T* from = x + (s * z.x_channels + c) * z.area;
            T* to = y + row * z.area;
            GRID_COLUMNS(i, row) to[i] = activation.value(channel.normalized(from[i]), alpha);
        }
    });
}

// part[piece, 0 / 1, c]
template <typename T>
DEVICE void sums(const BatchNorm& z, T epsilon, T alpha, const T* RESTRICT x, const T* both, const T* weight, const T* bias,
                 const T* RESTRICT dy, T* RESTRICT part) {
    SHARED(T, plain, lanes);
    SHARED(T, weighted, lanes);
    with_activation(z.kind, [&](auto activation) {
        GRID_BLOCKS(work, z.pieces() * z.channels) {
            const int64_t c = work % z.channels, number = work / z.channels;
            const Channel<T> channel(z, c, both, weight, bias, epsilon);
            clear(plain);
            clear(weighted);
            for_lanes(Piece(z, number), [&](int64_t lane, int64_t s, int64_t i) {
                const T value = x[(s * z.x_channels + c) * z.area + i];
                const T dz = dy[(s * z.channels + c) * z.area + i] * derivative(activation, channel.normalized(value), alpha);
                plain[lane] += dz;
                weighted[lane] = math::detail::fma(dz, value - channel.mean, weighted[lane]);
            });
            fold(plain, weighted);
            if (threadIdx.x == 0) {
                part[(number * 2) * z.channels + c] = plain[0];
                part[(number * 2 + 1) * z.channels + c] = weighted[0];
            }
        }
    });
}

// both_sums[0 / 1, c] of the pieces, and the gradients dweight[c] and dbias[c].
template <typename T>
DEVICE void add(const BatchNorm& z, T epsilon, const T* RESTRICT part, const T* both, T* RESTRICT both_sums, T* RESTRICT dweight,
                T* RESTRICT dbias) {
    GRID_LOOP(c, z.channels) {
        T plain = part[c], weighted = part[z.channels + c];
        for (int64_t p = 1; p < z.pieces(); ++p) {
            plain += part[2 * p * z.channels + c];
            weighted += part[(2 * p + 1) * z.channels + c];
        }
        both_sums[c] = plain;
        both_sums[z.channels + c] = weighted;
        dbias[c] = plain;
        dweight[c] = weighted / math::detail::square_root(both[z.channels + c] + epsilon);
    }
}

template <typename T>
DEVICE void gradient(const BatchNorm& z, T epsilon, T alpha, const T* RESTRICT x, const T* both, const T* weight, const T* bias,
                     const T* RESTRICT dy, const T* both_sums, T* RESTRICT dx) {
    const T count = T(z.n * z.area);
    with_activation(z.kind, [&](auto activation) {
        GRID_ROWS(row, z.n * z.channels, z.area) {
            const int64_t s = row / z.channels, c = row % z.channels, at = (s * z.x_channels + c) * z.area;
            const Channel<T> channel(z, c, both, weight, bias, epsilon);
            const T mean_dz = z.of_batch ? both_sums[c] / count : T(0);
            const T slope = z.of_batch ? both_sums[z.channels + c] / count * (channel.inverse * channel.inverse) : T(0);
            GRID_COLUMNS(i, row) {
                const T value = x[at + i];
                const T dz = dy[row * z.area + i] * derivative(activation, channel.normalized(value), alpha);
                const T given = channel.factor * (dz - mean_dz - (value - channel.mean) * slope);
                dx[at + i] = z.fresh ? given : dx[at + i] + given;
            }
        }
    });
}

}  // namespace

#define BATCH_NORM(T, suffix)                                                                                                     \
    BLOCK_KERNEL(batch_norm_moments_##suffix, (BatchNorm size, const T* x, T* part)) { moments(size, x, part); }                  \
    KERNEL(batch_norm_join_##suffix, (BatchNorm size, const T* part, T* both)) { join(size, part, both); }                        \
    KERNEL(batch_norm_forward_##suffix, (BatchNorm size, double epsilon, double alpha, const T* x, const T* both,                 \
                                         const T* weight, const T* bias, T* y)) {                                                 \
        forward(size, T(epsilon), T(alpha), x, both, weight, bias, y);                                                            \
    }                                                                                                                             \
    BLOCK_KERNEL(batch_norm_sums_##suffix, (BatchNorm size, double epsilon, double alpha, const T* x, const T* both,              \
                                            const T* weight, const T* bias, const T* dy, T* part)) {                              \
        sums(size, T(epsilon), T(alpha), x, both, weight, bias, dy, part);                                                        \
    }                                                                                                                             \
    KERNEL(batch_norm_add_##suffix, (BatchNorm size, double epsilon, const T* part, const T* both, T* both_sums, T* dweight,      \
                                     T* dbias)) {                                                                                 \
        add(size, T(epsilon), part, both, both_sums, dweight, dbias);                                                             \
    }                                                                                                                             \
    KERNEL(batch_norm_gradient_##suffix, (BatchNorm size, double epsilon, double alpha, const T* x, const T* both,                \
                                          const T* weight, const T* bias, const T* dy, const T* both_sums, T* dx)) {              \
        gradient(size, T(epsilon), T(alpha), x, both, weight, bias, dy, both_sums, dx);                                           \
    }
FOR_FLOAT_TYPES(BATCH_NORM)
