// The check device's memory is closed to the host, and to kernels that were not given it: a child process that touches it dies of a
// fault, with a message that names the allocation. Memory of the fast device and the host's own is as it was.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <string>

#include "kernel_check.h"

namespace {

using namespace softcuda;

constexpr size_t bytes = 4000;

struct Outcome {
    int signal;
    std::string text;
};

// What becomes of a process that does this.
Outcome in_child(const std::function<void()>& act) {
    int ends[2];
    if (pipe(ends) != 0) std::abort();
    const pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        act();
        _exit(0);
    }
    close(ends[1]);
    std::string text;
    char part[256];
    for (ssize_t n; (n = read(ends[0], part, sizeof part)) > 0;) text.append(part, size_t(n));
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    return {WIFSIGNALED(status) ? WTERMSIG(status) : 0, text};
}

volatile int32_t* allocated(int device) {
    void* memory = nullptr;
    check(allocate(device, bytes, &memory) == 0, "memory");
    return static_cast<volatile int32_t*>(memory);
}

bool names(const Outcome& outcome, const char* who, const volatile void* memory) {
    char expected[200];
    std::snprintf(expected, sizeof expected, "softcuda: %s touched byte 40 of %zu bytes of device memory at %p.", who, bytes, memory);
    return outcome.signal == SIGSEGV && outcome.text.find(expected) == 0;
}

void host_access() {
    volatile int32_t *fast = allocated(fast_device), *checked = allocated(check_device);
    check(in_child([=] { fast[10] = fast[10] + 1; }).signal == 0, "the fast device's memory is open");
    check(names(in_child([=] { (void)checked[10]; }), "the host", checked), "a read by the host");
    check(names(in_child([=] { checked[10] = 1; }), "the host", checked), "a write by the host");
    const Outcome other = in_child([] { raise(SIGSEGV); });
    check(other.signal == SIGSEGV && other.text.empty(), "another fault is none of softcuda's");
    const Outcome opened = in_child([=] {
        std::lock_guard lock(check_mutex());
        const DeviceAccess access;
        if (is_allocated(check_device, const_cast<int32_t*>(checked))) checked[10] = 1;
    });
    check(opened.signal == 0, "work that has asked for it may touch it");
    const Outcome closed = in_child([=] {
        std::lock_guard lock(check_mutex());
        if (const DeviceAccess access; is_allocated(check_device, const_cast<int32_t*>(checked))) checked[10] = 1;
        checked[10] = 2;
    });
    check(names(closed, "the host", checked), "it is closed again after the work");
    check(release(const_cast<int32_t*>(fast)) == 0 && release(const_cast<int32_t*>(checked)) == 0, "guards");
}

void kernel_access() {
    auto *given = const_cast<int32_t*>(allocated(check_device)), *hidden = const_cast<int32_t*>(allocated(check_device));
    const KernelEntry& kernel = *find_kernel(check_device, "address_from_a_number");
    const auto run = [&](int32_t* from) {
        return in_child([&, from] {
            std::lock_guard lock(check_mutex());
            const DeviceAccess access;
            int64_t number = reinterpret_cast<int64_t>(from + 10);
            void* arguments[] = {&number, &given};
            if (check_pointers(check_device, kernel, arguments) == 0) run_checked(kernel, {1, 1, 1}, {1, 1, 1}, arguments);
        });
    };
    check(run(given).signal == 0, "a kernel reads what it was given");
    check(names(run(hidden), "address_from_a_number", hidden), "a kernel reads what it was not given");
    check(release(given) == 0 && release(hidden) == 0, "guards");
}

}  // namespace

int main() {
#if defined(__SANITIZE_ADDRESS__)
    std::printf("protection_test: not with AddressSanitizer, which watches device memory itself\n");
#else
    host_access();
    kernel_access();
    std::printf("protection_test: %d failures\n", failures);
#endif
    return failures == 0 ? 0 : 1;
}
