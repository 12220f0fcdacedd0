// softcuda's cuBLAS against naive loops in long double, its error codes, and its same-bits rule.
#include "blas_check.h"

#include <cstring>
#include <string>
#include <utility>

namespace {

void* handle = nullptr;
enum { kSuccess = 0, kNotInitialized = 1, kInvalid = 7, kFailed = 13 };

struct Shape {
    int64_t m, n, k;
};

template <typename T>
struct Product {
    int ta, tb;
    Shape s;
    int64_t pad;
    T alpha, beta;
    int64_t lda() const { return (ta ? s.k : s.m) + pad; }
    int64_t ldb() const { return (tb ? s.n : s.k) + pad; }
    int64_t ldc() const { return s.m + pad; }
    int64_t a_size() const { return lda() * (ta ? s.m : s.k); }
    int64_t b_size() const { return ldb() * (tb ? s.k : s.n); }
    int64_t c_size() const { return ldc() * s.n; }
};

// Compares every element of C, and that the rows between m and ldc were left alone.
template <typename T>
void compare_product(const Product<T>& p, const T* a, const T* b, const T* before, const T* c) {
    bool all = true, gaps = true;
    for (int64_t j = 0; j < p.s.n; j++) {
        for (int64_t i = 0; i < p.ldc(); i++) {
            const T old = before[i + j * p.ldc()], now = c[i + j * p.ldc()];
            if (i >= p.s.m) {
                gaps = gaps && std::memcmp(&old, &now, sizeof(T)) == 0;
                continue;
            }
            long double sum = 0;
            for (int64_t l = 0; l < p.s.k && p.alpha != 0; l++) {
                sum += static_cast<long double>(p.ta ? a[l + i * p.lda()] : a[i + l * p.lda()]) *
                       (p.tb ? b[j + l * p.ldb()] : b[l + j * p.ldb()]);
            }
            long double want = p.alpha * sum + (p.beta == 0 ? 0.0L : static_cast<long double>(p.beta) * old);
            all = all && near(now, want, std::sqrt(static_cast<double>(p.s.k)), 2);
        }
    }
    CHECK(all);
    CHECK(gaps);
}

template <typename T>
void test_product(const Product<T>& p, bool poison) {
    Device<T> a(p.a_size()), b(p.b_size()), c(p.c_size());
    if (poison) {
        c.fill(not_a_number<T>());
    }
    auto before = c.copy();
    CHECK(Cublas<T>::gemm(handle, p.ta, p.tb, p.s.m, p.s.n, p.s.k, &p.alpha, a, p.lda(), b, p.ldb(), &p.beta, c,
                          p.ldc()) == kSuccess);
    compare_product(p, a.get(), b.get(), before.data(), c.get());
}

template <typename T>
void test_gemm() {
    const Shape shapes[] = {{1, 1, 1},   {3, 5, 7},      {17, 33, 65},  {20, 144, 40},
                            {37, 2, 900}, {260, 300, 50}, {9, 48, 5000}};
    for (const Shape& s : shapes) {
        for (int t = 0; t < 4; t++) {
            test_product(Product<T>{t & 1, t & 2, s, t, T(1), T(0)}, true);
            test_product(Product<T>{t & 1, t >> 1, s, 3, T(-0.5), T(0.75)}, false);
        }
        test_product(Product<T>{0, 0, s, 1, T(0), T(0)}, true);
        test_product(Product<T>{2, 0, s, 0, T(2), T(1)}, false);
        test_product(Product<T>{0, 0, {s.m, s.n, 0}, 2, T(2), T(0.5)}, false);
    }
    test_product(Product<T>{0, 1, {700, 500, 60}, 5, T(1), T(0)}, true);
}

template <typename T>
void test_batched(const Product<T>& p, int64_t count, int64_t stride_a, int64_t gap) {
    const int64_t stride_b = p.b_size() + gap, stride_c = p.c_size() + gap;
    Device<T> a(p.a_size() + stride_a * (count - 1)), b(stride_b * count), c(stride_c * count);
    auto before = c.copy();
    CHECK(Cublas<T>::batched(handle, p.ta, p.tb, p.s.m, p.s.n, p.s.k, &p.alpha, a, p.lda(), stride_a, b, p.ldb(),
                             stride_b, &p.beta, c, p.ldc(), stride_c, count) == kSuccess);
    for (int64_t i = 0; i < count; i++) {
        compare_product(p, a.get() + i * stride_a, b.get() + i * stride_b, before.data() + i * stride_c,
                        c.get() + i * stride_c);
    }
}

template <typename T>
int64_t place(int64_t i, int64_t n, int64_t step) {
    return step > 0 ? i * step : (i - n + 1) * step;
}

template <typename T>
void test_gemv(int trans, int64_t m, int64_t n, int64_t step_x, int64_t step_y, T alpha, T beta) {
    const int64_t outputs = trans ? n : m, inputs = trans ? m : n, lda = m + 2;
    Device<T> a(lda * n), x(inputs * std::abs(step_x)), y(outputs * std::abs(step_y));
    if (beta == 0) {
        y.fill(not_a_number<T>());
    }
    auto before = y.copy();
    CHECK(Cublas<T>::gemv(handle, trans, m, n, &alpha, a, lda, x, step_x, &beta, y, step_y) == kSuccess);
    bool all = true;
    for (int64_t i = 0; i < outputs; i++) {
        long double sum = 0;
        for (int64_t l = 0; l < inputs; l++) {
            sum += static_cast<long double>(trans ? a[l + i * lda] : a[i + l * lda]) * x[place<T>(l, inputs, step_x)];
        }
        const int64_t at = place<T>(i, outputs, step_y);
        const long double want = alpha * sum + (beta == 0 ? 0.0L : static_cast<long double>(beta) * before[at]);
        all = all && near(y[at], want, std::sqrt(static_cast<double>(inputs)), 2);
    }
    CHECK(all);
}

// Element (i, j) of op(A) with the triangle and the diagonal applied.
template <typename T>
long double triangle(const T* a, int64_t lda, int upper, int trans, int unit, int64_t i, int64_t j) {
    if (trans) {
        std::swap(i, j);
    }
    if (i == j) {
        return unit ? 1.0L : static_cast<long double>(a[i + i * lda]);
    }
    return (i < j) == (upper != 0) ? static_cast<long double>(a[i + j * lda]) : 0.0L;
}

// Solves, then multiplies back. What trsm may not read is NaN.
template <typename T>
void test_trsm(int side, int upper, int trans, int unit, int64_t m, int64_t n, T alpha) {
    const int64_t order = side ? n : m, lda = order + 1, ldb = m + 3;
    Device<T> a(lda * order), b(ldb * n);
    for (int64_t i = 0; i < order * order; i++) {
        const int64_t row = i % order, column = i / order;
        T& value = a[row + column * lda];
        value = row == column ? (unit ? not_a_number<T>() : T(2) + std::fabs(value)) : value / static_cast<T>(order);
        if (row != column && (row < column) != (upper != 0)) {
            value = not_a_number<T>();
        }
    }
    auto before = b.copy();
    CHECK(Cublas<T>::trsm(handle, side, upper, trans, unit, m, n, &alpha, a, lda, b, ldb) == kSuccess);
    bool all = true;
    for (int64_t i = 0; i < m * n; i++) {
        const int64_t row = i % m, column = i / m;
        long double sum = 0;
        for (int64_t l = 0; l < order; l++) {
            sum += side ? b[row + l * ldb] * triangle(a.get(), lda, upper, trans, unit, l, column)
                        : triangle(a.get(), lda, upper, trans, unit, row, l) * b[l + column * ldb];
        }
        all = all && near(static_cast<T>(sum), alpha * static_cast<long double>(before[row + column * ldb]), 16, 2);
    }
    CHECK(all);
}

template <typename T>
void test_vectors(int64_t n, int64_t step_x, int64_t step_y) {
    Device<T> x(n * std::abs(step_x) + 1), y(n * std::abs(step_y) + 1);
    long double dot = 0, squares = 0;
    for (int64_t i = 0; i < n; i++) {
        dot += static_cast<long double>(x[place<T>(i, n, step_x)]) * y[place<T>(i, n, step_y)];
        squares += static_cast<long double>(x[place<T>(i, n, step_x)]) * x[place<T>(i, n, step_x)];
    }
    T got = -1;
    CHECK(Cublas<T>::dot(handle, n, x, step_x, y, step_y, &got) == kSuccess);
    CHECK(near(got, dot, std::sqrt(static_cast<double>(n)), 2));
    CHECK(Cublas<T>::nrm2(handle, n, x, step_x, &got) == kSuccess);
    CHECK(near(got, step_x > 0 ? std::sqrt(squares) : 0.0L, 4, 1 + std::sqrt(static_cast<double>(n))));
    auto before = x.copy();
    const T factor = T(-1.5);
    CHECK(Cublas<T>::scal(handle, n, &factor, x, step_x) == kSuccess);
    bool all = true;
    for (int64_t i = 0; i < x.size(); i++) {
        const bool touched = step_x > 0 && i % step_x == 0 && i / step_x < n;
        all = all && x[i] == (touched ? factor * before[i] : before[i]);
    }
    CHECK(all);
}

// Squares of these leave the range of T, the norm does not.
template <typename T>
void test_norm_range() {
    for (T size : {std::numeric_limits<T>::max() / 1000, std::numeric_limits<T>::min() * 8}) {
        Device<T> x(40000);
        x.fill(size);
        T got = 0;
        CHECK(Cublas<T>::nrm2(handle, x.size(), x, 1, &got) == kSuccess);
        CHECK(std::fabs(got / size - 200) < 0.01);
        x[39999] = 0;
        x[3] = std::numeric_limits<T>::infinity();
        CHECK(Cublas<T>::nrm2(handle, x.size(), x, 1, &got) == kSuccess && std::isinf(got));
        x[35000] = not_a_number<T>();
        CHECK(Cublas<T>::nrm2(handle, x.size(), x, 1, &got) == kSuccess && std::isnan(got));
        const T zero = 0;
        CHECK(Cublas<T>::scal(handle, x.size(), &zero, x, 1) == kSuccess && std::isnan(x[35000]) && x[5] == 0);
        CHECK(std::isnan(x[3]));
    }
}

template <typename T>
void test_errors() {
    Device<T> a(100), b(100), c(100), scalars(2);
    T host[100] = {}, one = 1, zero = 0, got = 7;
    auto gemm = [&](int64_t m, int64_t n, int64_t k, const T* x, int64_t lda, int64_t ldb, T* out, int64_t ldc) {
        return Cublas<T>::gemm(handle, 0, 0, m, n, k, &one, x, lda, b, ldb, &zero, out, ldc);
    };
    CHECK(gemm(4, 4, 4, a, 4, 4, c, 4) == kSuccess);
    CHECK(gemm(-1, 4, 4, a, 4, 4, c, 4) == kInvalid && gemm(4, 4, -1, a, 4, 4, c, 4) == kInvalid);
    CHECK(gemm(4, 4, 4, a, 3, 4, c, 4) == kInvalid && gemm(4, 4, 4, a, 4, 3, c, 4) == kInvalid);
    CHECK(gemm(4, 4, 4, a, 4, 4, c, 3) == kInvalid && gemm(0, 4, 4, nullptr, 1, 4, nullptr, 1) == kSuccess);
    CHECK(gemm(4, 4, 4, host, 4, 4, c, 4) == kFailed && gemm(4, 4, 4, a, 4, 4, host, 4) == kFailed);
    CHECK(gemm(10, 11, 10, a, 10, 10, c, 10) == kFailed && gemm(4, 4, 4, a, INT64_MAX / 2, 4, c, 4) == kFailed);
    CHECK(Cublas<T>::gemm(nullptr, 0, 0, 1, 1, 1, &one, a, 1, b, 1, &zero, c, 1) == kNotInitialized);
    CHECK(Cublas<T>::gemm(handle, 3, 0, 1, 1, 1, &one, a, 1, b, 1, &zero, c, 1) == kInvalid);
    CHECK(Cublas<T>::gemm(handle, 0, 0, 1, 1, 1, nullptr, a, 1, b, 1, &zero, c, 1) == kInvalid);
    CHECK(Cublas<T>::gemm(handle, 0, 0, 1, 1, 1, scalars, a, 1, b, 1, &zero, c, 1) == kInvalid);
    CHECK(Cublas<T>::gemm(handle, 0, 0, 1, 1, 1, &zero, nullptr, 1, nullptr, 1, &zero, c, 1) == kSuccess);
    CHECK(Cublas<T>::batched(handle, 0, 0, 1, 1, 1, &one, a, 1, 1, b, 1, 1, &zero, c, 1, 1, -1) == kInvalid);
    CHECK(Cublas<T>::batched(handle, 0, 0, 1, 1, 1, &one, a, 1, 1, b, 1, 1, &zero, c, 1, 1, 0) == kSuccess);
    CHECK(Cublas<T>::batched(handle, 0, 0, 1, 1, 1, &one, a, 1, 1, b, 1, 1, &zero, c, 1, 1, 101) == kFailed);
    CHECK(Cublas<T>::gemv(handle, 0, 4, 4, &one, a, 3, b, 1, &zero, c, 1) == kInvalid);
    CHECK(Cublas<T>::gemv(handle, 0, 4, 4, &one, a, 4, b, 0, &zero, c, 1) == kInvalid);
    CHECK(Cublas<T>::gemv(handle, 0, 4, 4, &one, a, 4, host, 1, &zero, c, 1) == kFailed);
    CHECK(Cublas<T>::gemv(handle, 0, 0, 4, &one, a, 1, b, 1, &zero, c, 1) == kSuccess);
    CHECK(Cublas<T>::trsm(handle, 2, 0, 0, 0, 4, 4, &one, a, 4, b, 4) == kInvalid);
    CHECK(Cublas<T>::trsm(handle, 0, 0, 0, 0, 4, 4, &one, a, 3, b, 4) == kInvalid);
    CHECK(Cublas<T>::trsm(handle, 0, 0, 0, 0, 4, 4, &one, host, 4, b, 4) == kFailed);
    CHECK(Cublas<T>::trsm(handle, 0, 0, 0, 0, 4, 0, &one, nullptr, 4, nullptr, 4) == kSuccess);
    b.fill(not_a_number<T>());
    CHECK(Cublas<T>::trsm(handle, 0, 0, 0, 0, 4, 4, &zero, nullptr, 4, b, 4) == kSuccess && b[15] == 0);
    CHECK(Cublas<T>::dot(handle, 0, nullptr, 1, nullptr, 1, &got) == kSuccess && got == 0);
    CHECK(Cublas<T>::dot(handle, 5, host, 1, a, 1, &got) == kFailed);
    CHECK(Cublas<T>::nrm2(handle, 5, a, 1, nullptr) == kInvalid && Cublas<T>::nrm2(handle, -1, a, 1, &got) == kInvalid);
    CHECK(Cublas<T>::scal(handle, 5, &one, host, 1) == kFailed);
    CHECK(Cublas<T>::scal(handle, 0, &one, host, 1) == kSuccess);
}

template <typename T>
void test_device_scalars() {
    Device<T> a(9), b(9), c(9), scalars(3);
    a.fill(1), b.fill(2), c.fill(10);
    T one = 1, *alpha = scalars, *beta = alpha + 1, *result = alpha + 2;
    *alpha = 3, *beta = T(0.5);
    CHECK(cublasSetPointerMode_v2(handle, 1) == kSuccess);
    CHECK(Cublas<T>::gemm(handle, 0, 0, 3, 3, 3, alpha, a, 3, b, 3, beta, c, 3) == kSuccess && c[8] == 23);
    CHECK(Cublas<T>::gemv(handle, 0, 3, 3, alpha, a, 3, b, 1, beta, c, 1) == kSuccess && c[2] == T(29.5));
    CHECK(Cublas<T>::dot(handle, 9, a, 1, b, 1, result) == kSuccess && *result == 18);
    CHECK(Cublas<T>::gemm(handle, 0, 0, 3, 3, 3, &one, a, 3, b, 3, beta, c, 3) == kFailed);
    CHECK(cublasSetPointerMode_v2(handle, 0) == kSuccess);
}

void test_handle() {
    int version = 0;
    Device<double> workspace(64);
    void *other = nullptr, *bytes = workspace.get();
    CHECK(cublasCreate_v2(nullptr) == kInvalid && cublasCreate_v2(&other) == kSuccess);
    CHECK(cublasSetStream_v2(other, nullptr) == kSuccess && cublasSetMathMode(other, 2) == kSuccess);
    CHECK(cublasSetMathMode(other, 99) == kInvalid && cublasSetPointerMode_v2(other, 2) == kInvalid);
    CHECK(cublasSetWorkspace_v2(other, bytes, 512) == kSuccess && cublasSetWorkspace_v2(other, nullptr, 0) == kSuccess);
    CHECK(cublasSetWorkspace_v2(other, static_cast<char*>(bytes) + 8, 16) == kInvalid);
    CHECK(cublasGetVersion_v2(other, &version) == kSuccess && version >= 120000);
    CHECK(cublasDestroy_v2(other) == kSuccess && cublasDestroy_v2(other) == kNotInitialized);
    CHECK(cublasSetStream_v2(nullptr, nullptr) == kNotInitialized);
    CHECK(cublasSetStream_v2(other, nullptr) == kNotInitialized);
    CHECK(std::strcmp(cublasGetStatusName(13), "CUBLAS_STATUS_EXECUTION_FAILED") == 0);
    CHECK(cublasGetStatusString(0) != nullptr && cublasGetStatusName(12345) != nullptr);
}

// A leading dimension beyond 32 bits; only the few pages that hold elements are ever touched.
void test_wide() {
    const int64_t ld = (int64_t{1} << 31) + 8;
    unsigned long long address = 0;
    if (cuMemAlloc_v2(&address, static_cast<size_t>(ld + 8) * sizeof(float)) != 0) {
        return;
    }
    auto* a = reinterpret_cast<float*>(address);
    Device<float> b(6), c(15), x(8);
    const float one = 1, zero = 0;
    for (int i = 0; i < 5; i++) {
        a[i] = static_cast<float>(i + 1);
        a[ld + i] = static_cast<float>(10 * i + 10);
    }
    b.fill(2), c.fill(not_a_number<float>()), x.fill(3);
    CHECK(cublasSgemm_v2_64(handle, 0, 0, 5, 3, 2, &one, a, ld, b, 2, &zero, c, 5) == kSuccess);
    CHECK(c[0] == 22 && c[14] == 110);
    CHECK(cublasSgemv_v2_64(handle, 0, 5, 2, &one, a, ld, x, 1, &zero, c, 1) == kSuccess && c[4] == 165);
    CHECK(cublasSgemv_v2_64(handle, 1, 5, 2, &one, a, ld, x, 1, &zero, c, 1) == kSuccess && c[1] == 450);
    CHECK(cublasStrsm_v2_64(handle, 0, 1, 0, 0, 2, 1, &one, a, ld, x, 2) == kSuccess);
    CHECK(std::fabs(x[1] - 0.15f) < 1e-6f && std::fabs(x[0] - 1.5f) < 1e-5f);
    b.fill(0), b[0] = 2, b[3] = 4;
    CHECK(cublasStrsm_v2_64(handle, 0, 0, 0, 0, 2, 2, &one, b, 2, a, ld) == kSuccess && a[ld + 1] == 5);
    cuMemFree_v2(address);
}

uint64_t hash_bytes(uint64_t hash, const void* data, size_t bytes) {
    const auto* byte = static_cast<const unsigned char*>(data);
    for (size_t i = 0; i < bytes; i++) {
        hash = (hash ^ byte[i]) * 1099511628211u;
    }
    return hash;
}

// Results large enough to be tiled, folded into one number: it must not depend on SOFTCUDA_WORKERS.
template <typename T>
uint64_t fold_bits(uint64_t hash) {
    const T one = 1, half = T(0.5);
    Device<T> a(600 * 600), b(600 * 600), c(600 * 600), x(300000), y(300000);
    for (int64_t i = 0; i < 600; i++) {
        a[i + i * 600] += 30;
    }
    T results[2] = {};
    int status = Cublas<T>::gemm(handle, 0, 1, 550, 430, 600, &one, a, 600, b, 600, &half, c, 600);
    status |= Cublas<T>::gemm(handle, 0, 1, 30, 33, 9000, &one, x, 30, y, 33, &half, c, 600);
    hash = hash_bytes(hash, c.get(), 360000 * sizeof(T));
    status |= Cublas<T>::batched(handle, 1, 0, 30, 40, 50, &one, a, 50, 1500, b, 50, 2000, &half, c, 30, 1200, 150);
    status |= Cublas<T>::trsm(handle, 0, 0, 1, 0, 600, 7, &half, a, 600, b, 600);
    status |= Cublas<T>::trsm(handle, 1, 1, 0, 0, 200, 600, &half, a, 600, b, 600);
    status |= Cublas<T>::gemv(handle, 0, 3, 90000, &one, x, 3, y, 1, &half, c, 1);
    status |= Cublas<T>::gemv(handle, 1, 600, 600, &one, a, 600, y, 1, &half, c, 2);
    status |= Cublas<T>::dot(handle, 300000, x, 1, y, 1, &results[0]);
    status |= Cublas<T>::nrm2(handle, 300000, x, 1, &results[1]);
    CHECK(status == kSuccess);
    hash = hash_bytes(hash, b.get(), 360000 * sizeof(T));
    return hash_bytes(hash_bytes(hash, c.get(), 360000 * sizeof(T)), results, sizeof(results));
}

std::string bits_with_workers(const char* program, int workers) {
    const std::string command =
        "SOFTCUDA_WORKERS=" + std::to_string(workers) + " '" + std::string(program) + "' bits";
    std::string text;
    if (FILE* pipe = popen(command.c_str(), "r")) {
        for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) {
            text.push_back(static_cast<char>(c));
        }
        CHECK(pclose(pipe) == 0);
    }
    return text;
}

