// Division of 32-bit numbers by one that stays the same. A GPU takes about a hundred instructions for a quotient of 64-bit integers
// and twenty for one of 32-bit integers; this is a multiplication, an addition and a shift.
#pragma once

#include "device.cuh"

namespace conv2d {

// Quotients of numbers from 0 to 2^31 - 1 by a divisor in that range (Granlund and Montgomery, PLDI'94, Figure 4.1). A divisor of 0
// stands for 1: where there are no taps or positions nothing is divided.
struct Divider {
    uint32_t divisor, multiplier, shift;

    DEVICE explicit Divider(int64_t by) : divisor(by > 0 ? uint32_t(by) : 1), shift(0) {
        while ((uint32_t(1) << shift) < divisor) ++shift;
        const uint64_t excess = (uint32_t(1) << shift) - divisor;
        multiplier = uint32_t((excess << 32) / divisor + 1);
    }

    DEVICE int quotient(int number) const {
        const uint32_t n = uint32_t(number), high = uint32_t(uint64_t(multiplier) * n >> 32);
        return int((high + n) >> shift);
    }
    DEVICE int remainder(int number, int its_quotient) const { return number - its_quotient * int(divisor); }
};

}  // namespace conv2d
