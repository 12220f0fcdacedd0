// What a correlation does to a finished result before it is left in memory.
#pragma once

#include "activation.cuh"

namespace conv2d {

// The sum as it is.
struct NoEpilogue {
    static constexpr bool is_none = true;
    template <typename T>
    DEVICE T value(int64_t, T sum) const { return sum; }
};

// y = activation(sum + bias[row]), by the operations of the ops that it stands for.
template <typename T>
struct BiasActivation {
    static constexpr bool is_none = false;
    const T* bias;
    int64_t kind;
    T alpha;

    DEVICE T value(int64_t row, T sum) const {
        T y = T(0);
        with_activation(kind, [&](auto activation) { y = activation.value(sum + bias[row], alpha); });
        return y;
    }

    // For `count` results of one row, on the fast device.
    DEVICE void apply(int64_t row, int64_t count, T* y) const {
        const T shift = bias[row], sharpness = alpha;
        with_activation(kind, [&](auto activation) {
            LOOP_IS_PARALLEL
            for (int64_t i = 0; i < count; ++i) y[i] = activation.value(y[i] + shift, sharpness);
        });
    }
};

}  // namespace conv2d
