// Activations by number, for kernels that end with one: y = value(z, alpha), and dy/dz = slope(y, alpha) from the result alone, as
// nothing else is kept. For sigmoid and tanh it is off by the rounding of y where they saturate: at most half an epsilon.
#pragma once

#include "device.cuh"
#include "math.cuh"

// As CudaLandscape.Tensors.Ops.ActivationKind counts them.
enum ActivationKind { identity_activation, relu_activation, sigmoid_activation, softplus_activation, tanh_activation };

template <ActivationKind kind>
struct Activation {
    template <typename T>
    static DEVICE T value(T z, T alpha) {
        if constexpr (kind == relu_activation) return z < T(0) ? T(0) : z;
        else if constexpr (kind == sigmoid_activation) return math::sigmoid(z);
        else if constexpr (kind == softplus_activation) return math::softplus(z, alpha);
        else if constexpr (kind == tanh_activation) return math::tanh(z);
        else return z;
    }

    template <typename T>
    static DEVICE T slope(T y, T alpha) {
        if constexpr (kind == relu_activation) return y > T(0) ? T(1) : y == y ? T(0) : y;
        else if constexpr (kind == sigmoid_activation) return y * (T(1) - y);
        else if constexpr (kind == softplus_activation) return -math::expm1(-(alpha * y));
        else if constexpr (kind == tanh_activation) return (T(1) - y) * (T(1) + y);
        else return T(1);
    }
};

// use(Activation<kind>()), so that the choice is made once and loops are made for each.
template <typename Use>
DEVICE void with_activation(int64_t kind, const Use& use) {
    switch (kind) {
        case relu_activation: return use(Activation<relu_activation>());
        case sigmoid_activation: return use(Activation<sigmoid_activation>());
        case softplus_activation: return use(Activation<softplus_activation>());
        case tanh_activation: return use(Activation<tanh_activation>());
        default: return use(Activation<identity_activation>());
    }
}
