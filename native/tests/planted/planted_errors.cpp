// Runs one kernel of planted_errors.cu, under a sanitizer that should then end this program: planted_errors KERNEL fast|check.
// The kernel leak_device_memory is no_error, after which the device memory is not given back.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

extern "C" {
int cuInit(unsigned);
int cuDevicePrimaryCtxRetain(void**, int);
int cuDevicePrimaryCtxRelease_v2(int);
int cuCtxSetCurrent(void*);
int cuCtxSynchronize();
int cuMemAlloc_v2(unsigned long long*, size_t);
int cuMemFree_v2(unsigned long long);
int cuStreamCreate(void**, unsigned);
int cuStreamDestroy_v2(void*);
int cuModuleLoadDataEx(void**, const void*, unsigned, int*, void**);
int cuModuleUnload(void*);
int cuModuleGetFunction(void**, void*, const char*);
int cuLaunchKernel(void*, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, void*, void**, void**);
}

namespace {

constexpr int64_t elements = 250;
// A race shows only when two workers are awake at the same time.
constexpr int launches = 200;

void check(int status, const char* call) {
    if (status == 0) return;
    std::printf("%s answered %d\n", call, status);
    std::exit(2);
}

unsigned long long allocate() {
    unsigned long long address = 0;
    check(cuMemAlloc_v2(&address, elements * sizeof(int32_t)), "cuMemAlloc_v2");
    return address;
}

void launch(void* function, int device, unsigned long long y) {
    void* stream = nullptr;
    check(cuStreamCreate(&stream, 1), "cuStreamCreate");
    unsigned long long freed = allocate();
    check(cuMemFree_v2(freed), "cuMemFree_v2");
    int64_t count = elements;
    void* arguments[] = {&count, &freed, &y};
    const unsigned threads = device == 0 ? 1 : 32;
    for (int i = 0; i < launches; ++i) {
        check(cuLaunchKernel(function, 8, 1, 1, threads, 1, 1, 0, stream, arguments, nullptr), "cuLaunchKernel");
        check(cuCtxSynchronize(), "cuCtxSynchronize");
    }
    check(cuStreamDestroy_v2(stream), "cuStreamDestroy_v2");
}

}  // namespace

int main(int count, char** words) {
    if (count != 3) return std::printf("usage: planted_errors KERNEL fast|check\n"), 2;
    const std::string error = words[1];
    const int device = std::string(words[2]) == "check" ? 1 : 0;
    const bool leaks = error == "leak_device_memory";
    void *context = nullptr, *module = nullptr, *function = nullptr;
    check(cuInit(0), "cuInit");
    check(cuDevicePrimaryCtxRetain(&context, device), "cuDevicePrimaryCtxRetain");
    check(cuCtxSetCurrent(context), "cuCtxSetCurrent");
    check(cuModuleLoadDataEx(&module, "SOFTCUDA-KERNELS", 0, nullptr, nullptr), "cuModuleLoadDataEx");
    check(cuModuleGetFunction(&function, module, leaks ? "no_error" : error.c_str()), "cuModuleGetFunction");
    const unsigned long long y = allocate();
    launch(function, device, y);
    if (!leaks) check(cuMemFree_v2(y), "cuMemFree_v2");
    check(cuModuleUnload(module), "cuModuleUnload");
    check(cuDevicePrimaryCtxRelease_v2(device), "cuDevicePrimaryCtxRelease_v2");
}
