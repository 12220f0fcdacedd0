// Test-only kernel: reads an address that it got as a number, which the check device has not opened for it.
#include "device.cuh"

KERNEL(address_from_a_number, (int64_t address, int32_t* y)) {
    GRID_LOOP(i, 1) y[i] = *reinterpret_cast<const int32_t*>(address);
}
