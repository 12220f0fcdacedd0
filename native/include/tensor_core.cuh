// Products on tensor cores (sm_80 and newer): a warp multiplies a [16,8] by b [8,8] and adds [16,8] results, operands in TF32 (the
// exponent of float, 10 bits of fraction), sums in float. Where the lanes hold what (PTX ISA, "Matrix Fragments for mma.m16n8k8",
// .tf32), with group = lane / 4 and member = lane % 4:
//
//   a[0] (group, member)      a[1] (group + 8, member)      a[2] (group, member + 4)      a[3] (group + 8, member + 4)
//   b[0] (member, group)      b[1] (member + 4, group)
//   sum[0] (group, 2 member)  sum[1] (group, 2 member + 1)  sum[2] (group + 8, 2 member)  sum[3] (group + 8, 2 member + 1)
//
// One product of floats rounded to TF32 is off by up to 2^-10. 3xTF32 splits x = high + low, both TF32, and adds low high, high low
// and high high, smallest first, which leaves 2^-21 of each product (NVIDIA CUTLASS, example 27; Ootomo and Yokota 2022,
// arXiv:2203.03341). An infinite x has no low part: its products are NaN.
//
// Operands whose depth lies side by side in shared memory come by load_matrices, which is ldmatrix (sm_75 and newer): it moves
// 8 lines of 16 bytes to the lanes (line = lane / 4, word = lane % 4), made for eight halves a line, but four words do as well.
//
// The check device computes what the documents leave open pessimistically: the lowest 13 bits of operands are ignored, and the
// sum of the eight products and the addend is rounded toward zero, as Fasi, Higham, Mikaitis and Pranesh observed (2021,
// doi:10.7717/peerj-cs.330). The fast device has no warp of 32 lanes and no tensor core.
#pragma once

#include "device.cuh"
#include "math.cuh"

#if !FAST_HOST

// x with half a unit of TF32's last place added, so that the instruction, which ignores the lowest 13 bits, gets the nearest
// TF32, of two that are as near the larger (CUTLASS' round_half_ulp_truncate). Infinity and NaN stay (but of a signalling NaN whose
// other bits are ignored ones remains infinity). Two instructions; nvcc 11.8 makes three of cvt.rna.tf32, and of cvt.rn.tf32 one,
// whose results it then moves to where the product wants them.
DEVICE uint32_t tf32_operand(float x) {
    uint32_t bits = math::detail::bits_of(x);
#if CUDA_DEVICE
    asm("{ .reg .pred finite; .reg .f32 size; abs.f32 size, %1; setp.lt.f32 finite, size, 0f7F800000; @finite add.u32 %0, %0, 4096; }"
        : "+r"(bits) : "f"(x));
#else
    constexpr uint32_t infinity = 0x7F800000;
    if ((bits & infinity) != infinity) bits += 0x1000;
#endif
    return bits;
}

// The nearest TF32 with the lowest bits 0, of all but NaN.
DEVICE uint32_t to_tf32(float x) { return (math::detail::bits_of(x) + 0x1000) & ~uint32_t(0x1FFF); }

// Floats as operands: `high` alone for one product, `high` and `low` for three. Of NaN, low is NaN.
template <int Products, int Count>
struct Tf32Fragment {
    static_assert(Products == 1 || Products == 3, "TF32 or 3xTF32");
    uint32_t high[Count], low[Products == 3 ? Count : 1];

    DEVICE void set(int i, float x) {
        if constexpr (Products == 1) {
            high[i] = tf32_operand(x);
        } else {
            high[i] = to_tf32(x);
            low[i] = uint32_t(math::detail::bits_of(x - math::detail::from_bits(unsigned(high[i]))));
        }
    }
};

#endif

#if CUDA_DEVICE

// words[i] = word lane % 4 of the line that lane 8 i + lane / 4 names: 16 bytes of shared memory, aligned to 16.
DEVICE void load_matrices(const float* line, float (&words)[4]) {
    uint32_t bits[4];
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
                 : "=r"(bits[0]), "=r"(bits[1]), "=r"(bits[2]), "=r"(bits[3])
                 : "r"(unsigned(__cvta_generic_to_shared(line)))
                 : "memory");
    for (int i = 0; i < 4; ++i) words[i] = math::detail::from_bits(unsigned(bits[i]));
}

// sum += a b. Before sm_80 there is no such instruction: the launch fails.
DEVICE void mma_m16n8k8_tf32(float (&sum)[4], const uint32_t (&a)[4], const uint32_t (&b)[2]) {
#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 800
    asm volatile(
        "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
        : "+f"(sum[0]), "+f"(sum[1]), "+f"(sum[2]), "+f"(sum[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
#else
    require(false);
#endif
}

#elif !FAST_HOST

namespace softcuda {

inline float as_operand(uint32_t bits) { return math::detail::from_bits(bits & ~0x1FFFu); }

inline float toward_zero(double x) {
    const float nearest = float(x);
    const bool beyond = nearest > 0 ? nearest > x : nearest < x;
    return beyond && nearest == nearest ? math::detail::from_bits(math::detail::bits_of(nearest) - 1) : nearest;
}

}  // namespace softcuda

inline void load_matrices(const float* line, float (&words)[4], int site = __builtin_LINE()) {
    const auto& values = ::softcuda::meet_warp(site, ~0u, reinterpret_cast<uintptr_t>(line));
    const int lane = ::softcuda::lane_of_thread();
    if (values.present != ~0u) ::softcuda::fail_launch("a warp that loads matrices lacks lanes");
    if (values.present != ~0u) return;
    for (int i = 0; i < 4; ++i) {
        const uint64_t address = values.of_lane(8 * i + lane / 4);
        if (address % 16 != 0) ::softcuda::fail_launch("a matrix's line is not aligned to 16 bytes");
        words[i] = reinterpret_cast<const float*>(address)[lane % 4];
    }
}

inline void mma_m16n8k8_tf32(float (&sum)[4], const uint32_t (&a)[4], const uint32_t (&b)[2], int site = __builtin_LINE()) {
    const auto pair = [](uint32_t low, uint32_t high) { return uint64_t(high) << 32 | low; };
    const auto& values = ::softcuda::meet_warp(site, ~0u, pair(a[0], a[1]), pair(a[2], a[3]), pair(b[0], b[1]));
    if (values.present != ~0u) ::softcuda::fail_launch("a warp that multiplies on tensor cores lacks lanes");
    const auto word = [&](int lane, int i) { return ::softcuda::as_operand(uint32_t(values.of_lane(lane, i / 2) >> 32 * (i % 2))); };
    const int group = ::softcuda::lane_of_thread() / 4, member = ::softcuda::lane_of_thread() % 4;
    for (int i = 0; i < 4; ++i) {
        const int row = group + i / 2 * 8, column = 2 * member + i % 2;
        double total = sum[i];
        for (int k = 0; k < 8; ++k) {
            const float left = word(row % 8 * 4 + k % 4, row / 8 + k / 4 * 2), right = word(column * 4 + k % 4, 4 + k / 4);
            total += double(left) * right;
        }
        sum[i] = ::softcuda::toward_zero(total);
    }
}

#endif
