// How many workers the fast device has, and the faults that tests ask for.
#include <omp.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <string>

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

// SOFTCUDA_FAIL=function:n[:status] makes the n-th call of a function answer status (2, out of memory, unless given).
namespace {
struct Fault {
    std::string function;
    long call = 0;
    int status = 2;
    std::atomic<long> seen{0};
    std::atomic<bool> armed{false};
} fault;

bool arm(const char* text) {
    fault.armed = false;
    if (text == nullptr || *text == '\0') return true;
    const char* colon = std::strchr(text, ':');
    if (colon == nullptr) return false;
    char* rest = nullptr;
    fault.function.assign(text, colon);
    fault.call = std::strtol(colon + 1, &rest, 10);
    fault.status = *rest == ':' ? std::atoi(rest + 1) : 2;
    fault.seen = 0;
    fault.armed = fault.call > 0;
    return fault.armed;
}
const bool armed_by_environment = arm(std::getenv("SOFTCUDA_FAIL"));
}  // namespace

int enter(const char* function) {
    if (!fault.armed || fault.function != function) return 0;
    return ++fault.seen == fault.call ? fault.status : 0;
}

}  // namespace softcuda

// Not part of CUDA: tests arm and disarm a fault. Answers 0, or 1 when the text is not function:n[:status].
SOFTCUDA_API int softcuda_set_fault(const char* text) { return softcuda::arm(text) ? 0 : 1; }