template <typename T>
void test_type() {
    test_gemm<T>();
    for (int64_t count : {1, 3, 20}) {
        test_batched(Product<T>{1, 0, {20, 31, 14}, 1, T(1.5), T(0.5)}, count, 400, 7);
        test_batched(Product<T>{0, 1, {5, 6, 7}, 0, T(1), T(1)}, count, 0, 0);
    }
    test_batched(Product<T>{0, 0, {150, 160, 70}, 0, T(1), T(1)}, 3, 150 * 70, 0);
    const Shape matrices[] = {{1, 1, 0}, {7, 5, 0}, {700, 900, 0}, {70001, 3, 0}, {3, 70001, 0}};
    for (const Shape& s : matrices) {
        for (int trans = 0; trans < 2; trans++) {
            test_gemv<T>(trans, s.m, s.n, 1, 1, T(1), T(0));
            test_gemv<T>(trans, s.m, s.n, 2, -3, T(-0.5), T(0.5));
            test_gemv<T>(trans, s.m, s.n, -1, 2, T(0), T(0.5));
        }
    }
    for (int modes = 0; modes < 16; modes++) {
        for (const Shape& s : {Shape{5, 3, 0}, Shape{65, 17, 0}, Shape{300, 24, 0}, Shape{24, 300, 0}}) {
            test_trsm<T>(modes & 1, modes >> 1 & 1, modes >> 2 & 1, modes >> 3, s.m, s.n, T(modes % 3 ? 1 : 0.5));
        }
    }
    for (int64_t n : {1, 7, 1000, 100001}) {
        test_vectors<T>(n, 1, 1);
        test_vectors<T>(n, 3, 2);
        test_vectors<T>(n, -2, 1);
    }
    test_norm_range<T>();
    test_errors<T>();
    test_device_scalars<T>();
}

}  // namespace

int main(int count, char** arguments) {
    open_device();
    CHECK(cublasCreate_v2(&handle) == kSuccess);
    if (count > 1) {
        const uint64_t hash = fold_bits<double>(fold_bits<float>(14695981039346656037u));
        std::printf("%016llx\n", static_cast<unsigned long long>(hash));
        return failures > 0;
    }
    test_handle();
    test_type<float>();
    test_type<double>();
    test_wide();
    const std::string alone = bits_with_workers(arguments[0], 1);
    CHECK(alone.size() == 17);
    CHECK(alone == bits_with_workers(arguments[0], 2) && alone == bits_with_workers(arguments[0], 5));
    CHECK(cublasDestroy_v2(handle) == kSuccess);
    return finish("blas_test");
}
