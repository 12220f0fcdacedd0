// Kernels with as many bytes of parameters as a launch can pass, and more, by the test-only kernels of kernels/limits.cu. Every
// kernel of the library is launched by kernels_test, so that all of them fit.
#include <cstdint>
#include <cstdio>

#include "core.h"
#include "stream.h"

using namespace softcuda;

extern "C" {
int cuInit(unsigned);
int cuDevicePrimaryCtxRetain(void**, int);
int cuCtxSetCurrent(void*);
int cuCtxSynchronize();
int cuMemcpyDtoH_v2(void*, unsigned long long, size_t);
int cuLaunchKernel(const KernelEntry*, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, Stream*, void**, void**);
}

namespace {

int failures = 0;

void check(bool ok, int device, const char* what) {
    if (ok) return;
    std::printf("FAILED device %d: %s\n", device, what);
    ++failures;
}

int launch(int device, const char* kernel, const int32_t* words, void* y) {
    void* arguments[] = {const_cast<int32_t*>(words), &y};
    return cuLaunchKernel(find_kernel(device, kernel), 1, 1, 1, 1, 1, 1, 0, nullptr, arguments, nullptr);
}

void parameters(int device) {
    void *context = nullptr, *y = nullptr;
    check(cuInit(0) == 0 && cuDevicePrimaryCtxRetain(&context, device) == 0 && cuCtxSetCurrent(context) == 0, device, "context");
    int32_t words[1024], back[1024];
    for (int32_t i = 0; i < 1024; ++i) words[i] = 3 * i;
    check(allocate(device, sizeof back, &y) == 0, device, "memory");
    check(launch(device, "parameters_beyond_limit", words, y) == CUDA_ERROR_INVALID_VALUE, device, "4104 bytes are refused at once");
    check(launch(device, "parameters_at_limit", words, y) == 0 && cuCtxSynchronize() == 0, device, "4096 bytes are passed");
    check(cuMemcpyDtoH_v2(back, reinterpret_cast<unsigned long long>(y), sizeof back) == 0, device, "copy");
    check(back[0] == 0 && back[1021] == 3 * 1021, device, "the kernel sees all of them");
    check(release(y) == 0, device, "guards");
}

}  // namespace

int main() {
    parameters(fast_device);
    parameters(check_device);
    std::printf("parameters_test: %d failures\n", failures);
    return failures == 0 ? 0 : 1;
}
