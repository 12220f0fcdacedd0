// cuBLAS level 3: gemm, gemmStridedBatched and trsm over the tiled product of blas_gemm.h.
#include "blas_trsm.h"

using namespace softcuda;

namespace {

template <typename T>
bool valid_shape(const Gemm<T>& g, int trans_a, int trans_b) {
    return valid_operation(trans_a) && valid_operation(trans_b) && g.m >= 0 && g.n >= 0 && g.k >= 0 &&
           g.lda >= std::max<int64_t>(1, g.trans_a ? g.k : g.m) &&
           g.ldb >= std::max<int64_t>(1, g.trans_b ? g.n : g.k) && g.ldc >= std::max<int64_t>(1, g.m);
}

// Strides in elements from one product of a batch to the next.
struct Strides {
    int64_t a, b, c, count;
};

template <typename T>
bool device_batch(const T* x, int64_t rows, int64_t columns, int64_t ld, int64_t stride, int64_t count) {
    if (rows == 0 || columns == 0 || count == 0) {
        return true;
    }
    __int128 travel = static_cast<__int128>(stride) * (count - 1);
    const T* first = travel < 0 ? x + static_cast<int64_t>(travel) : x;
    __int128 one = static_cast<__int128>(ld) * (columns - 1) + rows;
    return device_elements(first, one + (travel < 0 ? -travel : travel), sizeof(T));
}

// A and B are not referenced when nothing of the product is used, so they may then be anything.
template <typename T>
bool on_device(const Gemm<T>& g, const Strides& s) {
    bool read = g.alpha != T(0) && g.k > 0;
    return device_batch(g.c, g.m, g.n, g.ldc, s.c, s.count) &&
           (!read ||
            (device_batch(g.a, g.trans_a ? g.k : g.m, g.trans_a ? g.m : g.k, g.lda, s.a, s.count) &&
             device_batch(g.b, g.trans_b ? g.n : g.k, g.trans_b ? g.k : g.n, g.ldb, s.b, s.count)));
}

template <typename T>
Gemm<T> batch_item(const Gemm<T>& g, const Strides& s, int64_t index) {
    Gemm<T> item = g;
    item.a += index * s.a;
    item.b += index * s.b;
    item.c += index * s.c;
    return item;
}

// Small products are grouped until a group is worth a worker; few large ones are tiled one after the other.
template <typename T>
void gemm_batch(const Gemm<T>& g, const Strides& s) {
    constexpr int64_t kManyProducts = 16;
    bool in_one = g.k > 0 && g.alpha != T(0) && !g.wide() && std::max({g.m, g.n, g.k}) <= kLargestExtent;
    bool grouped = in_one && (s.count >= kManyProducts || g.flops() < 2 * kTileFlops);
    if (!grouped) {
        for (int64_t i = 0; i < s.count; i++) {
            gemm_any(batch_item(g, s, i));
        }
        return;
    }
    int64_t group = static_cast<int64_t>(std::clamp(kTileFlops / g.flops(), 1.0, static_cast<double>(s.count)));
    for_tiles(ceil_div(s.count, group), [&](int64_t index) {
        for (int64_t i = index * group; i < std::min(s.count, (index + 1) * group); i++) {
            gemm_in_one(batch_item(g, s, i));
        }
    });
}

template <typename T>
cublasStatus_t gemm(cublasHandle_t handle, int trans_a, int trans_b, int64_t m, int64_t n, int64_t k, const T* alpha,
                    const T* a, int64_t lda, const T* b, int64_t ldb, const T* beta, T* c, int64_t ldc,
                    Strides strides = {0, 0, 0, 1}) {
    if (!cublas_alive(handle)) {
        return CUBLAS_STATUS_NOT_INITIALIZED;
    }
    Gemm<T> g{trans_a != CUBLAS_OP_N, trans_b != CUBLAS_OP_N, m, n, k, T(0), a, lda, b, ldb, T(0), c, ldc};
    if (!valid_shape(g, trans_a, trans_b) || strides.count < 0) {
        return CUBLAS_STATUS_INVALID_VALUE;
    }
    if (m == 0 || n == 0 || strides.count == 0) {
        return CUBLAS_STATUS_SUCCESS;
    }
    if (cublasStatus_t status = check_scalars(handle, alpha, beta); status != CUBLAS_STATUS_SUCCESS) {
        return status;
    }
    return submit_blas(handle, [=, scale = Scalar<T>(handle, alpha), keep = Scalar<T>(handle, beta)] {
        Gemm<T> product = g;
        if (!scale.valid() || !keep.valid()) {
            return false;
        }
        product.alpha = scale.get();
        product.beta = keep.get();
        if (!on_device(product, strides)) {
            return false;
        }
        gemm_batch(product, strides);
        return true;
    });
}

template <typename T>
cublasStatus_t trsm(cublasHandle_t handle, int side, int uplo, int trans, int diag, int64_t m, int64_t n,
                    const T* alpha, const T* a, int64_t lda, T* b, int64_t ldb) {
    if (!cublas_alive(handle)) {
        return CUBLAS_STATUS_NOT_INITIALIZED;
    }
    Trsm<T> t{side == CUBLAS_SIDE_LEFT, uplo == CUBLAS_FILL_MODE_UPPER, trans != CUBLAS_OP_N,
              diag == CUBLAS_DIAG_UNIT, m, n, a, lda, b, ldb};
    bool modes = (side | 1) == 1 && (uplo | 1) == 1 && (diag | 1) == 1 && valid_operation(trans);
    if (!modes || m < 0 || n < 0 || lda < std::max<int64_t>(1, t.order()) || ldb < std::max<int64_t>(1, m)) {
        return CUBLAS_STATUS_INVALID_VALUE;
    }
    if (m == 0 || n == 0) {
        return CUBLAS_STATUS_SUCCESS;
    }
    if (cublasStatus_t status = check_scalar(handle, alpha); status != CUBLAS_STATUS_SUCCESS) {
        return status;
    }
    return submit_blas(handle, [=, scale = Scalar<T>(handle, alpha)] {
        bool read = scale.valid() && scale.get() != T(0);
        if (!scale.valid() || !device_matrix(b, m, n, ldb) || (read && !device_matrix(a, t.order(), t.order(), lda))) {
            return false;
        }
        scale_matrix(m, n, scale.get(), b, ldb);
        if (read) {
            trsm_any(t);
        }
        return true;
    });
}

}  // namespace

