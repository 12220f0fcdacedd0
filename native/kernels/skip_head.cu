// Chosen neurons of a layer joined to the outputs of a network by weights of their own. The neurons are read where the layer has
// written them, x[b, positions[k]] of x[batch, size], positions rising, and are never gathered into a matrix of their own; their
// weights are the columns first, first + 1, ... of v[outputs, total].
//   partial   part[chunk, b, c] = the sum of x[b, positions[k]] v[c, first + k] over the k of a chunk
//   sum       y[b, c] = before[b, c] + the chunks one after another; 0 for before where it is null
//   gradient  dx[b, positions[k]] += Σ_c dy[b, c] v[c, first + k] and dv[c, first + k] += Σ_b dy[b, c] x[b, positions[k]] in one
//             pass; either may be null. A fresh dx is written whole, with zeros where no neuron is chosen.
// Order of addition, by fma: within a chunk neuron k goes to lane k % lanes, and the lanes are folded in halves; a gradient adds
// over outputs or over samples, one after another. Nothing depends on the grid.
#include "device.cuh"
#include "fold.cuh"
#include "math.cuh"
#if FAST_HOST
#include "skip_head/fast_choice.cuh"
#endif

// The devices' bodies have the same names.
namespace {

struct SkipHead {
    int64_t batch, size, count, outputs, total, first, fresh;
};

constexpr int64_t lanes = 128;       // partial sums of a chunk
constexpr int64_t chunk = 2048;      // neurons; as many weights of ten outputs stay in a core's cache for all samples
constexpr int64_t output_tile = 10;  // outputs that are computed together; as many as the papers' classes

DEVICE int64_t pieces(int64_t whole, int64_t piece) { return (whole + piece - 1) / piece; }
DEVICE int64_t piece_size(int64_t whole, int64_t begin, int64_t piece) { return whole - begin < piece ? whole - begin : piece; }

#if FAST_HOST
// sums[lane] += chosen[k] weights[k] for k % lanes == lane.
template <typename T>
DEVICE void add_products(int64_t count, const T* chosen, const T* weights, T* sums) {
    constexpr int width = simd::lanes<T>, vectors = int(lanes) / width;
    simd::Vector<T> running[vectors] = {};
    int64_t k = 0;
    for (; k + lanes <= count; k += lanes) {
        for (int i = 0; i < vectors; ++i)
            running[i] = simd::fma(simd::load(chosen + k + i * width), simd::load(weights + k + i * width), running[i]);
    }
    for (int i = 0; i < vectors; ++i) simd::store(sums + i * width, running[i]);
    for (int64_t lane = 0; k + lane < count; ++lane)
        sums[lane] = math::detail::fma(chosen[k + lane], weights[k + lane], sums[lane]);
}

// The neurons of a chunk, the same for all samples that follow one another.
template <typename T>
class ChunkNeurons {
public:
    DEVICE void fill_lanes(int64_t count, const int32_t* positions, const T* x, const T* v, int64_t total, int64_t outputs, T* sums) {
        T chosen[chunk + skip_head::Choice<T, chunk>::spare];
        if (positions != of_) choice_.set(of_ = positions, count);
        choice_.take(x, chosen);
        for (int64_t c = 0; c < outputs; ++c) add_products(count, chosen, v + c * total, sums + c * lanes);
    }

private:
    const int32_t* of_ = nullptr;
    skip_head::Choice<T, chunk> choice_;
};
#else
template <typename T>
struct ChunkNeurons {
    DEVICE void fill_lanes(int64_t count, const int32_t* positions, const T* x, const T* v, int64_t total, int64_t outputs, T* sums) {
        BLOCK_LOOP(lane, lanes) {
            T running[output_tile] = {};
            for (int64_t k = lane; k < count; k += lanes) {
                const T chosen = x[positions[k]];
                for (int64_t c = 0; c < output_tile; ++c)
                    if (c < outputs) running[c] = math::detail::fma(chosen, v[c * total + k], running[c]);
            }
            for (int64_t c = 0; c < output_tile; ++c)
                if (c < outputs) sums[c * lanes + lane] = running[c];
        }
    }
};
#endif

// All samples of a chunk before the next one, since they share its weights.
template <typename T>
DEVICE void partial(const SkipHead& z, const int32_t* positions, const T* x, const T* v, T* part) {
    SHARED(T, sums, output_tile * lanes);
    const int64_t chunks = pieces(z.count, chunk), tiles = pieces(z.outputs, output_tile);
    ChunkNeurons<T> neurons;
    GRID_BLOCKS(work, chunks * tiles * z.batch) {
        const int64_t b = work % z.batch, tile = work / z.batch % tiles, begin = work / z.batch / tiles * chunk;
        const int64_t c0 = tile * output_tile, outputs = piece_size(z.outputs, c0, output_tile);
        neurons.fill_lanes(piece_size(z.count, begin, chunk), positions + begin, x + b * z.size, v + c0 * z.total + z.first + begin,
                           z.total, outputs, sums);
        __syncthreads();
        fold_lanes<Addition>(sums, lanes, outputs);
        __syncthreads();
        BLOCK_LOOP(c, outputs) part[(begin / chunk * z.batch + b) * z.outputs + c0 + c] = sums[c * lanes];
        __syncthreads();
    }
}

template <typename T>
DEVICE void sum(const SkipHead& z, const T* part, const T* before, T* y) {
    const int64_t results = z.batch * z.outputs;
    GRID_LOOP(i, results) {
        T total = part[i];
        for (int64_t c = 1; c < pieces(z.count, chunk); ++c) total += part[c * results + i];
        y[i] = before == nullptr ? total : before[i] + total;
    }
}

// The positions of a sample that neuron k writes in a fresh gradient: its own and those up to the next neuron's.
DEVICE int64_t span_begin(const int32_t* positions, int64_t k) { return k == 0 ? 0 : positions[k]; }
DEVICE int64_t span_end(const SkipHead& z, const int32_t* positions, int64_t k) { return k == z.count ? z.size : positions[k]; }

#if FAST_HOST
constexpr int64_t neuron_tile = 512;

// Neurons begin .. begin + count and outputs from c0 on, dx in the first round: a tile's sums stay in the first-level cache and its
// weights in the second while all samples pass.
template <typename T>
DEVICE void gradient_tile(const SkipHead& z, int64_t begin, int64_t count, int64_t c0, const int32_t* positions, const T* x, const T* v,
                          const T* dy, T* dx, T* dv) {
    skip_head::Choice<T, neuron_tile> neurons;
    T sums[output_tile][neuron_tile] = {}, chosen[neuron_tile + neurons.spare], given[neuron_tile + neurons.spare];
    const int64_t outputs = piece_size(z.outputs, c0, output_tile), column = c0 * z.total + z.first + begin;
    const int64_t span = span_begin(positions, begin), end = span_end(z, positions, begin + count);
    neurons.set(positions + begin, count);
    for (int64_t b = 0; b < z.batch; ++b) {
        const T* factors = dy + b * z.outputs + c0;
        if (dv != nullptr) {
            neurons.take(x + b * z.size, chosen);
            for (int64_t c = 0; c < outputs; ++c) {
                for (int64_t k = 0; k < count; ++k) sums[c][k] = math::detail::fma(factors[c], chosen[k], sums[c][k]);
            }
        }
        if (dx == nullptr || c0 > 0) continue;
        for (int64_t k = 0; k < count; ++k) given[k] = T(0);
        for (int64_t c = 0; c < z.outputs; ++c) {
            for (int64_t k = 0; k < count; ++k) given[k] = math::detail::fma(factors[c], v[column + c * z.total + k], given[k]);
        }
        if (z.fresh != 0) neurons.put(given, dx + b * z.size, span, end);
        else neurons.add(given, dx + b * z.size);
    }
    if (dv == nullptr) return;
    for (int64_t c = 0; c < outputs; ++c) {
        for (int64_t k = 0; k < count; ++k) dv[column + c * z.total + k] += sums[c][k];
    }
}
#else
constexpr int64_t neuron_tile = 128;

// A thread has a neuron, with its weights and its sums in registers.
template <typename T>
DEVICE void gradient_of(const SkipHead& z, int64_t neuron, int64_t c0, const int32_t* positions, const T* x, const T* v, const T* dy, T* dx,
                        T* dv) {
    const int64_t outputs = piece_size(z.outputs, c0, output_tile), column = c0 * z.total + z.first + neuron, own = positions[neuron];
    const bool gives = dx != nullptr && c0 == 0;
    T sums[output_tile] = {}, weights[output_tile];
    for (int64_t c = 0; c < output_tile; ++c) weights[c] = c < outputs && gives ? v[column + c * z.total] : T(0);
    for (int64_t b = 0; b < z.batch; ++b) {
        const T* factors = dy + b * z.outputs + c0;
        const T chosen = dv == nullptr ? T(0) : x[b * z.size + own];
        T given = T(0);
        for (int64_t c = 0; c < output_tile; ++c) {
            if (c >= outputs) continue;
            sums[c] = math::detail::fma(factors[c], chosen, sums[c]);
            given = math::detail::fma(factors[c], weights[c], given);
        }
        if (!gives) continue;
        for (int64_t c = output_tile; c < z.outputs; ++c) given = math::detail::fma(factors[c], v[column + c * z.total], given);
        T* sample = dx + b * z.size;
        if (z.fresh != 0) {
            const int64_t end = span_end(z, positions, neuron + 1);
            for (int64_t i = span_begin(positions, neuron); i < end; ++i) sample[i] = i == own ? given : T(0);
        } else {
            sample[own] += given;
        }
    }
    for (int64_t c = 0; c < output_tile; ++c)
        if (c < outputs && dv != nullptr) dv[column + c * z.total] += sums[c];
}

template <typename T>
DEVICE void gradient_tile(const SkipHead& z, int64_t begin, int64_t count, int64_t c0, const int32_t* positions, const T* x, const T* v,
                          const T* dy, T* dx, T* dv) {
    BLOCK_LOOP(k, count) gradient_of(z, begin + k, c0, positions, x, v, dy, dx, dv);
}
#endif

template <typename T>
DEVICE void gradient(const SkipHead& z, const int32_t* RESTRICT positions, const T* RESTRICT x, const T* RESTRICT v, const T* RESTRICT dy,
                     T* RESTRICT dx, T* RESTRICT dv) {
    GRID_BLOCKS(tile, pieces(z.count, neuron_tile)) {
        const int64_t begin = tile * neuron_tile, count = piece_size(z.count, begin, neuron_tile);
        for (int64_t c0 = 0; c0 < z.outputs; c0 += output_tile) gradient_tile(z, begin, count, c0, positions, x, v, dy, dx, dv);
    }
}

}  // namespace

#define SKIP_HEAD(T, suffix)                                                                                                     \
    BLOCK_KERNEL(skip_head_partial_##suffix, (SkipHead size, const int32_t* positions, const T* x, const T* v, T* part)) {       \
        partial(size, positions, x, v, part);                                                                                    \
    }                                                                                                                            \
    KERNEL(skip_head_sum_##suffix, (SkipHead size, const T* part, const T* before, T* y)) { sum(size, part, before, y); }        \
    KERNEL(skip_head_gradient_##suffix, (SkipHead size, const int32_t* positions, const T* x, const T* v, const T* dy, T* dx,    \
                                         T* dv)) {                                                                               \
        gradient(size, positions, x, v, dy, dx, dv);                                                                             \
    }
FOR_FLOAT_TYPES(SKIP_HEAD)
