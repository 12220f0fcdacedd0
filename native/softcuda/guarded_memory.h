// The check device's memory. Every allocation has guard zones and pages of its own, which are closed to everybody but while
// device work that names the allocation is running: a host that follows a device address gets a fault that says so.
#pragma once

#include <cstddef>

namespace softcuda {

// Closed memory that will read as a quiet NaN in every float type; null when there is none left.
unsigned char* make_guarded(size_t bytes);
// Takes closed memory back. Neither may run while the other does.
void drop_guarded(unsigned char* data, size_t bytes);

void open_guarded(unsigned char* data, size_t bytes);
void close_guarded(unsigned char* data, size_t bytes);
// Of open memory.
bool zones_intact(const unsigned char* data, size_t bytes);

// Whether the address lies in the pages of this allocation.
bool is_in_pages(const unsigned char* data, size_t bytes, const void* address);

// Faults at addresses that describe() knows are reported with its text before they go their way.
void report_faults(bool (*describe)(const void* address, char* text, size_t size));

}  // namespace softcuda
