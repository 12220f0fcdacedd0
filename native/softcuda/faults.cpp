// The faults that tests ask for: SOFTCUDA_FAIL=function:n[:status] makes the n-th call of a function answer status
// (2, out of memory, unless given).
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <string>
#include <vector>

#include "api.h"

namespace softcuda {
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

std::mutex entry_mutex;
std::vector<EntryPoint*>& entries() {
    static std::vector<EntryPoint*> list;
    return list;
}

}  // namespace

EntryPoint::EntryPoint(const char* function) : name(function) {
    std::lock_guard lock(entry_mutex);
    entries().push_back(this);
}

int enter(EntryPoint& function) {
    ++function.calls;
    if (!fault.armed || fault.function != function.name) return 0;
    return ++fault.seen == fault.call ? fault.status : 0;
}

}  // namespace softcuda

// Not part of CUDA: tests arm and disarm a fault. Answers 0, or 1 when the text is not function:n[:status].
SOFTCUDA_API int softcuda_set_fault(const char* text) { return softcuda::arm(text) ? 0 : 1; }

// Not part of CUDA: the i-th function that has been called and how often; null past the end.
SOFTCUDA_API const char* softcuda_called_function(int index, long* calls) {
    std::lock_guard lock(softcuda::entry_mutex);
    const auto& list = softcuda::entries();
    if (index < 0 || size_t(index) >= list.size()) return nullptr;
    *calls = list[size_t(index)]->calls;
    return list[size_t(index)]->name;
}
