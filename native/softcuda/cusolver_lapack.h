// QR and SVD of device matrices by LAPACK. These calls may use every core and are exempt from the same-bits rule.
#pragma once

#include <cmath>
#include <limits>

#include "blas_common.h"
#include "lapack.h"

enum cusolverStatus_t {
    CUSOLVER_STATUS_SUCCESS = 0,
    CUSOLVER_STATUS_NOT_INITIALIZED = 1,
    CUSOLVER_STATUS_ALLOC_FAILED = 2,
    CUSOLVER_STATUS_INVALID_VALUE = 3,
    CUSOLVER_STATUS_EXECUTION_FAILED = 6,
    CUSOLVER_STATUS_NOT_SUPPORTED = 9,
};

namespace softcuda {

// Device: LAPACK's work array. Host: LAPACK's info, then its integer work array.
struct Workspace {
    size_t device = 0, host = 0;
};

// Both buffers are asked for and used, so a caller that passes too little is found out.
// The code is cuSOLVER's for every wrong argument; INVALID_WORKSPACE belongs to its iterative solvers only.
inline bool valid_workspace(const Workspace& needed, size_t device_bytes, const void* host, size_t host_bytes,
                            const int* info) {
    return device_bytes >= needed.device && host_bytes >= needed.host && host != nullptr && info != nullptr;
}

inline bool on_device(const Workspace& needed, const void* device, const int* info) {
    return is_device_range(device, needed.device) && is_device_range(info, sizeof(int));
}

// The host workspace is used when the work runs: the caller keeps it until it has synchronised, and no graph can hold it.
template <typename Work>
cusolverStatus_t submit_solver(void* stream, Work&& work) {
    return submit_library(stream, Waits::uses_host_memory, std::forward<Work>(work)) ? CUSOLVER_STATUS_SUCCESS
                                                                                     : CUSOLVER_STATUS_EXECUTION_FAILED;
}

// The real library takes 64-bit sizes, this LAPACK 32-bit ones; only their product may be larger.
inline bool lapack_shape(int64_t m, int64_t n, int64_t lda) {
    return m >= 0 && n >= 0 && lda >= std::max<int64_t>(1, m) && std::max(lda, n) <= INT_MAX;
}

constexpr size_t kHostHeader = 64;

// geqrf's factors by its sibling geqrt: the same reflectors, but in recursive panels, which measured 1.3 times
// faster. Its triangles T hold tau on their diagonals.
constexpr int64_t kPanel = 128;

template <typename T>
Workspace geqrf_workspace(int64_t m, int64_t n) {
    int64_t shortest = std::min(m, n), panel = std::max<int64_t>(1, std::min(kPanel, shortest));
    return {static_cast<size_t>(panel * std::max<int64_t>(1, shortest + n)) * sizeof(T), kHostHeader};
}

template <typename T>
void run_geqrt(int m, int n, T* a, int lda, T* tau, T* work, int* info) {
    int shortest = std::min(m, n), panel = std::min(static_cast<int>(kPanel), shortest);
    T* triangles = work;
    BlasThreads all(worker_count());
    Lapack<T>::geqrt(&m, &n, &panel, a, &lda, triangles, &panel, work + static_cast<size_t>(panel) * shortest, info);
    for (int i = 0; i < shortest; i++) {
        tau[i] = triangles[i % panel + static_cast<size_t>(i) * panel];
    }
}

template <typename T>
cusolverStatus_t geqrf(void* stream, int64_t m, int64_t n, T* a, int64_t lda, T* tau, void* work, size_t work_bytes,
                       void* host, size_t host_bytes, int* info) {
    Workspace needed = geqrf_workspace<T>(m, n);
    if (!valid_workspace(needed, work_bytes, host, host_bytes, info)) {
        return CUSOLVER_STATUS_INVALID_VALUE;
    }
    return submit_solver(stream, [=] {
        if (!on_device(needed, work, info) || !device_matrix(a, m, n, lda) || !device_vector(tau, std::min(m, n), 1)) {
            return false;
        }
        int* host_info = static_cast<int*>(host);
        *host_info = 0;
        if (m > 0 && n > 0) {
            run_geqrt(static_cast<int>(m), static_cast<int>(n), a, static_cast<int>(lda), tau, static_cast<T*>(work),
                      host_info);
        }
        *info = *host_info;
        return true;
    });
}

// A float holds only 24 bits of the optimal size: the next value up is never too small.
template <typename T>
int work_length(T answer) {
    double length = std::ceil(std::nextafter(answer, std::numeric_limits<T>::max()));
    return static_cast<int>(std::clamp(length, 1.0, static_cast<double>(INT_MAX)));
}

template <typename T>
struct Svd {
    char jobu, jobvt;
    int m, n, lda, ldu, ldvt;
    T *a, *s, *u, *vt;

