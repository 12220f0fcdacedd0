// Guarded allocations: pages from the system, [guard zone | data | guard zone | rest of the page]. Under AddressSanitizer they
// come from its heap instead, stay open, and it watches the zones.
#include "guarded_memory.h"

#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <map>

#include "address_sanitizer.h"

namespace softcuda {
namespace {

constexpr size_t guard_bytes = 512;
constexpr unsigned char guard_byte = 0xA7;

void make_zone(unsigned char* zone) {
    std::memset(zone, guard_byte, guard_bytes);
    forbid(zone, guard_bytes);
}

SOFTCUDA_UNSANITIZED bool zone_intact(const unsigned char* zone) {
    for (size_t i = 0; i < guard_bytes; ++i) {
        if (zone[i] != guard_byte) return false;
    }
    return true;
}

#if defined(__SANITIZE_ADDRESS__)

unsigned char* take(size_t bytes) {
    void* block = nullptr;
    return posix_memalign(&block, guard_bytes, bytes) == 0 ? static_cast<unsigned char*>(block) : nullptr;
}
void give(unsigned char* base, size_t) { std::free(base); }
void protect(unsigned char*, size_t, int) {}
size_t span(size_t bytes) { return bytes + 2 * guard_bytes; }

#else

// Can fail only where the system has no room for one more range of pages; the memory then stays as it is.
void protect(unsigned char* base, size_t bytes, int access) { mprotect(base, bytes, access); }

// Pages that were given back, closed, by their size: fresh ones from the system cost many times the filling of old ones.
std::multimap<size_t, unsigned char*> kept;
size_t kept_bytes = 0;
constexpr size_t most_kept_bytes = size_t(64) << 20;

unsigned char* take(size_t bytes) {
    if (const auto found = kept.find(bytes); found != kept.end()) {
        unsigned char* base = found->second;
        kept.erase(found);
        kept_bytes -= bytes;
        protect(base, bytes, PROT_READ | PROT_WRITE);
        return base;
    }
    void* pages = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return pages == MAP_FAILED ? nullptr : static_cast<unsigned char*>(pages);
}

void give(unsigned char* base, size_t bytes) {
    if (kept_bytes + bytes > most_kept_bytes) {
        munmap(base, bytes);
        return;
    }
    kept.emplace(bytes, base);
    kept_bytes += bytes;
}

size_t span(size_t bytes) {
    static const size_t page = size_t(sysconf(_SC_PAGESIZE));
    return (bytes + 2 * guard_bytes + page - 1) / page * page;
}

#endif

struct sigaction next_handler;
bool (*describe_fault)(const void* address, char* text, size_t size) = nullptr;

void hand_on(int signal, siginfo_t* info, void* context) {
    if ((next_handler.sa_flags & SA_SIGINFO) != 0) return next_handler.sa_sigaction(signal, info, context);
    if (next_handler.sa_handler != SIG_DFL && next_handler.sa_handler != SIG_IGN) return next_handler.sa_handler(signal);
    sigaction(signal, &next_handler, nullptr);  // the instruction faults again, now without us
    if (info->si_code <= 0) raise(signal);      // a process sent it: no instruction will
}

void on_fault(int signal, siginfo_t* info, void* context) {
    char text[400];
    if (describe_fault(info->si_addr, text, sizeof text)) {
        [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, text, std::strlen(text));
    }
    hand_on(signal, info, context);
}

}  // namespace

unsigned char* make_guarded(size_t bytes) {
    unsigned char* base = take(span(bytes));
    if (base == nullptr) return nullptr;
    std::memset(base + guard_bytes, 0xFF, bytes);
    make_zone(base);
    make_zone(base + guard_bytes + bytes);
    close_guarded(base + guard_bytes, bytes);
    return base + guard_bytes;
}

void drop_guarded(unsigned char* data, size_t bytes) { give(data - guard_bytes, span(bytes)); }

void open_guarded(unsigned char* data, size_t bytes) { protect(data - guard_bytes, span(bytes), PROT_READ | PROT_WRITE); }

void close_guarded(unsigned char* data, size_t bytes) { protect(data - guard_bytes, span(bytes), PROT_NONE); }

bool zones_intact(const unsigned char* data, size_t bytes) { return zone_intact(data - guard_bytes) && zone_intact(data + bytes); }

bool is_in_pages(const unsigned char* data, size_t bytes, const void* address) {
    const auto base = reinterpret_cast<uintptr_t>(data) - guard_bytes, at = reinterpret_cast<uintptr_t>(address);
    return at >= base && at < base + span(bytes);
}

void report_faults(bool (*describe)(const void* address, char* text, size_t size)) {
    describe_fault = describe;
    struct sigaction action = {};
    action.sa_sigaction = on_fault;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigaction(SIGSEGV, &action, &next_handler);
}

}  // namespace softcuda
