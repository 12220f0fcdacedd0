// Elementwise kernels through cuLaunchKernel on softcuda's fast device against plain OpenMP loops over the same memory: one line
// per kernel and size with medians of alternating runs. Build target elementwise_bench; elementwise_bench [RUNS], 41 unless given.
// Idle threads of OpenMP spin for milliseconds and would take a core from the kernels, so each run starts after a pause, and warm.
// On a machine with other work only those counts in which none of its threads was preempted and all of them ran throughout.
#include <omp.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <thread>
#include <vector>

#include "math.cuh"

extern "C" {
int cuInit(unsigned);
int cuDevicePrimaryCtxRetain(void**, int);
int cuCtxSetCurrent(void*);
int cuMemAlloc_v2(unsigned long long*, size_t);
int cuMemFree_v2(unsigned long long);
int cuStreamCreate(void**, unsigned);
int cuModuleLoadDataEx(void**, const void*, unsigned, int*, void**);
int cuModuleGetFunction(void**, void*, const char*);
int cuLaunchKernel(void*, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, void*, void**, void**);
}

namespace {

struct Broadcast {
    int64_t rank, rows, columns, a_step, b_step, size[6], a_stride[6], b_stride[6];
};

constexpr auto pause = std::chrono::milliseconds(20);
constexpr double least_milliseconds = 1;
constexpr int windows = 20;            // of so many milliseconds in a run, the first that counts after the first one is taken
constexpr size_t most_attempts = 20;  // for each run

double milliseconds(clockid_t clock) {
    timespec now;
    clock_gettime(clock, &now);
    return double(now.tv_sec) * 1e3 + double(now.tv_nsec) * 1e-6;
}

long preemptions() {
    rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_nivcsw;
}

double repeat(const auto& work, double least) {
    const double start = milliseconds(CLOCK_MONOTONIC);
    double elapsed = 0;
    int64_t calls = 0;
    for (; elapsed < least; ++calls) work(), elapsed = milliseconds(CLOCK_MONOTONIC) - start;
    return elapsed / double(calls);
}

// Whether no thread was preempted and all of them ran throughout; adds the milliseconds of one call if so.
bool measure_window(const auto& work, std::vector<double>& results) {
    const long before = preemptions();
    const double start = milliseconds(CLOCK_MONOTONIC), processor = milliseconds(CLOCK_PROCESS_CPUTIME_ID);
    const double result = repeat(work, least_milliseconds);
    const double elapsed = milliseconds(CLOCK_MONOTONIC) - start;
    const double cores = (milliseconds(CLOCK_PROCESS_CPUTIME_ID) - processor) / elapsed;
    if (preemptions() != before || cores < 0.95 * omp_get_max_threads()) return false;
    results.push_back(result);
    return true;
}

void measure(const auto& work, std::vector<double>& results) {
    std::this_thread::sleep_for(pause);
    repeat(work, least_milliseconds);
    for (int window = 1; window < windows && !measure_window(work, results); ++window) {
    }
}

double quartile(std::vector<double> values, size_t which) {
    std::sort(values.begin(), values.end());
    return values[values.size() * which / 4];
}

double median(const std::vector<double>& values) { return quartile(values, 2); }

void check(int status) {
    if (status != 0) std::exit(std::printf("driver call failed: %d\n", status));
}

void compare(const char* name, int64_t n, size_t runs, const auto& kernel, const auto& loop) {
    std::vector<double> k, l;
    size_t attempts = 0;
    for (; attempts < runs * most_attempts && (k.size() < runs || l.size() < runs); ++attempts) {
        measure(kernel, k);
        measure(loop, l);
    }
    std::printf("%-8s %9lld  ", name, static_cast<long long>(n));
    if (k.empty() || l.empty()) return void(std::printf("not measured: the machine is too busy\n"));
    std::printf("kernel %8.4f ms (quartiles %.4f %.4f)  loop %8.4f ms (%.4f %.4f)  ratio %.2f  of %zu attempts %zu and %zu count\n",
                median(k), quartile(k, 1), quartile(k, 3), median(l), quartile(l, 1), quartile(l, 3), median(k) / median(l),
                attempts, k.size(), l.size());
}

}  // namespace

int main(int count, char** words) {
    const size_t runs = count > 1 ? size_t(std::max(1, std::atoi(words[1]))) : 41;
    void *context, *stream, *module, *add, *sigmoid;
    check(cuInit(0));
    check(cuDevicePrimaryCtxRetain(&context, 0));
    check(cuCtxSetCurrent(context));
    check(cuStreamCreate(&stream, 1));
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
        compare("add", n, runs, [&] { cuLaunchKernel(add, grid, 1, 1, 1, 1, 1, 0, stream, add_arguments, nullptr); }, [&] {
#pragma omp parallel for simd
            for (int64_t i = 0; i < n; ++i) y[i] = a[i] + b[i];
        });
        compare("sigmoid", n, runs, [&] { cuLaunchKernel(sigmoid, grid, 1, 1, 1, 1, 1, 0, stream, sigmoid_arguments, nullptr); }, [&] {
#pragma omp parallel for simd
            for (int64_t i = 0; i < n; ++i) y[i] = math::sigmoid(a[i]);
        });
        for (const auto address : addresses) check(cuMemFree_v2(address));
    }
}
