// softcuda's Cholesky, LU and symmetric eigenvalues: factors are multiplied back, solutions put in, error codes checked.
#include "blas_check.h"

#include <algorithm>

extern "C" {
int cusolverDnCreate(void**);
int cusolverDnDestroy(void*);
int cusolverDnXpotrf_bufferSize(void*, void*, int, int64_t, int, const void*, int64_t, int, size_t*, size_t*);
int cusolverDnXpotrf(void*, void*, int, int64_t, int, void*, int64_t, int, void*, size_t, void*, size_t, int*);
int cusolverDnXgetrf_bufferSize(void*, void*, int64_t, int64_t, int, const void*, int64_t, int, size_t*, size_t*);
int cusolverDnXgetrf(void*, void*, int64_t, int64_t, int, void*, int64_t, int64_t*, int, void*, size_t, void*, size_t,
                     int*);
int cusolverDnXgetrs(void*, void*, int, int64_t, int64_t, int, const void*, int64_t, const int64_t*, int, void*, int64_t,
                     int*);
int cusolverDnXsyevd_bufferSize(void*, void*, int, int, int64_t, int, const void*, int64_t, int, const void*, int,
                                size_t*, size_t*);
int cusolverDnXsyevd(void*, void*, int, int, int64_t, int, void*, int64_t, int, void*, int, void*, size_t, void*, size_t,
                     int*);
}

