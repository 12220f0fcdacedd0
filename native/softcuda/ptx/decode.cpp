#include <algorithm>

#include "operations.h"

namespace softcuda::ptx {
namespace {

bool is_float(const Opcode& opcode) { return opcode.type().kind == 'f'; }

bool decode_arithmetic(const Kernel& kernel, const Opcode& opcode, Instruction& i) {
    return is_float(opcode) ? decode_float(kernel, opcode, i) : decode_integer(kernel, opcode, i);
}

const std::map<std::string_view, Decoder>& decoders() {
    static const auto* table = [] {
        auto* all = new std::map<std::string_view, Decoder>;
        const auto add = [&](Decoder decoder, std::initializer_list<const char*> bases) {
            for (const char* base : bases) (*all)[base] = decoder;
        };
        add(decode_arithmetic, {"add", "sub", "mul", "mad", "fma", "div", "rem", "min", "max", "neg", "abs", "rcp", "sqrt", "copysign"});
        add(decode_bits, {"and", "or", "xor", "not", "shl", "shr", "popc", "clz", "brev", "bfe", "bfi", "prmt", "lop3", "shf"});
        add(decode_comparison, {"setp"});
        add(decode_selection, {"selp"});
        add(decode_move, {"mov"});
        add(decode_conversion, {"cvt"});
        add(decode_address_conversion, {"cvta"});
        add(decode_access, {"ld", "ldu", "st"});
        add(decode_async_copy, {"cp"});
        add(decode_warp, {"shfl", "vote", "bar", "barrier", "trap", "membar", "fence", "griddepcontrol"});
        add(decode_tensor_core, {"mma", "ldmatrix"});
        return all;
    }();
    return *table;
}

// Registers of an arithmetic instruction are as wide as its type; the loops over lanes rely on it.
bool widths_fit(const Kernel& kernel, const Opcode& opcode, const Instruction& i) {
    const std::string_view base = opcode.base;
    const Reference* o = kernel.operands(i);
    const bool counts_bits = base == "popc" || base == "clz", shifts = base == "shl" || base == "shr", fields = base == "bfe" || base == "bfi";
    if ((base == "min" || base == "max") && i.operand_count != 3) return false;
    for (uint32_t k = 0; k < i.operand_count; ++k) {
        const bool is_wide = opcode.has("wide") && (k == 0 || k == 3);
        const bool is_word = (counts_bits && k == 0) || (shifts && k == 2) || (fields && k >= i.operand_count - 2);
        const int expected = is_word ? 4 : opcode.type().bytes * (is_wide ? 2 : 1);
        if (o[k].bytes != expected) return false;
    }
    return true;
}

}  // namespace

Opcode::Opcode(std::string_view text) {
    for (size_t begin = 0; begin <= text.size();) {
        const size_t end = std::min(text.find('.', begin), text.size());
        if (begin == 0) base = text.substr(0, end);
        else modifiers.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
}

bool Opcode::has(std::string_view modifier) const { return std::find(modifiers.begin(), modifiers.end(), modifier) != modifiers.end(); }

Type Opcode::type(int from_end) const {
    for (auto m = modifiers.rbegin(); m != modifiers.rend(); ++m) {
        const Type type = type_of(*m);
        if (type.kind != 0 && from_end-- == 0) return type;
    }
    return {};
}

void decode(Kernel& kernel, Instruction& i) {
    const Opcode opcode(i.opcode);
    const auto found = decoders().find(opcode.base);
    const bool checks_widths = found != decoders().end() && (found->second == decode_arithmetic || found->second == decode_bits);
    if (found == decoders().end() || !found->second(kernel, opcode, i) || (checks_widths && !widths_fit(kernel, opcode, i))) {
        throw Unusable(i.place.line, "softcuda does not know " + std::string(i.opcode));
    }
}

}  // namespace softcuda::ptx
