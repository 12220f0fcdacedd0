// Elementwise kernels through cuLaunchKernel on softcuda's fast device against plain OpenMP loops over the same memory: one
// line per kernel and size with the median of 15 alternating runs. Build target elementwise_bench.
#include <omp.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "math.cuh"

extern "C" {
int cuInit(unsigned);
int cuDevicePrimaryCtxRetain(void**, int);
int cuCtxSetCurrent(void*);
int cuMemAlloc_v2(unsigned long long*, size_t);
int cuModuleLoadDataEx(void**, const void*, unsigned, int*, void**);
int cuModuleGetFunction(void**, void*, const char*);
int cuLaunchKernel(void*, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, void*, void**, void**);
}

namespace {

struct Broadcast {
    int64_t rank, rows, columns, a_step, b_step, size[6], a_stride[6], b_stride[6];
};

double milliseconds(const auto& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

void check(int status) {
    if (status != 0) std::exit(std::printf("driver call failed: %d\n", status));
}

// Each timed run repeats the work until it touches about 16 M elements.
void compare(const char* name, int64_t n, const auto& ours, const auto& plain) {
    const int64_t repeats = std::max<int64_t>(1, (int64_t(1) << 24) / n);
    std::vector<double> a, b;
    for (int run = 0; run < 3 + 15; ++run) {
        const double t = milliseconds([&] { for (int64_t i = 0; i < repeats; ++i) ours(); });
        const double u = milliseconds([&] { for (int64_t i = 0; i < repeats; ++i) plain(); });
        if (run >= 3) a.push_back(t / double(repeats)), b.push_back(u / double(repeats));
    }
    std::sort(a.begin(), a.end());
    std::sort(b.begin(), b.end());
    std::printf("%-12s %9lld  kernel %8.4f ms  loop %8.4f ms  ratio %.2f\n", name, static_cast<long long>(n), a[7], b[7], a[7] / b[7]);
}

}  // namespace

int main() {
    void *context, *module, *add, *sigmoid;
    check(cuInit(0));
    check(cuDevicePrimaryCtxRetain(&context, 0));
    check(cuCtxSetCurrent(context));
    check(cuModuleLoadDataEx(&module, "SOFTCUDA-KERNELS", 0, nullptr, nullptr));
    check(cuModuleGetFunction(&add, module, "elementwise_add_f32"));
    check(cuModuleGetFunction(&sigmoid, module, "elementwise_sigmoid_f32"));
    for (int64_t n : {int64_t(1) << 16, int64_t(1) << 24}) {
        unsigned long long addresses[3];
        for (auto& address : addresses) check(cuMemAlloc_v2(&address, size_t(n) * 4));
        auto *a = reinterpret_cast<float*>(addresses[0]), *b = reinterpret_cast<float*>(addresses[1]),
             *y = reinterpret_cast<float*>(addresses[2]);
        for (int64_t i = 0; i < n; ++i) a[i] = float(i % 17) - 8, b[i] = float(i % 13) - 6;
        const unsigned grid = unsigned(std::min<int64_t>(4 * omp_get_num_procs(), (n + 16383) / 16384));
        Broadcast shape{0, 1, n, 1, 1, {}, {}, {}};
        double p = 0, q = 0;
        void *add_arguments[] = {&shape, &a, &b, &y}, *sigmoid_arguments[] = {&n, &a, &y, &p, &q};
        compare("add", n, [&] { cuLaunchKernel(add, grid, 1, 1, 1, 1, 1, 0, nullptr, add_arguments, nullptr); }, [&] {
#pragma omp parallel for simd
            for (int64_t i = 0; i < n; ++i) y[i] = a[i] + b[i];
        });
        compare("sigmoid", n, [&] { cuLaunchKernel(sigmoid, grid, 1, 1, 1, 1, 1, 0, nullptr, sigmoid_arguments, nullptr); }, [&] {
#pragma omp parallel for simd
            for (int64_t i = 0; i < n; ++i) y[i] = math::sigmoid(a[i]);
        });
    }
}