    // gesdd is the faster one but has a single job letter, and its vectors need several n * n of 32-bit work length.
    bool divide_and_conquer() const {
        constexpr int kLargest = 16000;
        return jobu == jobvt && (jobu == 'N' || (jobu != 'O' && n <= kLargest));
    }
    void run(T* work, int length, int* integers, int* info) {
        if (divide_and_conquer()) {
            Lapack<T>::gesdd(&jobu, &m, &n, a, &lda, s, u, &ldu, vt, &ldvt, work, &length, integers, info, 1);
        } else {
            Lapack<T>::gesvd(&jobu, &jobvt, &m, &n, a, &lda, s, u, &ldu, vt, &ldvt, work, &length, info, 1, 1);
        }
    }
    Workspace workspace() {
        T answer = 1;
        int integer = 0, info = 0;
        Svd query = *this;
        query.lda = query.ldu = std::max(1, m);
        query.ldvt = std::max(1, n);
        query.run(&answer, -1, &integer, &info);
        constexpr size_t kIntegersPerColumn = 8;
        return {static_cast<size_t>(work_length(answer)) * sizeof(T),
                kHostHeader + kIntegersPerColumn * static_cast<size_t>(n) * sizeof(int)};
    }
    bool on_device() const {
        bool left = jobu == 'A' || jobu == 'S', right = jobvt == 'A' || jobvt == 'S';
        return device_matrix(a, m, n, lda) && device_vector(s, n, 1) &&
               (!left || device_matrix(u, m, jobu == 'A' ? m : n, ldu)) && (!right || device_matrix(vt, n, n, ldvt));
    }
};

inline bool job_letter(signed char job) { return job == 'N' || job == 'S' || job == 'A' || job == 'O'; }

// cuSOLVER takes tall matrices only. Beyond kLargest LAPACK's 32-bit n * n work lengths would overflow.
inline bool svd_shape(signed char jobu, signed char jobvt, int64_t m, int64_t n, int64_t lda, int64_t ldu,
                      int64_t ldvt) {
    constexpr int64_t kLargest = 32767;
    bool values_only = jobu == 'N' && jobvt == 'N';
    bool left = jobu == 'A' || jobu == 'S', right = jobvt == 'A' || jobvt == 'S';
    return job_letter(jobu) && job_letter(jobvt) && !(jobu == 'O' && jobvt == 'O') && m >= n &&
           lapack_shape(m, n, lda) && (values_only || n <= kLargest) && std::max(ldu, ldvt) <= INT_MAX &&
           ldu >= (left ? std::max<int64_t>(1, m) : 1) && ldvt >= (right ? std::max<int64_t>(1, n) : 1);
}

template <typename T>
Svd<T> make_svd(signed char jobu, signed char jobvt, int64_t m, int64_t n, const void* a, int64_t lda, const void* s,
                const void* u, int64_t ldu, const void* vt, int64_t ldvt) {
    auto real = [](const void* pointer) { return static_cast<T*>(const_cast<void*>(pointer)); };
    return {static_cast<char>(jobu),  static_cast<char>(jobvt), static_cast<int>(m), static_cast<int>(n),
            static_cast<int>(lda),    static_cast<int>(ldu),    static_cast<int>(ldvt), real(a),
            real(s),                  real(u),                  real(vt)};
}

// gesdd answers a NaN in A by info = -4 and no values; cuSOLVER reports a failed iteration.
template <typename T>
int finish_svd(const Svd<T>& svd, int info) {
    if (info != -4) {
        return info;
    }
    std::fill_n(svd.s, svd.n, std::numeric_limits<T>::quiet_NaN());
    return svd.n;
}

template <typename T>
void run_svd(Svd<T> svd, const Workspace& needed, void* work, void* host, int* info) {
    *info = 0;
    if (svd.n > 0) {
        BlasThreads all(worker_count());
        int* integers = static_cast<int*>(host);
        svd.run(static_cast<T*>(work), static_cast<int>(needed.device / sizeof(T)),
                integers + kHostHeader / sizeof(int), integers);
        *info = finish_svd(svd, *integers);
    }
}

template <typename T>
cusolverStatus_t gesvd(void* stream, Svd<T> svd, void* work, size_t work_bytes, void* host, size_t host_bytes,
                       int* info) {
    Workspace needed = svd.workspace();
    if (!valid_workspace(needed, work_bytes, host, host_bytes, info)) {
        return CUSOLVER_STATUS_INVALID_VALUE;
    }
    return submit_solver(stream, [=] {
        if (!on_device(needed, work, info) || !svd.on_device()) {
            return false;
        }
        run_svd(svd, needed, work, host, info);
        return true;
    });
}

}  // namespace softcuda
