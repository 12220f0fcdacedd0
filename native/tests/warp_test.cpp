// The check device's warp intrinsics, by the test-only kernels of kernels/warp.cu, against loops written from the CUDA
// programming guide; the fast device's warp of one lane; the limits of shared memory and alignment.
#include <cstdint>
#include <cstdio>
#include <vector>

#include "kernel_check.h"

extern "C" void softcuda_set_seed(unsigned long long);

namespace {

using namespace softcuda;

std::vector<int32_t> numbers(unsigned count) {
    std::vector<int32_t> x(count);
    for (unsigned i = 0; i < count; ++i) x[i] = int32_t(i * 7 % 101);
    return x;
}

void sums() {
    for (unsigned threads : {32u, 96u, 256u}) {
        std::vector<double> x(3 * threads), y(3);
        for (size_t i = 0; i < x.size(); ++i) x[i] = double(i * i % 97);
        check(run(check_device, "warp_sum", 3, threads, x, y) == 0, "warp_sum runs");
        for (unsigned b = 0; b < 3; ++b) {
            double sum = 0;
            for (unsigned t = 0; t < threads; ++t) sum += x[b * threads + t];
            check(y[b] == sum, "warp_sum adds");
        }
    }
}

// The whole warp of thread t exists: threads is a multiple of 32.
void all_kinds(unsigned threads) {
    const std::vector<int32_t> x = numbers(threads);
    std::vector<int32_t> y(threads * 8);
    check(run(check_device, "warp_all_kinds", 1, threads, x, y) == 0, "warp_all_kinds runs");
    for (unsigned t = 0; t < threads; ++t) {
        const unsigned segment = t / 8 * 8, at = t % 8, warp = t / 32 * 32;
        uint32_t ballot = 0;
        bool any = false, all = true;
        for (unsigned lane = 0; lane < 32; ++lane) {
            ballot |= uint32_t(x[warp + lane] % 3 == 0) << lane;
            any = any || x[warp + lane] == 7;
            all = all && x[warp + lane] < 1000;
        }
        const int32_t expected[8] = {x[segment + 3], at < 2 ? x[t] : x[t - 2], at > 5 ? x[t] : x[t + 2], x[segment + (at ^ 5)],
                                     int32_t(ballot), any, all, int32_t(t)};
        for (unsigned i = 0; i < 8; ++i) check(y[t * 8 + i] == expected[i], "warp_all_kinds");
    }
}

void masks() {
    const std::vector<int32_t> x = numbers(64);
    std::vector<int32_t> y(64);
    check(run(check_device, "warp_half", 1, 64, x, y) == 0, "warp_half runs");
    for (unsigned t = 0; t < 64; ++t) check(y[t] == (t % 2 == 0 ? x[t ^ 2] : -1), "warp_half");
    check(run(check_device, "warp_missing", 1, 64, x, y) == CUDA_ERROR_LAUNCH_FAILED, "lanes that never come are found");
    check(run(check_device, "warp_absent", 1, 64, x, y) == 0 && y[0] == -1, "a lane outside the mask reads as 0xFF");
    std::vector<int32_t> part(33 * 8);
    check(run(check_device, "warp_all_kinds", 1, 33, numbers(33), part) == 0, "a last warp of one lane runs");
    check(part[32 * 8 + 1] == numbers(33)[32] && part[32 * 8 + 7] == 32, "a last warp of one lane keeps its value");
}

void shared_memory_limits() {
    std::vector<int32_t> y(64);
    check(run(check_device, "shared_at_limit", 1, 64, numbers(64), y) == 0 && y[0] == 63, "48 KiB of shared memory");
    check(run(check_device, "shared_beyond_limit", 1, 64, numbers(64), y) != CUDA_SUCCESS, "more is refused");
}

void misaligned_pointers() {
    void* memory = nullptr;
    check(allocate(check_device, 64, &memory) == 0, "memory");
    void *good = memory, *bad = static_cast<char*>(memory) + 2;
    const KernelEntry& kernel = *find_kernel(check_device, "warp_half");
    void* both[] = {&good, &good};
    check(check_pointers(check_device, kernel, both) == CUDA_SUCCESS, "aligned pointers");
    both[1] = &bad;
    check(check_pointers(check_device, kernel, both) == CUDA_ERROR_MISALIGNED_ADDRESS, "misaligned pointers");
    check(release(memory) == 0, "guards");
}

void one_lane() {
    std::vector<int32_t> y(8);
    check(run(fast_device, "warp_all_kinds", 1, 1, std::vector<int32_t>{7}, y) == 0, "fast device runs");
    check(y == std::vector<int32_t>{7, 7, 7, 7, 0, 1, 1, 0}, "a warp of one lane answers itself");
}

}  // namespace

int main() {
    for (unsigned long long seed : {1, 2, 3}) {
        softcuda_set_seed(seed);
        sums();
        all_kinds(32);
        all_kinds(96);
        masks();
    }
    shared_memory_limits();
    misaligned_pointers();
    one_lane();
    return finish("warp_test");
}
