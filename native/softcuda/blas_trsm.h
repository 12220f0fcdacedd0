// The triangular solve: halved down to small triangles, so that nearly all work is done by the tiled product.
#pragma once

#include "blas_gemm.h"

namespace softcuda {

template <typename T>
struct Trsm {
    bool left, upper, trans, unit;
    int64_t m, n;
    const T* a;
    int64_t lda;
    T* b;
    int64_t ldb;

    int64_t order() const { return left ? m : n; }
    int64_t lines() const { return left ? n : m; }
    T* line(int64_t index) const { return left ? b + index * ldb : b + index; }
};

constexpr int64_t kTriangle = 256;
constexpr double kPanelFlops = 4e6;

template <typename T>
void trsm_panel(const Trsm<T>& t, int64_t start, int64_t count) {
    BlasThreads one(1);
    int m = static_cast<int>(t.left ? t.m : count), n = static_cast<int>(t.left ? count : t.n);
    auto dense = t.ldb > INT_MAX ? scratch<T>(int64_t{m} * n) : nullptr;
    T* b = dense ? dense.get() : t.line(start);
    if (dense) {
        copy_block(t.line(start), t.ldb, b, m, n);
    }
    Blas<T>::trsm(kColumnMajor, t.left ? kLeft : kRight, t.upper ? kUpper : kLower, t.trans ? kTrans : kNoTrans,
                  t.unit ? kUnit : kNonUnit, m, n, T(1), t.a, static_cast<int>(t.lda), b,
                  dense ? m : static_cast<int>(t.ldb));
    for (int64_t j = 0; dense && j < n; j++) {
        std::copy_n(b + j * m, m, t.line(start) + j * t.ldb);
    }
}

// A triangle small enough to be solved whole: the right-hand sides are cut into panels.
template <typename T>
void trsm_triangle(Trsm<T> t) {
    auto dense = t.lda > INT_MAX ? scratch<T>(t.order() * t.order()) : nullptr;
    if (dense) {
        copy_block(t.a, t.lda, dense.get(), t.order(), t.order());
        t.a = dense.get();
        t.lda = t.order();
    }
    double line_flops = static_cast<double>(t.order()) * static_cast<double>(t.order());
    int64_t panel = std::max<int64_t>(16, static_cast<int64_t>(kPanelFlops / line_flops));
    for_tiles(ceil_div(t.lines(), panel), [&](int64_t index) {
        trsm_panel(t, index * panel, std::min(panel, t.lines() - index * panel));
    });
}

// B2 -= op(A21) B1, or B2 -= B1 op(A12) from the right: the block of A between the solved and the waiting half.
template <typename T>
void trsm_update(const Trsm<T>& t, const Trsm<T>& solved, const Trsm<T>& waiting, int64_t half) {
    const T* between = t.upper ? t.a + half * t.lda : t.a + half;
    Gemm<T> g{t.trans, false,     waiting.m, waiting.n, solved.order(), T(-1), between,
              t.lda,   solved.b, t.ldb,     T(1),      waiting.b,      t.ldb};
    if (!t.left) {
        std::swap(g.trans_a, g.trans_b);
        std::swap(g.a, g.b);
        std::swap(g.lda, g.ldb);
    }
    gemm_any(g);
}

// Halving also spreads a solve with few right-hand sides over the workers.
template <typename T>
void trsm_any(const Trsm<T>& t) {
    int64_t order = t.order();
    if (order <= kTriangle) {
        return trsm_triangle(t);
    }
    int64_t half = ceil_div(order / 2, kEdgeMultiple) * kEdgeMultiple;
    Trsm<T> head = t, tail = t;
    (t.left ? head.m : head.n) = half;
    (t.left ? tail.m : tail.n) = order - half;
    tail.a = t.a + half + half * t.lda;
    tail.b = t.left ? t.b + half : t.b + half * t.ldb;
    bool head_first = (t.upper != t.trans) != t.left;
    const Trsm<T>& solved = head_first ? head : tail;
    const Trsm<T>& waiting = head_first ? tail : head;
    trsm_any(solved);
    trsm_update(t, solved, waiting, half);
    trsm_any(waiting);
}

}  // namespace softcuda
