// What the BLAS and the solver test share: softcuda's entry points, device buffers, deterministic data, counted checks.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <vector>

extern "C" {
int cuInit(unsigned);
int cuDevicePrimaryCtxRetain(void**, int);
int cuCtxSetCurrent(void*);
int cuMemAlloc_v2(unsigned long long*, size_t);
int cuMemFree_v2(unsigned long long);

int cublasCreate_v2(void**);
int cublasDestroy_v2(void*);
int cublasSetStream_v2(void*, void*);
int cublasSetWorkspace_v2(void*, void*, size_t);
int cublasSetMathMode(void*, int);
int cublasSetPointerMode_v2(void*, int);
int cublasGetVersion_v2(void*, int*);
const char* cublasGetStatusName(int);
const char* cublasGetStatusString(int);
#define DECLARE_BLAS(letter, T)                                                                                        \
    int cublas##letter##gemm_v2_64(void*, int, int, int64_t, int64_t, int64_t, const T*, const T*, int64_t, const T*,  \
                                   int64_t, const T*, T*, int64_t);                                                    \
    int cublas##letter##gemmStridedBatched_64(void*, int, int, int64_t, int64_t, int64_t, const T*, const T*, int64_t, \
                                              long long, const T*, int64_t, long long, const T*, T*, int64_t,          \
                                              long long, int64_t);                                                     \
    int cublas##letter##gemv_v2_64(void*, int, int64_t, int64_t, const T*, const T*, int64_t, const T*, int64_t,       \
                                   const T*, T*, int64_t);                                                             \
    int cublas##letter##trsm_v2_64(void*, int, int, int, int, int64_t, int64_t, const T*, const T*, int64_t, T*,       \
                                   int64_t);                                                                           \
    int cublas##letter##nrm2_v2_64(void*, int64_t, const T*, int64_t, T*);                                             \
    int cublas##letter##dot_v2_64(void*, int64_t, const T*, int64_t, const T*, int64_t, T*);                           \
    int cublas##letter##scal_v2_64(void*, int64_t, const T*, T*, int64_t);
DECLARE_BLAS(S, float)
DECLARE_BLAS(D, double)
}

template <typename T>
struct Cublas;
#define BLAS_TABLE(letter, T)                                                    \
    template <>                                                                  \
    struct Cublas<T> {                                                           \
        static constexpr auto gemm = cublas##letter##gemm_v2_64;                 \
        static constexpr auto batched = cublas##letter##gemmStridedBatched_64;   \
        static constexpr auto gemv = cublas##letter##gemv_v2_64;                 \
        static constexpr auto trsm = cublas##letter##trsm_v2_64;                 \
        static constexpr auto nrm2 = cublas##letter##nrm2_v2_64;                 \
        static constexpr auto dot = cublas##letter##dot_v2_64;                   \
        static constexpr auto scal = cublas##letter##scal_v2_64;                 \
    };
BLAS_TABLE(S, float)
BLAS_TABLE(D, double)

inline long checks = 0, failures = 0;

#define CHECK(condition)                                                        \
    do {                                                                        \
        ++checks;                                                               \
        if (!(condition) && ++failures <= 20) {                                 \
            std::fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
        }                                                                       \
    } while (false)

inline void open_device() {
    void* context = nullptr;
    CHECK(cuInit(0) == 0);
    CHECK(cuDevicePrimaryCtxRetain(&context, 0) == 0);
    CHECK(cuCtxSetCurrent(context) == 0);
}

inline double next_random() {
    static uint64_t state = 0x9E3779B97F4A7C15u;
    state = state * 6364136223846793005u + 1442695040888963407u;
    return static_cast<double>(state >> 11) / 4503599627370496.0 - 1.0;
}

// Device memory of device 0 is ordinary memory: the test fills and reads it in place.
template <typename T>
class Device {
public:
    explicit Device(int64_t count) : count_(count) {
        unsigned long long address = 0;
        CHECK(cuMemAlloc_v2(&address, static_cast<size_t>(count > 0 ? count : 1) * sizeof(T)) == 0);
        data_ = reinterpret_cast<T*>(address);
        for (int64_t i = 0; i < count; i++) {
            data_[i] = static_cast<T>(next_random());
        }
    }
    ~Device() { cuMemFree_v2(reinterpret_cast<unsigned long long>(data_)); }
    Device(const Device&) = delete;
    Device& operator=(const Device&) = delete;
    operator T*() const { return data_; }
    T* get() const { return data_; }
    int64_t size() const { return count_; }
    void fill(T value) const {
        for (int64_t i = 0; i < count_; i++) {
            data_[i] = value;
        }
    }
    std::vector<T> copy() const { return std::vector<T>(data_, data_ + count_); }

private:
    T* data_;
    int64_t count_;
};

template <typename T>
T not_a_number() {
    return std::numeric_limits<T>::quiet_NaN();
}

// |got - want| within the rounding of a sum of `terms` products of size about `magnitude`.
template <typename T>
bool near(T got, long double want, double terms, double magnitude = 1) {
    double bound = 8 * static_cast<double>(std::numeric_limits<T>::epsilon()) * (terms + 4) * magnitude;
    return std::fabs(static_cast<double>(static_cast<long double>(got) - want)) <= bound;
}

inline int finish(const char* name) {
    if (failures > 0) {
        std::fprintf(stderr, "%s: %ld of %ld checks failed\n", name, failures, checks);
        return 1;
    }
    std::printf("%s: %ld checks passed\n", name, checks);
    return 0;
}
