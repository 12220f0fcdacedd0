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
// The check device computes what the documents leave open pessimistically: the lowest 13 bits of operands are ignored, and the
// sum of the eight products and the addend is rounded toward zero, as Fasi, Higham, Mikaitis and Pranesh observed (2021,
// doi:10.7717/peerj-cs.330). The fast device has no warp of 32 lanes and no tensor core.
#pragma once

#include "device.cuh"
#include "math.cuh"

#if !FAST_HOST

// x in TF32, to nearest, ties away from zero: cvt.rna.tf32.f32.
DEVICE uint32_t to_tf32(float x) {
#if CUDA_DEVICE && (!defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 800)
    uint32_t bits;
    asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(bits) : "f"(x));
    return bits;
#else
    const uint32_t bits = math::detail::bits_of(x), infinity = 0x7F800000;
    if ((bits & infinity) == infinity) return x == x ? bits : 0x7FFFFFFF;
    return (bits + 0x1000) & ~uint32_t(0x1FFF);
#endif
}

// Floats as operands: `high` alone for one product, `high` and `low` for three.
template <int Products, int Count>
struct Tf32Fragment {
    static_assert(Products == 1 || Products == 3, "TF32 or 3xTF32");
    uint32_t high[Count], low[Products == 3 ? Count : 1];

    DEVICE void set(int i, float x) {
        high[i] = to_tf32(x);
        if constexpr (Products == 3) low[i] = to_tf32(x - math::detail::from_bits(unsigned(high[i])));
    }
};

#endif

#if CUDA_DEVICE

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
