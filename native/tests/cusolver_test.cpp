// softcuda's cuSOLVER: factors are multiplied back, singular values compared with known ones, error codes checked.
#include "blas_check.h"

#include <algorithm>

extern "C" {
int cusolverDnCreate(void**);
int cusolverDnDestroy(void*);
int cusolverDnSetStream(void*, void*);
int cusolverDnCreateParams(void**);
int cusolverDnDestroyParams(void*);
int cusolverGetVersion(int*);
int cusolverDnXgeqrf_bufferSize(void*, void*, int64_t, int64_t, int, const void*, int64_t, int, const void*, int,
                                size_t*, size_t*);
int cusolverDnXgeqrf(void*, void*, int64_t, int64_t, int, void*, int64_t, int, void*, int, void*, size_t, void*,
                     size_t, int*);
int cusolverDnXgesvd_bufferSize(void*, void*, signed char, signed char, int64_t, int64_t, int, const void*, int64_t,
                                int, const void*, int, const void*, int64_t, int, const void*, int64_t, int, size_t*,
                                size_t*);
int cusolverDnXgesvd(void*, void*, signed char, signed char, int64_t, int64_t, int, void*, int64_t, int, void*, int,
                     void*, int64_t, int, void*, int64_t, int, void*, size_t, void*, size_t, int*);
}

namespace {

void *handle = nullptr, *params = nullptr;
enum { kSuccess = 0, kNotInitialized = 1, kInvalid = 3, kFailed = 6, kNotSupported = 9 };

template <typename T>
int type_of() {
    return sizeof(T) == sizeof(float) ? 0 : 1;
}

template <typename T>
int run_qr(int64_t m, int64_t n, T* a, int64_t lda, T* tau, int* info, size_t missing = 0) {
    const int type = type_of<T>();
    size_t device = 0, host = 0;
    CHECK(cusolverDnXgeqrf_bufferSize(handle, params, m, n, type, a, lda, type, tau, type, &device, &host) == kSuccess);
    CHECK(device > 0 && host > 0);
    Device<unsigned char> work(static_cast<int64_t>(device));
    std::vector<unsigned char> buffer(host);
    return cusolverDnXgeqrf(handle, params, m, n, type, a, lda, type, tau, type, work.get(), device - missing,
                            buffer.data(), host, info);
}

// A = H_1 ... H_k R, applied column by column from the reflectors below the diagonal.
template <typename T>
void test_qr(int64_t m, int64_t n) {
    const int64_t lda = m + 2, shortest = std::min(m, n);
    Device<T> a(lda * n), tau(shortest);
    Device<int> info(1);
    *info = -7;
    auto before = a.copy();
    CHECK(run_qr(m, n, a.get(), lda, tau.get(), info.get()) == kSuccess && *info == 0);
    bool all = true;
    for (int64_t j = 0; j < n; j++) {
        std::vector<double> column(static_cast<size_t>(m), 0.0);
        std::copy_n(a.get() + j * lda, std::min(j + 1, m), column.begin());
        for (int64_t r = shortest - 1; r >= 0; r--) {
            double sum = column[r];
            for (int64_t i = r + 1; i < m; i++) {
                sum += static_cast<double>(a[i + r * lda]) * column[i];
            }
            sum *= static_cast<double>(tau[r]);
            column[r] -= sum;
            for (int64_t i = r + 1; i < m; i++) {
                column[i] -= sum * static_cast<double>(a[i + r * lda]);
            }
        }
        for (int64_t i = 0; i < m; i++) {
            all = all && near(static_cast<T>(column[i]), before[i + j * lda], std::sqrt(static_cast<double>(m)), 4);
        }
    }
    CHECK(all);
    CHECK(run_qr(m, n, a.get(), lda, tau.get(), info.get(), 1) == kInvalid);
}

template <typename T>
struct Decomposition {
    int64_t m, n, lda, ldu, ldvt;
    signed char jobu, jobvt;
    Device<T> a, s, u, vt;
    Device<int> info{1};

