// mma.m16n8k8 in TF32 and ldmatrix (PTX ISA, "Warp Level Matrix Multiply-Accumulate Instructions"). A lane is of group lane / 4 and
// its member lane % 4. Of operands only the 19 highest bits are looked at; sums are rounded toward zero, as measured on GPUs
// (Fasi, Higham, Mikaitis, Pranesh 2021).
#include <cmath>

#include "operations.h"
#include "transactions.h"

namespace softcuda::ptx {
namespace {

constexpr int rows = 16, columns = 8, depth = 8;

struct Matrices {
    float a[rows][depth], b[depth][columns];
    double sum[rows][columns];
};

float operand(uint64_t bits) {
    const auto cut = uint32_t(bits) & ~uint32_t(0x1FFF);
    float value;
    std::memcpy(&value, &cut, sizeof value);
    return value;
}

float toward_zero(double x) {
    const auto value = float(x);
    if (value != value || std::abs(double(value)) <= std::abs(x)) return value;
    return std::nextafter(value, 0.0f);
}

// d0..3, a0..3, b0..1, c0..3: a_i in row group + 8 (i % 2), column member + 4 (i / 2); b_i in row member + 4 i, column group;
// c_i and d_i in row group + 8 (i / 2), column 2 member + i % 2.
void gather(Warp& warp, const Reference* o, Matrices& m) {
    for (int l = 0; l < lanes_of_warp; ++l) {
        const int group = l / 4, member = l % 4;
        for (int i = 0; i < 4; ++i) m.a[group + 8 * (i % 2)][member + 4 * (i / 2)] = operand(warp.bits(o[4 + i], l));
        for (int i = 0; i < 2; ++i) m.b[member + 4 * i][group] = operand(warp.bits(o[8 + i], l));
        for (int i = 0; i < 4; ++i) m.sum[group + 8 * (i / 2)][2 * member + i % 2] = warp.row<float>(o[10 + i])[l];
    }
}

void multiply(Warp& warp, const Instruction& i, uint32_t lanes) {
    if (lanes != all_lanes) return warp.fail(i, __builtin_ctz(lanes), CUDA_ERROR_LAUNCH_FAILED, "a warp that multiplies on tensor cores lacks lanes");
    const Reference* o = warp.operands(i);
    Matrices m;
    gather(warp, o, m);
    for (int r = 0; r < rows; ++r) {
        for (int c = 0; c < columns; ++c) {
            for (int k = 0; k < depth; ++k) m.sum[r][c] += double(m.a[r][k]) * m.b[k][c];
        }
    }
    for (int l = 0; l < lanes_of_warp; ++l) {
        for (int k = 0; k < 4; ++k) warp.row<float>(o[k])[l] = toward_zero(m.sum[l / 4 + 8 * (k / 2)][2 * (l % 4) + k % 2]);
    }
}

// r0..3, address: matrix i has eight lines of 16 bytes, whose addresses lanes 8 i to 8 i + 7 give; a lane gets word member of line group.
void load_matrices(Warp& warp, const Instruction& i, uint32_t lanes) {
    if (lanes != all_lanes) return warp.fail(i, __builtin_ctz(lanes), CUDA_ERROR_LAUNCH_FAILED, "a warp that loads matrices lacks lanes");
    constexpr uint32_t line_bytes = 16;
    const Reference* o = warp.operands(i);
    const unsigned char* lines[lanes_of_warp];
    uint64_t addresses[lanes_of_warp];
    for (int l = 0; l < lanes_of_warp; ++l) {
        addresses[l] = warp.bits(o[4], l) + uint64_t(i.offset);
        lines[l] = reach(warp, i, l, Space::shared, addresses[l], line_bytes, false);
        if (lines[l] == nullptr) return;
    }
    for (int l = 0; l < lanes_of_warp; ++l) {
        for (int k = 0; k < 4; ++k) std::memcpy(warp.row<unsigned char>(o[k]) + 4 * l, lines[8 * k + l / 4] + 4 * (l % 4), 4);
    }
    warp.profile(i).transactions += count_passes(addresses, all_lanes, line_bytes);
}

}  // namespace

bool decode_tensor_core(const Kernel&, const Opcode& opcode, Instruction& i) {
    const bool is_product = opcode.base == "mma";
    const bool known = is_product ? opcode.has("m16n8k8") && !opcode.has("sp") && opcode.has("row") && opcode.has("col") && opcode.has("tf32") && i.operand_count == 14
                                  : opcode.has("m8n8") && opcode.has("x4") && !opcode.has("trans") && i.operand_count == 5;
    i.kind = is_product ? Kind::tensor : Kind::shared;
    i.type = {'b', 4};
    i.count = 4;
    i.flow = Flow::warp_meeting;
    i.detail = -1;
    i.run = is_product ? multiply : load_matrices;
    return known;
}

}  // namespace softcuda::ptx