#define EXPORT_LEVEL3(letter, T)                                                                                    \
    SOFTCUDA_API cublasStatus_t cublas##letter##gemm_v2_64(                                                         \
        cublasHandle_t handle, int transa, int transb, int64_t m, int64_t n, int64_t k, const T* alpha, const T* A, \
        int64_t lda, const T* B, int64_t ldb, const T* beta, T* C, int64_t ldc) {                                   \
        SOFTCUDA_ENTER(cublas##letter##gemm_v2_64, cublasStatus_t)                                                  \
        return gemm(handle, transa, transb, m, n, k, alpha, A, lda, B, ldb, beta, C, ldc);                          \
    }                                                                                                               \
    SOFTCUDA_API cublasStatus_t cublas##letter##gemmStridedBatched_64(                                              \
        cublasHandle_t handle, int transa, int transb, int64_t m, int64_t n, int64_t k, const T* alpha, const T* A, \
        int64_t lda, long long strideA, const T* B, int64_t ldb, long long strideB, const T* beta, T* C,            \
        int64_t ldc, long long strideC, int64_t batchCount) {                                                       \
        SOFTCUDA_ENTER(cublas##letter##gemmStridedBatched_64, cublasStatus_t)                                       \
        return gemm(handle, transa, transb, m, n, k, alpha, A, lda, B, ldb, beta, C, ldc,                           \
                    Strides{strideA, strideB, strideC, batchCount});                                                \
    }                                                                                                               \
    SOFTCUDA_API cublasStatus_t cublas##letter##trsm_v2_64(cublasHandle_t handle, int side, int uplo, int trans,    \
                                                           int diag, int64_t m, int64_t n, const T* alpha,          \
                                                           const T* A, int64_t lda, T* B, int64_t ldb) {            \
        SOFTCUDA_ENTER(cublas##letter##trsm_v2_64, cublasStatus_t)                                                  \
        return trsm(handle, side, uplo, trans, diag, m, n, alpha, A, lda, B, ldb);                                  \
    }

EXPORT_LEVEL3(S, float)
EXPORT_LEVEL3(D, double)
