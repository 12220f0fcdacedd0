// The check device's tensor cores, loads of matrices and asynchronous copies, by the test-only kernels of kernels/tensor_core.cu. Where a fragment's
// elements belong is written here from CUTLASS' layouts (cute/atom/mma_traits_sm80.hpp), in tensor_core.cuh from the PTX ISA.
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <limits>
#include <vector>

#include "kernel_check.h"

namespace {

using namespace softcuda;

uint32_t bits_of(float x) {
    uint32_t bits;
    std::memcpy(&bits, &x, sizeof bits);
    return bits;
}

float from_bits(uint32_t bits) {
    float x;
    std::memcpy(&x, &bits, sizeof x);
    return x;
}

// Linear places in column-major matrices: a (16,8), b transposed (8 columns, 8 deep), results (16,8).
int place_of_a(int lane, int i) { return lane % 4 * 16 + lane / 4 + i % 2 * 8 + i / 2 * 64; }
int place_of_b(int lane, int i) { return lane % 4 * 8 + lane / 4 + i * 32; }
int place_of_sum(int lane, int i) { return lane % 4 * 32 + lane / 4 + i % 2 * 16 + i / 2 * 8; }

// Every lane's ten words of the matrices.
std::vector<uint32_t> fragments(const std::vector<float>& a, const std::vector<float>& b, const std::vector<float>& c) {
    std::vector<uint32_t> words;
    for (int lane = 0; lane < 32; ++lane) {
        for (int i = 0; i < 4; ++i) words.push_back(bits_of(a[place_of_a(lane, i)]));
        for (int i = 0; i < 2; ++i) words.push_back(bits_of(b[place_of_b(lane, i)]));
        for (int i = 0; i < 4; ++i) words.push_back(bits_of(c[place_of_sum(lane, i)]));
    }
    return words;
}

// Entries that are all different, and so small that every sum is exact.
void every_element_lands_in_its_place() {
    std::vector<float> a(128), b(64), c(128), y(128);
    for (int i = 0; i < 128; ++i) a[i] = float(i + 1), c[i] = float(1000 * i + 7);
    for (int i = 0; i < 64; ++i) b[i] = float(129 + i);
    check(run(check_device, "tensor_core_product", 1, 32, fragments(a, b, c), y) == 0, "tensor_core_product runs");
    for (int lane = 0; lane < 32; ++lane) {
        for (int i = 0; i < 4; ++i) {
            const int place = place_of_sum(lane, i), row = place % 16, column = place / 16;
            float sum = c[place];
            for (int k = 0; k < 8; ++k) sum += a[row + 16 * k] * b[column + 8 * k];
            check(y[4 * lane + i] == sum, "a product's element");
        }
    }
}

// One product of element (0, 0): the first of a's row 0 and of b's column 0, plus c, which lane 0 holds.
float product(float a, float b, float c) {
    std::vector<float> left(128), right(64), addend(128), y(128);
    left[0] = a, right[0] = b, addend[0] = c;
    check(run(check_device, "tensor_core_product", 1, 32, fragments(left, right, addend), y) == 0, "tensor_core_product runs");
    return y[0];
}

void operands_are_cut_and_sums_round_toward_zero() {
    check(product(from_bits(0x3F801FFF), 1, 0) == 1, "the lowest 13 bits of an operand are ignored");
    check(product(1, from_bits(0x3F803FFF), 0) == from_bits(0x3F802000), "the others are not");
    check(product(1, 3, 16777216) == 16777218, "a sum is cut");
    check(product(1, -3, -16777216) == -16777218, "a negative one too");
    check(std::isnan(product(std::numeric_limits<float>::quiet_NaN(), 1, 0)), "NaN");
    check(product(std::numeric_limits<float>::infinity(), 2, 0) == std::numeric_limits<float>::infinity(), "infinity");
}

void warps_without_all_lanes_are_refused() {
    std::vector<float> y(128);
    check(run(check_device, "tensor_core_product", 1, 16, std::vector<uint32_t>(320), y) == CUDA_ERROR_LAUNCH_FAILED, "16 lanes are no warp");
    check(run(check_device, "tensor_core_matrices", 1, 16, y, y) == CUDA_ERROR_LAUNCH_FAILED, "they load no matrices");
}

// Lane 4 r + w gets word w of line r of each matrix (cute/arch/copy_sm75.hpp, SM75_U32x4_LDSM_N), whose address lane 8 i + r named.
void matrices_go_to_their_lanes() {
    std::vector<float> x(128), y(128);
    for (size_t i = 0; i < x.size(); ++i) x[i] = float(i + 1);
    check(run(check_device, "tensor_core_matrices", 1, 32, x, y) == 0, "tensor_core_matrices runs");
    for (int i = 0; i < 4; ++i) {
        for (int r = 0; r < 8; ++r) {
            for (int w = 0; w < 4; ++w) check(y[4 * (4 * r + w) + i] == x[4 * (((8 * i + r) * 5 + 3) % 32) + w], "a matrix's word");
        }
    }
    check(run(check_device, "tensor_core_matrices_misaligned", 1, 32, x, y) != CUDA_SUCCESS, "lines from an odd place are refused");
}

// Those of an operand that a product uses.
uint32_t used_bits(uint32_t operand) { return operand & ~0x1FFFu; }

void rounding() {
    const float infinity = std::numeric_limits<float>::infinity();
    const std::vector<float> x = {1, from_bits(0x3F800FFF), from_bits(0x3F801000), from_bits(0xBF801000), from_bits(0x3F803000),
                                  infinity, -infinity, std::numeric_limits<float>::max(), from_bits(0x00001000), -0.0f};
    const std::vector<uint32_t> expected = {0x3F800000, 0x3F800000, 0x3F802000, 0xBF802000, 0x3F804000,
                                            0x7F800000, 0xFF800000, 0x7F800000, 0x00002000, 0x80000000};
    std::vector<uint32_t> y(x.size());
    check(run(check_device, "tensor_core_round", 1, unsigned(x.size()), x, y) == 0, "tensor_core_round runs");
    for (size_t i = 0; i < x.size(); ++i) check(used_bits(y[i]) == expected[i], "to nearest, ties away from zero");
    const std::vector<float> nan = {std::numeric_limits<float>::quiet_NaN(), from_bits(0x7FFFFFFF), from_bits(0xFFFFFFFF)};
    std::vector<uint32_t> not_a_number(nan.size());
    check(run(check_device, "tensor_core_round", 1, unsigned(nan.size()), nan, not_a_number) == 0, "NaN runs");
    for (const uint32_t bits : not_a_number) check(std::isnan(from_bits(used_bits(bits))), "NaN stays NaN");
}

void splitting() {
    std::vector<float> x;
    for (int i = 0; i < 64; ++i) x.push_back(std::sin(float(i)) * std::pow(3.0f, float(i % 20 - 10)));
    std::vector<uint32_t> parts(2 * x.size());
    check(run(check_device, "tensor_core_split", 1, unsigned(x.size()), x, parts) == 0, "tensor_core_split runs");
    for (size_t i = 0; i < x.size(); ++i) {
        check(used_bits(parts[2 * i]) == parts[2 * i], "the high part is TF32");
        const double whole = double(from_bits(parts[2 * i])) + from_bits(used_bits(parts[2 * i + 1]));
        check(std::fabs(whole - x[i]) <= std::ldexp(std::fabs(x[i]), -21), "both parts together are x");
    }
    const std::vector<float> nan = {std::numeric_limits<float>::quiet_NaN(), from_bits(0x7FFFFFFF), from_bits(0xFFFFFFFF)};
    check(run(check_device, "tensor_core_split", 1, unsigned(nan.size()), nan, parts) == 0, "NaN runs");
    for (size_t i = 0; i < nan.size(); ++i) check(std::isnan(from_bits(used_bits(parts[2 * i + 1]))), "the low part of NaN is NaN");
}

void copies() {
    std::vector<float> x(128), y(6 * 32);
    for (size_t i = 0; i < x.size(); ++i) x[i] = float(i + 1);
    check(run(check_device, "async_copy_groups", 1, 32, x, y) == 0, "async_copy_groups runs");
    for (int t = 0; t < 32; ++t) {
        const float* mine = &y[6 * t];
        check(std::isnan(mine[0]), "no data before the wait");
        check(mine[1] == x[4 * t + 3] && std::isnan(mine[2]), "the first group alone");
        check(mine[3] == x[4 * t + 1] && mine[4] == 0, "the second group, and zeros where nothing exists");
        check(std::isnan(mine[5]), "four bytes are copied, not more");
    }
    check(run(check_device, "async_copy_misaligned", 1, 1, x, y) != CUDA_SUCCESS, "16 bytes from an odd place are refused");
    check(run(check_device, "async_copy_elsewhere", 1, 1, x, y) != CUDA_SUCCESS, "a target outside shared memory is refused");
}

}  // namespace

int main() {
    every_element_lands_in_its_place();
    operands_are_cut_and_sums_round_toward_zero();
    warps_without_all_lanes_are_refused();
    matrices_go_to_their_lanes();
    rounding();
    splitting();
    copies();
    return finish("tensor_core_test");
}
