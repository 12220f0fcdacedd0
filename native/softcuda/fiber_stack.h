// Tells AddressSanitizer of a switch from one stack to another; nothing in an ordinary build.
#pragma once

#include <cstddef>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/common_interface_defs.h>
#endif

namespace softcuda {

struct FiberStack {
    const void* bottom = nullptr;
    size_t size = 0;
};

// Before a switch. fake_stack keeps what belongs to the stack that is left; null when that one has ended.
inline void leave_stack([[maybe_unused]] void** fake_stack, [[maybe_unused]] FiberStack target) {
#if defined(__SANITIZE_ADDRESS__)
    __sanitizer_start_switch_fiber(fake_stack, target.bottom, target.size);
#endif
}

// After a switch, on the new stack; left, unless null, is told the stack that was left.
inline void enter_stack([[maybe_unused]] void* fake_stack, [[maybe_unused]] FiberStack* left) {
#if defined(__SANITIZE_ADDRESS__)
    __sanitizer_finish_switch_fiber(fake_stack, left != nullptr ? &left->bottom : nullptr, left != nullptr ? &left->size : nullptr);
#endif
}

}  // namespace softcuda
