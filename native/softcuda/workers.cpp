// How many workers the fast device has.
#include <sched.h>

#include <algorithm>
#include <cstdlib>
#include <thread>

#include "api.h"

namespace softcuda {

// The cores this process may run on, which can be fewer than the machine has.
static int available_cores() {
    cpu_set_t cores;
    CPU_ZERO(&cores);
    if (sched_getaffinity(0, sizeof cores, &cores) == 0) return std::max(1, CPU_COUNT(&cores));
    return std::max(1, int(std::thread::hardware_concurrency()));
}

static int configured_workers() {
    const char* text = std::getenv("SOFTCUDA_WORKERS");
    const int asked = text != nullptr ? std::atoi(text) : 0;
    return asked > 0 ? asked : available_cores();
}

int worker_count() {
    static const int workers = configured_workers();
    return workers;
}

}  // namespace softcuda
