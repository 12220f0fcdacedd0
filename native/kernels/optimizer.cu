// Optimizer steps over flat slabs. What changes from step to step lives in device memory (structs LearningRate and
// AdamState), so that a recorded step can be replayed unchanged. An optimizer's *_advance kernel runs once before its step.
#include "device.cuh"
#include "math.cuh"

// The rate of step t = 0, 1, ...: initial * factor^k(t) / (1 + decay * t), where k counts the multiples of `interval` in
// (0, t], or the milestones up to t; these lie behind the struct, `milestones` of them, ascending. Every member is a double,
// so that the host sees one tensor; `step`, `power` (factor^k) and `rate` change.
struct LearningRate {
    double initial, decay, factor, interval, milestones;
    double step, power, rate;
};

DEVICE bool is_due(const LearningRate& s) {
    const int64_t step = int64_t(s.step), interval = int64_t(s.interval);
    if (interval > 0) return step > 0 && step % interval == 0;
    const double* milestone = reinterpret_cast<const double*>(&s + 1);
    for (int64_t k = 0; k < int64_t(s.milestones); ++k)
        if (milestone[k] == s.step) return true;
    return false;
}

DEVICE void advance(LearningRate& s) {
    if (is_due(s)) s.power *= s.factor;
    s.rate = s.initial * s.power / (1.0 + s.decay * s.step);
    s.step += 1.0;
}

KERNEL(optimizer_sgd_advance, (LearningRate* rate)) {
    GRID_LOOP(i, 1) advance(*rate);
}

// Both forms of momentum: keras = 1 keeps velocities with the rate they were met at, v <- mu v + rate g, p <- p - v;
// keras = 0 (PyTorch) applies the present rate to all of them, v <- mu v + g, p <- p - rate v. Nesterov's step looks one
// step ahead: mu v + (what v was just given) in place of v.
struct SgdSettings {
    double momentum, weight_decay;
    int64_t nesterov, keras;
};

template <typename T>
DEVICE void sgd(const SgdSettings& s, const LearningRate& rate, int64_t count, T* p, const T* g, T* v) {
    const T momentum = T(s.momentum), weight_decay = T(s.weight_decay);
    const T inner = T(s.keras ? rate.rate : 1.0), outer = T(s.keras ? 1.0 : rate.rate);
    const bool nesterov = s.nesterov;
    GRID_LOOP(i, count) {
        const T push = inner * (g[i] + weight_decay * p[i]), velocity = momentum * v[i] + push;
        v[i] = velocity;
        p[i] -= outer * (nesterov ? momentum * velocity + push : velocity);
    }
}

#define SGD(T, suffix)                                                                                             \
    KERNEL(optimizer_sgd_##suffix, (SgdSettings s, const LearningRate* rate, int64_t count, T* p, const T* g, T* v)) { \
        sgd(s, *rate, count, p, g, v);                                                                             \
    }
FOR_FLOAT_TYPES(SGD)

// Kingma & Ba, ICLR'15, algorithm 1.
struct AdamState {
    double beta1, beta2, epsilon;
    double beta1_power, beta2_power;
};

KERNEL(optimizer_adam_advance, (LearningRate* rate, AdamState* s)) {
    GRID_LOOP(i, 1) {
        advance(*rate);
        s->beta1_power *= s->beta1;
        s->beta2_power *= s->beta2;
    }
}

template <typename T>
DEVICE void adam(const LearningRate& r, const AdamState& s, int64_t count, T* p, const T* g, T* m, T* v) {
    const T beta1 = T(s.beta1), beta2 = T(s.beta2), rest1 = T(1.0 - s.beta1), rest2 = T(1.0 - s.beta2);
    const T rate = T(r.rate / (1.0 - s.beta1_power)), correction2 = T(1.0 / (1.0 - s.beta2_power));
    const T epsilon = T(s.epsilon);
    GRID_LOOP(i, count) {
        const T gradient = g[i];
        m[i] = beta1 * m[i] + rest1 * gradient;
        v[i] = beta2 * v[i] + rest2 * gradient * gradient;
        p[i] -= rate * m[i] / (math::detail::square_root(v[i] * correction2) + epsilon);
    }
}

#define ADAM(T, suffix)                                                                                            \
    KERNEL(optimizer_adam_##suffix, (const LearningRate* rate, const AdamState* state, int64_t count, T* p,        \
                                     const T* g, T* m, T* v)) {                                                    \
        adam(*rate, *state, count, p, g, m, v);                                                                    \
    }
FOR_FLOAT_TYPES(ADAM)
