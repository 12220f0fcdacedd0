// Every kernel once on each device, with arguments made from its registered parameters alone: all buffers are zero, all numbers
// small. The devices must agree in every byte. Under the sanitizers this reaches every kernel; the fast device runs with several
// workers, so that ThreadSanitizer sees its races. Argument "fast" leaves the check device out (its fibers confuse that one),
// "no-tensor-cores" the kernels that GPUs before sm_80 refuse.
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

extern "C" {
int cuInit(unsigned);
int cuDevicePrimaryCtxRetain(void**, int);
int cuDevicePrimaryCtxRelease_v2(int);
int cuCtxSetCurrent(void*);
int cuCtxSynchronize();
int cuMemAlloc_v2(unsigned long long*, size_t);
int cuMemFree_v2(unsigned long long);
int cuMemcpyDtoH_v2(void*, unsigned long long, size_t);
int cuMemsetD8Async(unsigned long long, unsigned char, size_t, void*);
int cuModuleLoadDataEx(void**, const void*, unsigned, int*, void**);
int cuModuleUnload(void*);
int cuModuleGetFunction(void**, void*, const char*);
int cuLaunchKernel(void*, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, void*, void**, void**);
const char* softcuda_kernel_name(int, int);
int softcuda_kernel_parameter(int, const char*, int, size_t*, int*);
}

namespace {

constexpr size_t buffer_bytes = size_t(1) << 20;
constexpr int64_t plain_number = 14, number_in_a_struct = 2;  // 14^4 doubles fit a buffer
using Bytes = std::vector<unsigned char>;

int failures = 0;

void check(int result, const char* call, const char* kernel) {
    if (result == 0) return;
    std::printf("FAILED %s: %s answered %d\n", kernel, call, result);
    ++failures;
}

// One parameter's value; a pointer owns its buffer.
class Argument {
public:
    Argument(size_t size, bool is_pointer, const char* kernel) : is_pointer_(is_pointer), value_((size + 7) / 8) {
        if (!is_pointer) {
            for (int64_t& word : value_) word = value_.size() == 1 ? plain_number : number_in_a_struct;
            return;
        }
        unsigned long long address = 0;
        check(cuMemAlloc_v2(&address, buffer_bytes), "cuMemAlloc_v2", kernel);
        check(cuMemsetD8Async(address, 0, buffer_bytes, nullptr), "cuMemsetD8Async", kernel);
        std::memcpy(value_.data(), &address, sizeof address);
    }

    void* value() { return value_.data(); }

    void finish(Bytes& results, const char* kernel) {
        if (!is_pointer_) return;
        const auto address = static_cast<unsigned long long>(value_[0]);
        results.resize(results.size() + buffer_bytes);
        check(cuMemcpyDtoH_v2(&results[results.size() - buffer_bytes], address, buffer_bytes), "cuMemcpyDtoH_v2", kernel);
        check(cuMemFree_v2(address), "cuMemFree_v2", kernel);
    }

private:
    bool is_pointer_;
    std::vector<int64_t> value_;
};

// Every buffer of the kernel after its launch.
Bytes run(int device, void* module, const char* kernel) {
    std::vector<Argument> arguments;
    size_t size = 0;
    int is_pointer = 0;
    for (int i = 0; softcuda_kernel_parameter(device, kernel, i, &size, &is_pointer) == 0; ++i) {
        arguments.emplace_back(size, is_pointer != 0, kernel);
    }
    std::vector<void*> values;
    for (Argument& argument : arguments) values.push_back(argument.value());
    void* function = nullptr;
    check(cuModuleGetFunction(&function, module, kernel), "cuModuleGetFunction", kernel);
    // A convolution's blocks have 256 threads; the others take any number.
    const unsigned odd = std::strncmp(kernel, "conv2d_", 7) == 0 ? 256 : 33;
    const unsigned blocks = device == 0 ? 7 : 2, threads = device == 0 ? 1 : odd;
    check(cuLaunchKernel(function, blocks, 1, 1, threads, 1, 1, 0, nullptr, values.data(), nullptr), "cuLaunchKernel", kernel);
    check(cuCtxSynchronize(), "cuCtxSynchronize", kernel);
    Bytes results;
    for (Argument& argument : arguments) argument.finish(results, kernel);
    return results;
}

bool leave_out_tensor_cores = false;

std::vector<Bytes> run_all(int device) {
    void *context = nullptr, *module = nullptr;
    check(cuDevicePrimaryCtxRetain(&context, device), "cuDevicePrimaryCtxRetain", "-");
    check(cuCtxSetCurrent(context), "cuCtxSetCurrent", "-");
    check(cuModuleLoadDataEx(&module, "SOFTCUDA-KERNELS", 0, nullptr, nullptr), "cuModuleLoadDataEx", "-");
    std::vector<Bytes> results;
    for (int i = 0; const char* kernel = softcuda_kernel_name(device, i); ++i) {
        const bool is_refused = leave_out_tensor_cores && std::strstr(kernel, "_tf32") != nullptr;
        results.push_back(is_refused ? Bytes{} : run(device, module, kernel));
    }
    check(cuModuleUnload(module), "cuModuleUnload", "-");
    check(cuDevicePrimaryCtxRelease_v2(device), "cuDevicePrimaryCtxRelease_v2", "-");
    return results;
}

// Whose two bodies use their scratch differently; FusedTrainingTests compares what it is for.
bool has_scratch(const char* kernel) { return std::strncmp(kernel, "figure1_gradient_", 17) == 0; }

}  // namespace

int main(int count, char** words) {
    const std::string argument = count < 2 ? "" : words[1];
    leave_out_tensor_cores = argument == "no-tensor-cores";
    check(cuInit(0), "cuInit", "-");
    const std::vector<Bytes> fast = run_all(0);
    if (argument != "fast") {
        const std::vector<Bytes> checked = run_all(1);
        for (size_t i = 0; i < fast.size(); ++i) {
            if (fast[i] == checked[i] || has_scratch(softcuda_kernel_name(0, int(i)))) continue;
            std::printf("FAILED %s: the devices' results differ\n", softcuda_kernel_name(0, int(i)));
            ++failures;
        }
    }
    std::printf("kernels_test: %zu kernels, %d failures\n", fast.size(), failures);
    return failures == 0 ? 0 : 1;
}