namespace {

void* handle = nullptr;
enum { kSuccess = 0, kNotInitialized = 1, kInvalid = 3, kFailed = 6, kNotSupported = 9 };

template <typename T>
constexpr int type_of = sizeof(T) == sizeof(float) ? 0 : 1;

template <typename T>
int run_cholesky(int uplo, int64_t n, T* a, int64_t lda, int* info, size_t missing = 0) {
    size_t device = 0, host = 0;
    CHECK(cusolverDnXpotrf_bufferSize(handle, nullptr, uplo, n, type_of<T>, a, lda, type_of<T>, &device, &host) == 0);
    Device<unsigned char> work(static_cast<int64_t>(device));
    std::vector<unsigned char> buffer(host);
    return cusolverDnXpotrf(handle, nullptr, uplo, n, type_of<T>, a, lda, type_of<T>, work.get(), device - missing,
                            buffer.data(), host, info);
}

// Only the named triangle is read and written; the other one holds NaN throughout.
template <typename T>
void test_cholesky(int uplo, int64_t n) {
    const int64_t lda = n + 3;
    Device<T> a(lda * n);
    Device<int> info(1);
    auto named = [&](int64_t r, int64_t c) { return uplo == 1 ? r <= c : r >= c; };
    for (int64_t e = 0; e < n * n; e++) {
        T& value = a[e % n + e / n * lda];
        value = !named(e % n, e / n) ? not_a_number<T>() : e % n == e / n ? static_cast<T>(n + 1) : value;
    }
    auto before = a.copy();
    CHECK(run_cholesky(uplo, n, a.get(), lda, info.get()) == kSuccess && *info == 0);
    bool all = true;
    for (int64_t e = 0; e < n * n; e++) {
        const int64_t r = e % n, c = e / n;
        long double sum = 0;
        for (int64_t l = 0; l <= std::min(r, c) && named(r, c); l++) {
            sum += uplo == 1 ? static_cast<long double>(a[l + r * lda]) * a[l + c * lda]
                             : static_cast<long double>(a[r + l * lda]) * a[c + l * lda];
        }
        all = all && (named(r, c) ? near(before[r + c * lda], sum, static_cast<double>(n), static_cast<double>(n))
                                  : std::isnan(a[r + c * lda]));
    }
    CHECK(all);
    a[(n - 1) * (lda + 1)] = static_cast<T>(-1);
    CHECK(run_cholesky(uplo, n, a.get(), lda, info.get()) == kSuccess && *info == n);
    a[(n - 1) * (lda + 1)] = not_a_number<T>();
    CHECK(run_cholesky(uplo, n, a.get(), lda, info.get()) == kSuccess && *info == n);
    CHECK(run_cholesky(uplo, n, a.get(), lda, info.get(), 1) == kInvalid);
}

template <typename T>
void test_lu(int trans, int64_t n, int64_t nrhs) {
    const int64_t lda = n + 1, ldb = n + 2;
    Device<T> a(lda * n), b(ldb * nrhs);
    Device<int64_t> pivots(n);
    Device<int> info(1);
    for (int64_t i = 0; i < n; i++) {
        a[(i + 1) % n + i * lda] += static_cast<T>(n);  // the largest entries lie off the diagonal, so rows are exchanged
    }
    auto matrix = a.copy(), right = b.copy();
    size_t device = 0, host = 0;
    CHECK(cusolverDnXgetrf_bufferSize(handle, nullptr, n, n, type_of<T>, a, lda, type_of<T>, &device, &host) == 0);
    Device<unsigned char> work(static_cast<int64_t>(device));
    std::vector<unsigned char> buffer(host);
    auto factor = [&](size_t bytes) {
        return cusolverDnXgetrf(handle, nullptr, n, n, type_of<T>, a, lda, pivots, type_of<T>, work.get(), device,
                                buffer.data(), bytes, info);
    };
    CHECK(factor(host - 1) == kInvalid && factor(host) == kSuccess && *info == 0);
    CHECK(n == 1 || pivots[0] == 2);
    CHECK(cusolverDnXgetrs(handle, nullptr, trans, n, nrhs, type_of<T>, a, lda, pivots, type_of<T>, b, ldb, info) == 0);
    bool all = *info == 0;
    for (int64_t e = 0; e < n * nrhs; e++) {
        long double sum = 0;
        for (int64_t l = 0; l < n; l++) {
            sum += static_cast<long double>(trans == 1 ? matrix[l + e % n * lda] : matrix[e % n + l * lda]) * b[l + e / n * ldb];
        }
        all = all && near(right[e % n + e / n * ldb], sum, static_cast<double>(n), static_cast<double>(n));
    }
    CHECK(all);
    a.fill(1);
    CHECK(factor(host) == kSuccess && (n == 1 ? *info == 0 : *info == 2));
}

template <typename T>
void test_eigen(int jobz, int uplo, int64_t n) {
    const int64_t lda = n + 1;
    Device<T> a(lda * n), w(n);
    Device<int> info(1);
    std::vector<T> full(static_cast<size_t>(n * n));
    for (int64_t e = 0; e < n * n; e++) {
        const int64_t r = e % n, c = e / n, low = std::min(r, c), high = std::max(r, c);
        full[static_cast<size_t>(e)] = uplo == 1 ? a[low + high * lda] : a[high + low * lda];
    }
    size_t device = 0, host = 0;
    CHECK(cusolverDnXsyevd_bufferSize(handle, nullptr, jobz, uplo, n, type_of<T>, a, lda, type_of<T>, w, type_of<T>,
                                      &device, &host) == kSuccess);
    Device<unsigned char> work(static_cast<int64_t>(device));
    std::vector<unsigned char> buffer(host);
    auto run = [&](size_t bytes) {
        return cusolverDnXsyevd(handle, nullptr, jobz, uplo, n, type_of<T>, a, lda, type_of<T>, w, type_of<T>, work.get(),
                                bytes, buffer.data(), host, info);
    };
    CHECK(run(device - 1) == kInvalid && run(device) == kSuccess && *info == 0);
    bool all = std::is_sorted(w.get(), w.get() + n);
    long double trace = 0, sum = 0;
    for (int64_t i = 0; i < n; i++) {
        trace += full[static_cast<size_t>(i * (n + 1))];
        sum += w[i];
    }
    all = all && near(static_cast<T>(sum), trace, static_cast<double>(n), static_cast<double>(n));
    for (int64_t e = 0; e < n * n && jobz == 1; e++) {
        long double product = 0;
        for (int64_t l = 0; l < n; l++) {
            product += static_cast<long double>(full[static_cast<size_t>(e % n + l * n)]) * a[l + e / n * lda];
        }
        all = all && near(static_cast<T>(product), static_cast<long double>(w[e / n]) * a[e % n + e / n * lda],
                          static_cast<double>(n), static_cast<double>(n));
    }
    CHECK(all);
    a.fill(not_a_number<T>());
    CHECK(run(device) == kSuccess && *info > 0 && std::isnan(w[0]));
}

template <typename T>
void test_type() {
    for (int64_t n : {1, 2, 7, 130}) {
        for (int mode : {0, 1}) {
            test_cholesky<T>(mode, n);
            test_lu<T>(mode, n, 3);
            test_eigen<T>(0, mode, n);
            test_eigen<T>(1, mode, n);
        }
    }
}

void test_errors() {
    Device<double> a(100), b(100), work(5000);
    Device<int64_t> pivots(10);
    Device<int> info(1);
    double host[1000], plain[100];
    auto cholesky = [&](int uplo, int64_t lda, int type, void* matrix) {
        return cusolverDnXpotrf(handle, nullptr, uplo, 10, 1, matrix, lda, type, work.get(), 40000, host, 8000, info);
    };
    CHECK(cholesky(2, 10, 1, a) == kInvalid && cholesky(0, 9, 1, a) == kInvalid && cholesky(0, 10, 0, a) == kNotSupported);
    CHECK(cholesky(0, 10, 1, plain) == kFailed);
    auto lu = [&](int64_t* ipiv) {
        return cusolverDnXgetrf(handle, nullptr, 10, 10, 1, a, 10, ipiv, 1, work.get(), 40000, host, 8000, info);
    };
    CHECK(lu(nullptr) == kNotSupported && lu(reinterpret_cast<int64_t*>(plain)) == kFailed && lu(pivots) == kSuccess);
    auto solve = [&](int trans, int64_t ldb, int* result) {
        return cusolverDnXgetrs(handle, nullptr, trans, 10, 2, 1, a, 10, pivots, 1, b, ldb, result);
    };
    CHECK(solve(0, 9, info) == kInvalid && solve(3, 10, info) == kInvalid && solve(0, 10, nullptr) == kInvalid);
    size_t device = 0, bytes = 0;
    auto eigen = [&](int jobz, int64_t n) {
        return cusolverDnXsyevd_bufferSize(handle, nullptr, jobz, 0, n, 1, a, std::max<int64_t>(1, n), 1, b, 1, &device,
                                           &bytes);
    };
    CHECK(eigen(2, 10) == kInvalid && eigen(1, 40000) == kInvalid && eigen(0, 40000) == kSuccess && eigen(1, 0) == kSuccess);
    CHECK(cusolverDnXgetrf(nullptr, nullptr, 1, 1, 1, a, 1, pivots, 1, work.get(), 8, host, 80, info) == kNotInitialized);
}

}  // namespace

int main() {
    open_device();
    CHECK(cusolverDnCreate(&handle) == kSuccess);
    test_type<float>();
    test_type<double>();
    test_errors();
    CHECK(cusolverDnDestroy(handle) == kSuccess);
    return finish("cusolver_square_test");
}
