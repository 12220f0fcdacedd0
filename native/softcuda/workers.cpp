// The workers of the fast device.
#include <omp.h>

#include <algorithm>
#include <cstdlib>
#if defined(__SANITIZE_THREAD__)
#include <thread>
#include <vector>
#endif

#include "api.h"

namespace softcuda {

static int configured_workers() {
    const char* text = std::getenv("SOFTCUDA_WORKERS");
    const int asked = text != nullptr ? std::atoi(text) : 0;
    return asked > 0 ? asked : std::max(1, omp_get_num_procs());
}

int worker_count() {
    static const int workers = configured_workers();
    return workers;
}

#if defined(__SANITIZE_THREAD__)
// ThreadSanitizer does not know OpenMP's barriers, but it knows these threads.
static void run_parallel(int workers, int64_t count, void (*body)(int64_t, void*), void* state) {
    std::atomic<int64_t> next{0};
    std::vector<std::thread> threads;
    for (int w = 0; w < workers; ++w) {
        threads.emplace_back([&] {
            for (int64_t i = next++; i < count; i = next++) body(i, state);
        });
    }
    for (std::thread& thread : threads) thread.join();
}
#else
static void run_parallel(int workers, int64_t count, void (*body)(int64_t, void*), void* state) {
#pragma omp parallel for schedule(dynamic, 1) num_threads(workers)
    for (int64_t i = 0; i < count; ++i) body(i, state);
}
#endif

void parallel_for(int64_t count, void (*body)(int64_t index, void* state), void* state) {
    const int workers = int(std::min<int64_t>(worker_count(), count));
    if (workers <= 1 || omp_in_parallel()) {
        for (int64_t i = 0; i < count; ++i) body(i, state);
        return;
    }
    run_parallel(workers, count, body, state);
}

}  // namespace softcuda
