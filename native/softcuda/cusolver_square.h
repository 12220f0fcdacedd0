// Cholesky, LU and symmetric eigenvalues of device matrices by LAPACK; as QR and SVD exempt from the same-bits rule.
#pragma once

#include <vector>

#include "cusolver_lapack.h"

namespace softcuda {

// LAPACK's Cholesky works in place; a buffer is asked for all the same, so that callers pass one as to the real library.
template <typename T>
Workspace potrf_workspace(int64_t n) {
    return {static_cast<size_t>(std::max<int64_t>(1, n)) * sizeof(T), kHostHeader};
}

// LAPACK's reference takes a NaN pivot for one that is not positive, OpenBLAS goes on with it.
template <typename T>
int first_nan_on_diagonal(const T* a, int n, int64_t lda) {
    for (int i = 0; i < n; i++) {
        if (std::isnan(a[i * (lda + 1)])) {
            return i + 1;
        }
    }
    return 0;
}

template <typename T>
cusolverStatus_t potrf(void* stream, bool upper, int64_t n, T* a, int64_t lda, void* work, size_t work_bytes, void* host,
                       size_t host_bytes, int* info) {
    const Workspace needed = potrf_workspace<T>(n);
    if (!valid_workspace(needed, work_bytes, host, host_bytes, info)) {
        return CUSOLVER_STATUS_INVALID_VALUE;
    }
    return submit_solver(stream, [=] {
        if (!on_device(needed, work, info) || !device_matrix(a, n, n, lda)) {
            return false;
        }
        int size = static_cast<int>(n), stride = static_cast<int>(lda), *host_info = static_cast<int*>(host);
        *host_info = 0;
        BlasThreads all(worker_count());
        Lapack<T>::potrf(upper ? "U" : "L", &size, a, &stride, host_info, 1);
        *info = *host_info != 0 ? *host_info : first_nan_on_diagonal(a, size, lda);
        return true;
    });
}

// Host: LAPACK's info, then its 32-bit pivots.
template <typename T>
Workspace getrf_workspace(int64_t m, int64_t n) {
    const int64_t shortest = std::max<int64_t>(1, std::min(m, n));
    return {static_cast<size_t>(shortest) * sizeof(T), kHostHeader + static_cast<size_t>(shortest) * sizeof(int)};
}

template <typename T>
void run_getrf(int64_t m, int64_t n, T* a, int64_t lda, int64_t* ipiv, void* host, int* info) {
    int rows = static_cast<int>(m), columns = static_cast<int>(n), stride = static_cast<int>(lda);
    int *host_info = static_cast<int*>(host), *pivots = host_info + kHostHeader / sizeof(int);
    *host_info = 0;
    BlasThreads all(worker_count());
    Lapack<T>::getrf(&rows, &columns, a, &stride, pivots, host_info);
    std::copy_n(pivots, std::min(m, n), ipiv);
    *info = *host_info;
}

template <typename T>
cusolverStatus_t getrf(void* stream, int64_t m, int64_t n, T* a, int64_t lda, int64_t* ipiv, void* work, size_t work_bytes,
                       void* host, size_t host_bytes, int* info) {
    const Workspace needed = getrf_workspace<T>(m, n);
    if (!valid_workspace(needed, work_bytes, host, host_bytes, info)) {
        return CUSOLVER_STATUS_INVALID_VALUE;
    }
    return submit_solver(stream, [=] {
        if (!on_device(needed, work, info) || !device_matrix(a, m, n, lda) || !device_vector(ipiv, std::min(m, n), 1)) {
            return false;
        }
        run_getrf(m, n, a, lda, ipiv, host, info);
        return true;
    });
}

template <typename T>
cusolverStatus_t getrs(void* stream, bool transposed, int64_t n, int64_t nrhs, const T* a, int64_t lda, const int64_t* ipiv,
                       T* b, int64_t ldb, int* info) {
    if (info == nullptr) {
        return CUSOLVER_STATUS_INVALID_VALUE;
    }
    return submit_solver(stream, [=] {
        if (!is_device_range(info, sizeof(int)) || !device_matrix(a, n, n, lda) || !device_vector(ipiv, n, 1) ||
            !device_matrix(b, n, nrhs, ldb)) {
            return false;
        }
        std::vector<int> pivots(ipiv, ipiv + n);
        int size = static_cast<int>(n), columns = static_cast<int>(nrhs), answer = 0;
        int stride_a = static_cast<int>(lda), stride_b = static_cast<int>(ldb);
        BlasThreads all(worker_count());
        Lapack<T>::getrs(transposed ? "T" : "N", &size, &columns, a, &stride_a, pivots.data(), b, &stride_b, &answer, 1);
        *info = answer;
        return true;
    });
}

template <typename T>
struct Eigen {
    bool vectors, upper;
    int n, lda;
    T *a, *w;

    // Host: LAPACK's info, then its integer work array.
    Workspace workspace() const {
        const size_t size = static_cast<size_t>(n);
        const size_t values = vectors ? 1 + 6 * size + 2 * size * size : 1 + 2 * size;
        return {values * sizeof(T), kHostHeader + (3 + 5 * size) * sizeof(int)};
    }
    bool on_device() const { return device_matrix(a, n, n, lda) && device_vector(w, n, 1); }
    bool finite() const {
        for (int64_t c = 0; c < n; c++) {
            for (int64_t r = upper ? 0 : c; r < (upper ? c + 1 : n); r++) {
                if (!std::isfinite(a[r + c * lda])) {
                    return false;
                }
            }
        }
        return true;
    }
    // On NaN LAPACK may iterate without end; cuSOLVER reports a failed iteration.
    int run(T* work, int* integers, int* info) {
        if (!finite()) {
            std::fill_n(w, n, std::numeric_limits<T>::quiet_NaN());
            return n;
        }
        int length = static_cast<int>(workspace().device / sizeof(T)), integer_length = 3 + 5 * n;
        Lapack<T>::syevd(vectors ? "V" : "N", upper ? "U" : "L", &n, a, &lda, w, work, &length, integers,
                               &integer_length, info, 1, 1);
        return *info;
    }
};

template <typename T>
cusolverStatus_t syevd(void* stream, Eigen<T> eigen, void* work, size_t work_bytes, void* host, size_t host_bytes, int* info) {
    const Workspace needed = eigen.workspace();
    if (!valid_workspace(needed, work_bytes, host, host_bytes, info)) {
        return CUSOLVER_STATUS_INVALID_VALUE;
    }
    return submit_solver(stream, [=]() mutable {
        if (!on_device(needed, work, info) || !eigen.on_device()) {
            return false;
        }
        BlasThreads all(worker_count());
        int* integers = static_cast<int*>(host);
        *integers = 0;
        *info = eigen.n == 0 ? 0 : eigen.run(static_cast<T*>(work), integers + kHostHeader / sizeof(int), integers);
        return true;
    });
}

}  // namespace softcuda
