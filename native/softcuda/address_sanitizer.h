// Tells AddressSanitizer which bytes of a larger block nobody may touch; nothing in an ordinary build.
#pragma once

#include <cstddef>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#define SOFTCUDA_UNSANITIZED __attribute__((no_sanitize("address")))
#else
#define SOFTCUDA_UNSANITIZED
#endif

namespace softcuda {

inline void forbid([[maybe_unused]] const void* begin, [[maybe_unused]] size_t bytes) {
#if defined(__SANITIZE_ADDRESS__)
    __asan_poison_memory_region(begin, bytes);
#endif
}

inline void permit([[maybe_unused]] const void* begin, [[maybe_unused]] size_t bytes) {
#if defined(__SANITIZE_ADDRESS__)
    __asan_unpoison_memory_region(begin, bytes);
#endif
}

}  // namespace softcuda
