// Optimizer steps over flat slabs. What changes from step to step lives in device memory (struct AdamState), so that a
// recorded step can be replayed unchanged.
#include "device.cuh"

// Kingma & Ba, ICLR'15, algorithm 1, with the learning rate of Keras' `decay`: rate_t = rate / (1 + decay * (t - 1)).
struct AdamState {
    double rate, decay, beta1, beta2, epsilon;
    double step, beta1_power, beta2_power, step_rate;
};

KERNEL(optimizer_adam_advance, (AdamState* s)) {
    GRID_LOOP(i, 1) {
        s->step_rate = s->rate / (1.0 + s->decay * s->step);
        s->step += 1.0;
        s->beta1_power *= s->beta1;
        s->beta2_power *= s->beta2;
    }
}

DEVICE float square_root(float x) { return __builtin_sqrtf(x); }
DEVICE double square_root(double x) { return __builtin_sqrt(x); }

template <typename T>
DEVICE void adam(const AdamState& s, int64_t count, T* p, const T* g, T* m, T* v) {
    const T beta1 = T(s.beta1), beta2 = T(s.beta2), rest1 = T(1.0 - s.beta1), rest2 = T(1.0 - s.beta2);
    const T rate = T(s.step_rate / (1.0 - s.beta1_power)), correction2 = T(1.0 / (1.0 - s.beta2_power));
    const T epsilon = T(s.epsilon);
    GRID_LOOP(i, count) {
        const T gradient = g[i];
        m[i] = beta1 * m[i] + rest1 * gradient;
        v[i] = beta2 * v[i] + rest2 * gradient * gradient;
        p[i] -= rate * m[i] / (square_root(v[i] * correction2) + epsilon);
    }
}

#define ADAM(T, suffix)                                                                                            \
    KERNEL(optimizer_adam_##suffix, (const AdamState* state, int64_t count, T* p, const T* g, T* m, T* v)) {       \
        adam(*state, count, p, g, m, v);                                                                           \
    }
FOR_FLOAT_TYPES(ADAM)
