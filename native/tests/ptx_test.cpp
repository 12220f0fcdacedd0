// softcuda's PTX machine: instructions against values worked out from the PTX ISA's definitions, warps that part and meet, every
// error that it must find, and what it counts. The kernels' own PTX is tested by all tests that run with SOFTCUDA_PTX.
#include <unistd.h>

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <set>
#include <string>

#include "kernel_check.h"
#include "ptx/library.h"

extern "C" int softcuda_set_ptx(const char* path);
extern "C" int softcuda_set_drop_barrier(const char* text);
extern "C" void softcuda_set_seed(unsigned long long seed);

namespace {

using namespace softcuda;

constexpr Parameter two_pointers[] = {{8, true, 1}, {8, true, 1}};

void know(const std::string& name) {
    static std::set<std::string> names;
    register_kernel(check_device, {names.insert(name).first->c_str(), nullptr, two_pointers, 2, true});
}

uint64_t bits(float x) {
    uint32_t b;
    std::memcpy(&b, &x, sizeof b);
    return b;
}
uint64_t bits(double x) {
    uint64_t b;
    std::memcpy(&b, &x, sizeof b);
    return b;
}

constexpr uint64_t ones = ~uint64_t(0), low_ones = 0xFFFFFFFF;
constexpr float inf = std::numeric_limits<float>::infinity(), nan32 = std::numeric_limits<float>::quiet_NaN();

// Instructions from %a, %b, %c to %d, of the widths given; p is a predicate.
struct Row {
    const char* body;
    int result, width;  // bits of %d; of %a and %b
    uint64_t a, b, c, expected;
    int third = 0;  // of %c, where it differs
};

const Row rows[] = {
    {"add.s32 %d, %a, %b;", 32, 32, 0x7FFFFFFF, 1, 0, 0x80000000},
    {"sub.s64 %d, %a, %b;", 64, 64, 0, 1, 0, ones},
    {"mul.lo.s16 %d, %a, %b;", 16, 16, 300, 300, 0, 90000 % 65536},
    {"mul.hi.s32 %d, %a, %b;", 32, 32, low_ones, 2, 0, low_ones},
    {"mul.hi.u32 %d, %a, %b;", 32, 32, low_ones, 2, 0, 1},
    {"mul.hi.u64 %d, %a, %b;", 64, 64, ones, ones, 0, ones - 1},
    {"mul.hi.s64 %d, %a, %b;", 64, 64, ones, ones, 0, 0},
    {"mul.wide.s32 %d, %a, %b;", 64, 32, low_ones, 5, 0, uint64_t(-5)},
    {"mul.wide.u32 %d, %a, %b;", 64, 32, low_ones, 5, 0, 5 * low_ones},
    {"mul.wide.u16 %d, %a, %b;", 32, 16, 0xFFFF, 0xFFFF, 0, 0xFFFE0001},
    {"mad.lo.s32 %d, %a, %b, %c;", 32, 32, 7, uint32_t(-3), 1, uint32_t(-20)},
    {"mad.wide.u32 %d, %a, %b, %c;", 64, 32, low_ones, 2, ones, 2 * low_ones - 1, 64},
    {"div.s32 %d, %a, %b;", 32, 32, uint32_t(-7), 2, 0, uint32_t(-3)},
    {"div.s32 %d, %a, %b;", 32, 32, 0x80000000, low_ones, 0, 0x80000000},
    {"rem.s64 %d, %a, %b;", 64, 64, uint64_t(-7), 2, 0, ones},
    {"div.u64 %d, %a, %b;", 64, 64, ones, 2, 0, ones / 2},
    {"rem.u32 %d, %a, %b;", 32, 32, 17, 5, 0, 2},
    {"min.s32 %d, %a, %b;", 32, 32, low_ones, 1, 0, low_ones},
    {"min.u32 %d, %a, %b;", 32, 32, low_ones, 1, 0, 1},
    {"max.s64 %d, %a, %b;", 64, 64, ones, 1, 0, 1},
    {"neg.s32 %d, %a;", 32, 32, 5, 0, 0, uint32_t(-5)},
    {"abs.s32 %d, %a;", 32, 32, uint32_t(-5), 0, 0, 5},
    {"shl.b32 %d, %a, %c;", 32, 32, 1, 0, 31, 0x80000000, 32},
    {"shl.b32 %d, %a, %c;", 32, 32, 1, 0, 32, 0, 32},
    {"shl.b64 %d, %a, %c;", 64, 64, 1, 0, 63, uint64_t(1) << 63, 32},
    {"shr.u32 %d, %a, %c;", 32, 32, 0x80000000, 0, 40, 0, 32},
    {"shr.s32 %d, %a, %c;", 32, 32, 0x80000000, 0, 40, low_ones, 32},
    {"shr.s64 %d, %a, %c;", 64, 64, uint64_t(1) << 63, 0, 62, ones - 1, 32},
    {"not.b32 %d, %a;", 32, 32, 0xF0, 0, 0, 0xFFFFFF0F},
    {"popc.b32 %d, %a;", 32, 32, 0xF0F, 0, 0, 8},
    {"clz.b32 %d, %a;", 32, 32, 1, 0, 0, 31},
    {"clz.b64 %d, %a;", 32, 64, 0, 0, 0, 64},
    {"brev.b32 %d, %a;", 32, 32, 1, 0, 0, 0x80000000},
    {"bfe.u32 %d, %a, 4, 8;", 32, 32, 0xABCD, 0, 0, 0xBC},
    {"bfe.s32 %d, %a, 4, 8;", 32, 32, 0xABCD, 0, 0, 0xFFFFFFBC},
    {"bfe.s32 %d, %a, 30, 8;", 32, 32, 0x80000000, 0, 0, 0xFFFFFFFE},
    {"bfi.b32 %d, %a, %b, 8, 4;", 32, 32, 0xF, 0x12345678, 0, 0x12345F78},
    {"prmt.b32 %d, %a, %b, 0x5410;", 32, 32, 0x11112222, 0x33334444, 0, 0x44442222},
    {"prmt.b32 %d, %a, %b, 0x888B;", 32, 32, 0x80000000, 0, 0, 0x000000FF},
    {"lop3.b32 %d, %a, %b, %c, 0x96;", 32, 32, 12, 10, 6, 12 ^ 10 ^ 6},
    {"shf.l.wrap.b32 %d, %a, %b, 8;", 32, 32, 0x11223344, 0x55667788, 0, 0x66778811},
    {"shf.r.clamp.b32 %d, %a, %b, 32;", 32, 32, 0x11223344, 0x55667788, 0, 0x55667788},
    {"fma.rn.f32 %d, %a, %b, %c;", 32, 32, bits(1.0f + 0x1p-12f), bits(1.0f - 0x1p-12f), bits(-1.0f), bits(-0x1p-24f)},
    {"add.rn.f64 %d, %a, %b;", 64, 64, bits(1.0), bits(0x1p-53), 0, bits(1.0)},
    {"div.rn.f32 %d, %a, %b;", 32, 32, bits(1.0f), bits(-0.0f), 0, bits(-inf)},
    {"rcp.rn.f32 %d, %a;", 32, 32, bits(3.0f), 0, 0, bits(1.0f / 3.0f)},
    {"sqrt.rn.f64 %d, %a;", 64, 64, bits(2.0), 0, 0, bits(1.4142135623730951)},
    {"min.f32 %d, %a, %b;", 32, 32, bits(nan32), bits(1.0f), 0, bits(1.0f)},
    {"max.f64 %d, %a, %b;", 64, 64, bits(-1.0), bits(2.0), 0, bits(2.0)},
    {"neg.f32 %d, %a;", 32, 32, 0, 0, 0, bits(-0.0f)},
    {"mul.rn.f32 %d, %a, %b;", 32, 32, bits(0x1p-126f), bits(0.5f), 0, bits(0x1p-127f)},
    {"cvt.rzi.s32.f32 %d, %a;", 32, 32, bits(-2.9f), 0, 0, uint32_t(-2)},
    {"cvt.rni.s32.f32 %d, %a;", 32, 32, bits(2.5f), 0, 0, 2},
    {"cvt.rzi.s32.f32 %d, %a;", 32, 32, bits(3e9f), 0, 0, 0x7FFFFFFF},
    {"cvt.rzi.u32.f32 %d, %a;", 32, 32, bits(-1.0f), 0, 0, 0},
    {"cvt.rzi.s64.f64 %d, %a;", 64, 64, bits(-1e300), 0, 0, uint64_t(1) << 63},
    {"cvt.rzi.s32.f32 %d, %a;", 32, 32, bits(nan32), 0, 0, 0},
    {"cvt.rzi.s32.f64 %d, %a;", 32, 64, bits(double(nan32)), 0, 0, 0x80000000},
    {"cvt.rzi.u64.f32 %d, %a;", 64, 32, bits(nan32), 0, 0, uint64_t(1) << 63},
    {"cvt.f32.f32 %d, %a;", 32, 32, bits(1.5f), 0, 0, bits(1.5f)},
    {"min.f32 %d, %a, %b;", 32, 32, bits(0.0f), bits(-0.0f), 0, bits(-0.0f)},
    {"max.f32 %d, %a, %b;", 32, 32, bits(-0.0f), bits(0.0f), 0, bits(0.0f)},
    {"cvt.rn.f32.s32 %d, %a;", 32, 32, 16777217, 0, 0, bits(16777216.0f)},
    {"cvt.rn.f32.f64 %d, %a;", 32, 64, bits(0.1), 0, 0, bits(0.1f)},
    {"cvt.f64.f32 %d, %a;", 64, 32, bits(0.1f), 0, 0, bits(double(0.1f))},
    {"cvt.rmi.f32.f32 %d, %a;", 32, 32, bits(-1.5f), 0, 0, bits(-2.0f)},
    {"cvt.s64.s32 %d, %a;", 64, 32, 0x80000000, 0, 0, 0xFFFFFFFF80000000},
    {"cvt.u64.u32 %d, %a;", 64, 32, 0x80000000, 0, 0, 0x80000000},
    {"cvt.u16.u64 %d, %a;", 16, 64, 0x12345678, 0, 0, 0x5678},
    {"cvt.s32.s8 %d, %a;", 32, 32, 0x80, 0, 0, 0xFFFFFF80},
    {"cvt.u32.u8 %d, %a;", 32, 32, 0x1FF, 0, 0, 0xFF},
    {"setp.lt.s32 p, %a, %b; selp.b32 %d, 5, 6, p;", 32, 32, low_ones, 1, 0, 5},
    {"setp.lo.u32 p, %a, %b; selp.b32 %d, 5, 6, p;", 32, 32, low_ones, 1, 0, 6},
    {"setp.ne.f32 p, %a, %b; selp.b32 %d, 5, 6, p;", 32, 32, bits(nan32), bits(1.0f), 0, 6},
    {"setp.neu.f32 p, %a, %b; selp.b32 %d, 5, 6, p;", 32, 32, bits(nan32), bits(1.0f), 0, 5},
    {"setp.geu.f32 p, %a, %b; selp.b32 %d, 5, 6, p;", 32, 32, bits(0.5f), bits(1.0f), 0, 6},
    {"setp.num.f32 p, %a, %b; selp.b32 %d, 5, 6, p;", 32, 32, bits(nan32), bits(1.0f), 0, 6},
    {"setp.eq.s32 p, %a, %b; setp.lt.and.s32 p|q, %a, %c, !p; selp.b32 %d, 1, 0, p; @q add.s32 %d, %d, 2;", 32, 32, 1, 2, 3, 1},
    {"setp.eq.s32 p, %a, %b; setp.lt.or.s32 p|q, %a, %c, p; selp.b32 %d, 1, 0, p; @!q add.s32 %d, %d, 4;", 32, 32, 1, 2, 0, 0},
    {"mov.pred p, -1; not.pred q, p; or.pred p, p, q; selp.b32 %d, 5, 6, p;", 32, 32, 0, 0, 0, 5},
    {"mov.b32 {lo, hi}, %a; mov.b32 %d, {hi, lo};", 32, 32, 0x12345678, 0, 0, 0x56781234},
    {"{ .reg .b32 w, v; mov.b64 {w, v}, %a; mov.b64 %d, {v, w}; }", 64, 64, 0x1234567890ABCDEF, 0, 0, 0x90ABCDEF12345678},
    {"{ .reg .b32 w; mov.b64 {_, w}, %a; mov.u32 %d, w; }", 32, 64, 0x1234567890ABCDEF, 0, 0, 0x12345678},
    {"mov.u32 %d, %ntid.x; mad.lo.u32 %d, %d, 100, %a;", 32, 32, 7, 0, 0, 107},
};

// One kernel for every row: three numbers of 64 bits from x, one to y.
std::string module_of_rows() {
    std::string text = ".version 8.0\n.target sm_90\n.address_size 64\n";
    int number = 0;
    for (const Row& row : rows) {
        const std::string name = "row" + std::to_string(number++), third = std::to_string(row.third != 0 ? row.third : row.width);
        const std::string width = std::to_string(row.width), result = std::to_string(row.result);
        text += ".visible .entry " + name + "(.param .u64 px, .param .u64 py)\n{\n.reg .pred p, q;\n.reg .b16 lo, hi;\n.reg .b64 x, y, wide;\n";
        text += ".reg .b" + width + " %a, %b;\n.reg .b" + third + " %c;\n.reg .b" + result + " %d;\n";
        text += "ld.param.u64 x, [px];\nld.param.u64 y, [py];\n";
        text += "ld.global.b" + width + " %a, [x];\nld.global.b" + width + " %b, [x+8];\nld.global.b" + third + " %c, [x+16];\n";
        text += std::string(row.body) + "\nst.global.b" + result + " [y], %d;\nret;\n}\n";
    }
    return text;
}

void instructions() {
    const std::string file = std::filesystem::temp_directory_path() / ("ptx_rows_" + std::to_string(getpid()) + ".ptx");
    std::ofstream(file) << module_of_rows();
    softcuda_set_ptx(file.c_str());
    int number = 0;
    for (const Row& row : rows) {
        const std::string name = "row" + std::to_string(number++);
        know(name);
        std::vector<uint64_t> y(1);
        const CUresult status = run(check_device, name.c_str(), 1, 1, std::vector<uint64_t>{row.a, row.b, row.c}, y);
        const uint64_t mask = row.result == 64 ? ones : (uint64_t(1) << row.result) - 1;
        if (status != 0 || (y[0] & mask) != row.expected) {
            std::printf("%s gives %llx (status %d), not %llx\n", row.body, static_cast<unsigned long long>(y[0] & mask), status,
                        static_cast<unsigned long long>(row.expected));
            check(false, "an instruction's result");
        }
    }
    std::filesystem::remove(file);
}

std::vector<uint32_t> counting(size_t count) {
    std::vector<uint32_t> x(count);
    for (size_t i = 0; i < count; ++i) x[i] = uint32_t(i * i);
    return x;
}

CUresult status_of(const char* kernel, unsigned threads) {
    know(kernel);
    std::vector<uint32_t> y(32);
    return run(check_device, kernel, 1, threads, counting(32), y);
}

void warps_part_and_meet() {
    know("triangle");
    std::vector<uint32_t> y(70);
    check(run(check_device, "triangle", 1, 70, counting(1), y) == 0, "triangle runs");
    for (uint32_t t = 0; t < 70; ++t) check(y[t] == t * (t + 1) / 2, "lanes leave a loop one by one");
    know("calls");
    check(run(check_device, "calls", 1, 70, counting(70), y) == 0, "calls runs");
    for (uint32_t t = 0; t < 70; ++t) check(y[t] == 3 * t * t + 1, "a function gives its result");
}

void errors_are_found() {
    check(status_of("read_beyond", 1) == CUDA_ERROR_ILLEGAL_ADDRESS, "a read beyond an allocation");
    check(status_of("write_before", 1) == CUDA_ERROR_ILLEGAL_ADDRESS, "a write before an allocation");
    check(status_of("misaligned", 1) == CUDA_ERROR_MISALIGNED_ADDRESS, "a misaligned vector");
    check(status_of("shared_beyond", 1) == CUDA_ERROR_ILLEGAL_ADDRESS, "a read beyond shared memory");
    check(status_of("local_beyond", 1) == CUDA_ERROR_ILLEGAL_ADDRESS, "a write beyond local memory");
    check(status_of("race_of_warps", 64) == CUDA_ERROR_LAUNCH_FAILED, "a race between warps");
    check(status_of("race_of_lanes", 32) == CUDA_ERROR_LAUNCH_FAILED, "a race between lanes");
    check(status_of("race_after_reading", 64) == CUDA_ERROR_LAUNCH_FAILED, "a write after a read");
    check(status_of("race_of_last_reader", 32) == CUDA_ERROR_LAUNCH_FAILED, "a write by the last of many readers");
    check(status_of("race_beside_others", 32) == CUDA_ERROR_LAUNCH_FAILED, "a synchronisation of other lanes orders nothing");
    check(status_of("no_race", 64) == CUDA_SUCCESS, "barriers order accesses");
    for (const char* dropped : {"no_race:1", "no_race:2"}) {
        check(softcuda_set_drop_barrier(dropped) == 0, dropped);
        check(status_of("no_race", 64) == CUDA_ERROR_LAUNCH_FAILED, "a dropped barrier orders nothing");
    }
    check(softcuda_set_drop_barrier("") == 0 && status_of("no_race", 64) == CUDA_SUCCESS, "a barrier is there again");
    for (unsigned long long seed = 1; seed <= 500; ++seed) {
        softcuda_set_seed(seed);
        check(status_of("divided_barrier", 32) == CUDA_ERROR_LAUNCH_FAILED, "a warp at two barriers");
    }
    check(status_of("lonely_shuffle", 32) == CUDA_ERROR_LAUNCH_FAILED, "lanes that do not come to a shuffle");
    check(status_of("stopped", 1) == CUDA_ERROR_LAUNCH_FAILED, "a trap");
    for (const char* kernel : {"half_comparison", "predicate_as_size", "label_twice"}) {
        check(status_of(kernel, 1) == CUDA_ERROR_INVALID_IMAGE, "what is not supported is refused");
    }
    check(status_of("no_end", 32) == CUDA_SUCCESS, "a body without an end");
    check(status_of("unknown", 1) == CUDA_ERROR_INVALID_IMAGE, "an unknown instruction");
    check(status_of("few_threads", 16) == CUDA_SUCCESS, "as many threads as compiled for");
    check(status_of("few_threads", 17) == CUDA_ERROR_INVALID_VALUE, "more threads than compiled for");
    check(status_of("other_parameters", 1) == CUDA_ERROR_INVALID_IMAGE, "parameters unlike the host's");
    check(status_of("absent", 1) == CUDA_ERROR_NOT_FOUND, "a kernel that the PTX lacks");
}

// The profile of the n-th instruction of a kind.
ptx::Profile profile(const char* kernel, ptx::Kind kind, int n) {
    const ptx::Kernel& k = *ptx::Library::instance().built(kernel);
    for (size_t i = 0; i < k.code.size(); ++i) {
        if (k.code[i].kind == kind && n-- == 0) return k.profile[i];
    }
    return {};
}

void accesses_are_counted() {
    know("copy");
    std::vector<uint32_t> y(64);
    check(run(check_device, "copy", 3, 40, counting(64), y) == 0, "copy runs");
    const ptx::Profile load = profile("copy", ptx::Kind::global, 0);
    check(load.warps == 6 && load.lanes == 120 && load.transactions == 3 * (4 + 1), "sectors of neighbouring words");
    know("strided");
    check(run(check_device, "strided", 1, 32, counting(256), y) == 0, "strided runs");
    check(profile("strided", ptx::Kind::global, 0).transactions == 8, "sectors of every other word");
    check(profile("strided", ptx::Kind::global, 1).transactions == 32, "sectors of every eighth word");
    check(status_of("banks", 32) == 0, "banks runs");
    check(profile("banks", ptx::Kind::shared, 0).transactions == 32, "one bank for all lanes");
    check(profile("banks", ptx::Kind::shared, 1).transactions == 1, "a bank for every lane");
}

}  // namespace

int main() {
    instructions();
    softcuda_set_ptx(PTX_FOLDER "/errors.ptx");
    warps_part_and_meet();
    errors_are_found();
    accesses_are_counted();
    return finish("ptx_test");
}