    Decomposition(int64_t rows, int64_t columns, signed char left, signed char right)
        : m(rows), n(columns), lda(m + 1), ldu(m + 2), ldvt(n + 3), jobu(left), jobvt(right), a(lda * n), s(n),
          u(ldu * (left == 'A' ? m : n)), vt(ldvt * n) {}
    int run(size_t missing = 0) {
        const int type = type_of<T>();
        size_t device = 0, host = 0;
        CHECK(cusolverDnXgesvd_bufferSize(handle, params, jobu, jobvt, m, n, type, a, lda, type, s, type, u, ldu, type,
                                          vt, ldvt, type, &device, &host) == kSuccess);
        CHECK(device > 0 && host > 0);
        Device<unsigned char> work(static_cast<int64_t>(device));
        std::vector<unsigned char> buffer(host);
        return cusolverDnXgesvd(handle, params, jobu, jobvt, m, n, type, a, lda, type, s, type, u, ldu, type, vt, ldvt,
                                type, work.get(), device, buffer.data(), host - missing, info);
    }
};

// Where both sides are there, A = U S VT; one side alone must have orthonormal vectors.
template <typename T>
void test_vectors(int64_t m, int64_t n, signed char jobu, signed char jobvt) {
    Decomposition<T> d(m, n, jobu, jobvt);
    auto before = d.a.copy();
    CHECK(d.run() == kSuccess && *d.info == 0);
    bool all = true, ordered = std::is_sorted(d.s.get(), d.s.get() + n, [](T x, T y) { return x > y; });
    for (int64_t e = 0; e < m * n && jobu != 'N' && jobvt != 'N'; e++) {
        long double sum = 0;
        for (int64_t l = 0; l < n; l++) {
            sum += static_cast<long double>(d.u[e % m + l * d.ldu]) * d.s[l] * d.vt[l + e / m * d.ldvt];
        }
        all = all && near(before[e % m + e / m * d.lda], sum, static_cast<double>(n), 8);
    }
    const int64_t columns = jobu == 'A' ? m : n;
    for (int64_t e = 0; e < columns * columns && jobu != 'N'; e++) {
        long double sum = 0;
        for (int64_t i = 0; i < m; i++) {
            sum += static_cast<long double>(d.u[i + e % columns * d.ldu]) * d.u[i + e / columns * d.ldu];
        }
        all = all && near(static_cast<T>(sum), e % columns == e / columns ? 1 : 0, static_cast<double>(m), 4);
    }
    CHECK(all);
    CHECK(ordered);
}

// The rows of A are a Hadamard-like rotation of known values: A^T A = diag(value^2).
template <typename T>
void test_known_values(int64_t n) {
    Decomposition<T> d(2 * n, n, 'N', 'N');
    for (int64_t j = 0; j < n; j++) {
        const double value = static_cast<double>(n - j), angle = 0.3 * static_cast<double>(j);
        std::fill_n(d.a.get() + j * d.lda, 2 * n, T(0));
        d.a[2 * j + j * d.lda] = static_cast<T>(value * std::cos(angle));
        d.a[2 * j + 1 + j * d.lda] = static_cast<T>(value * std::sin(angle));
    }
    CHECK(d.run() == kSuccess && *d.info == 0);
    bool all = true;
    for (int64_t j = 0; j < n; j++) {
        all = all && near(d.s[j], static_cast<double>(n - j), 8, static_cast<double>(n));
    }
    CHECK(all);
    CHECK(d.run(1) == kInvalid);
    d.a[3] = not_a_number<T>();
    CHECK(d.run() == kSuccess && *d.info > 0 && std::isnan(d.s[0]));
}

template <typename T>
void test_type() {
    for (auto [m, n] : {std::pair<int64_t, int64_t>{1, 1}, {7, 3}, {3, 7}, {130, 129}, {400, 150}, {200, 200}}) {
        test_qr<T>(m, n);
    }
    for (signed char left : {'N', 'S', 'A'}) {
        for (signed char right : {'N', 'S', 'A'}) {
            test_vectors<T>(37, 20, left, right);
            test_vectors<T>(20, 20, left, right);
        }
    }
    test_known_values<T>(60);
}

void test_errors() {
    Device<double> a(100), tau(10), work(5000), s(10);
    Device<int> info(1);
    double host[1000], plain[100];
    size_t device = 0, bytes = 0;
    auto qr = [&](int64_t m, int64_t lda, int type, void* matrix, int* result) {
        return cusolverDnXgeqrf(handle, params, m, 10, 1, matrix, lda, type, tau, 1, work.get(), 40000, host, 8000,
                                result);
    };
    auto size = [&](int64_t m, int64_t n, signed char job, int64_t ldu) {
        return cusolverDnXgesvd_bufferSize(handle, nullptr, job, 'N', m, n, 1, a, 10, 1, s, 1, nullptr, ldu, 1, nullptr,
                                           1, 1, &device, &bytes);
    };
    CHECK(qr(10, 10, 1, a, info) == kSuccess);
    CHECK(qr(-1, 10, 1, a, info) == kInvalid && qr(10, 9, 1, a, info) == kInvalid);
    CHECK(qr(int64_t{1} << 31, int64_t{1} << 31, 1, a, info) == kInvalid && qr(0, 1, 1, a, info) == kSuccess);
    CHECK(qr(10, 10, 0, a, info) == kNotSupported && qr(10, 10, 1, plain, info) == kFailed);
    CHECK(qr(10, 10, 1, a, nullptr) == kInvalid && qr(10, 10, 1, a, reinterpret_cast<int*>(plain)) == kFailed);
    CHECK(size(5, 6, 'N', 1) == kInvalid && size(6, 5, 'X', 1) == kInvalid && size(6, 5, 'S', 5) == kInvalid);
    CHECK(size(6, 5, 'N', 1) == kSuccess && size(0, 0, 'N', 1) == kSuccess);
}

void test_handles() {
    int version = 0;
    CHECK(cusolverDnCreate(nullptr) == kInvalid && cusolverDnSetStream(nullptr, nullptr) == kNotInitialized);
    CHECK(cusolverGetVersion(&version) == kSuccess && version >= 11000);
    CHECK(cusolverDnSetStream(handle, nullptr) == kSuccess);
    CHECK(cusolverDnDestroyParams(params) == kSuccess && cusolverDnDestroyParams(params) == kInvalid);
    CHECK(cusolverDnDestroy(handle) == kSuccess && cusolverDnDestroy(handle) == kNotInitialized);
}

}  // namespace

int main() {
    open_device();
    CHECK(cusolverDnCreate(&handle) == kSuccess && cusolverDnCreateParams(&params) == kSuccess);
    test_type<float>();
    test_type<double>();
    test_errors();
    test_handles();
    return finish("cusolver_test");
}
