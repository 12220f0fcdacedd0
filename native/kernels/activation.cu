// The backward step of an activation, from its result.
#include "activation.cuh"

// dz[i] = dy[i] slope(y[i]); dz may be dy.
template <typename T>
DEVICE void activation_gradient(int64_t count, int64_t kind, double alpha, const T* dy, const T* y, T* dz) {
    const T sharpness = T(alpha);
    with_activation(kind, [&](auto activation) {
        GRID_LOOP(i, count) dz[i] = dy[i] * activation.slope(y[i], sharpness);
    });
}

#define ACTIVATION_GRADIENT(T, suffix)                                                                                         \
    KERNEL(activation_gradient_##suffix, (int64_t count, int64_t kind, double alpha, const T* dy, const T* y, T* dz)) {        \
        activation_gradient(count, kind, alpha, dy, y, dz);                                                                    \
    }
FOR_FLOAT_TYPES(ACTIVATION_GRADIENT)
