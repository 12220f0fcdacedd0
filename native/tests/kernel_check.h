// What the tests of test-only kernels share: counted checks, and one launch of kernel(x, y) on either device.
#pragma once

#include <algorithm>
#include <cstdio>
#include <mutex>
#include <vector>

#include "core.h"
#include "stream.h"

inline int failures = 0;

inline void check(bool ok, const char* what) {
    if (ok) return;
    std::printf("FAILED %s\n", what);
    ++failures;
}

inline int finish(const char* name) {
    std::printf("%s: %d failures\n", name, failures);
    return failures == 0 ? 0 : 1;
}

// Copies x to the device, runs the kernel there and then, and copies y back, of which the kernel may leave some unwritten.
template <typename X, typename Y>
CUresult run(int device, const char* kernel, unsigned blocks, unsigned threads, const std::vector<X>& x, std::vector<Y>& y) {
    using namespace softcuda;
    void *from = nullptr, *to = nullptr;
    check(allocate(device, x.size() * sizeof(X), &from) == 0 && allocate(device, y.size() * sizeof(Y), &to) == 0, "memory");
    std::lock_guard lock(check_mutex());
    const DeviceAccess access;
    check(is_allocated(device, from) && is_allocated(device, to), "addresses");
    std::copy(x.begin(), x.end(), static_cast<X*>(from));
    void* arguments[] = {&from, &to};
    const KernelEntry* entry = find_kernel(device, kernel);
    check(entry != nullptr, kernel);
    const CUresult result = device == fast_device ? run_fast(*entry, {blocks, 1, 1}, {threads, 1, 1}, arguments)
                                                  : run_checked(*entry, {blocks, 1, 1}, {threads, 1, 1}, arguments);
    std::copy_n(static_cast<Y*>(to), y.size(), y.begin());
    check(release(from) == 0 && release(to) == 0, "guards");
    return result;
}
