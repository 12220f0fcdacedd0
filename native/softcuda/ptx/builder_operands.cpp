// The builder's part about operands: registers, constants, addresses.
#include <algorithm>
#include <array>
#include <charconv>

#include "builder.h"
#include "operations.h"

namespace softcuda::ptx {
namespace {

// The numbers that decode_move is given.
int special_register(std::string_view name) {
    constexpr std::array<std::string_view, 4> vectors = {"%tid.", "%ctaid.", "%ntid.", "%nctaid."};
    for (size_t v = 0; v < vectors.size(); ++v) {
        if (name.size() == vectors[v].size() + 1 && name.substr(0, vectors[v].size()) == vectors[v]) return int(3 * v) + name.back() - 'x';
    }
    return name == "%laneid" ? 12 : -1;
}

// Operands that are counts are words, whatever the opcode's type; the third factor's sum is as wide as the product.
Type type_of_operand(const Opcode& opcode, size_t index, size_t count) {
    constexpr Type word{'u', 4};
    const std::string_view base = opcode.base;
    const Type type = opcode.type();
    if ((base == "shl" || base == "shr") && index == 2) return word;
    if ((base == "bfe" || base == "bfi") && index + 2 >= count) return word;
    if (type.kind == 0 || base == "vote" || base == "cp") return word;
    if (opcode.has("wide") && index == 3) return {type.kind, uint8_t(2 * type.bytes)};
    return type;
}

}  // namespace

void Builder::add_operation(Frame& frame, const Statement& statement) {
    Instruction i = begin(frame, statement);
    const Opcode opcode(statement.opcode);
    // A called function's parameters, and those of a call, lie in local memory.
    if (!frame.function->is_kernel) i.space = Space::local;
    std::vector<Reference> operands;
    bool has_list = false;
    for (size_t k = 0; k < statement.operands.size(); ++k) {
        const Operand& operand = statement.operands[k];
        has_list = has_list || operand.kind == Operand::list;
        add_operand(frame, statement, i, operand, type_of_operand(opcode, k, statement.operands.size()), operands);
    }
    if (opcode.base == "mov" && has_list) i.detail = -std::max(int(statement.operands[0].parts.size()), 1);
    i.first_operand = uint32_t(kernel_.references.size());
    i.operand_count = uint32_t(operands.size());
    kernel_.references.insert(kernel_.references.end(), operands.begin(), operands.end());
    decode(kernel_, i);
    kernel_.code.push_back(i);
}

void Builder::add_operand(Frame& frame, const Statement& statement, Instruction& i, const Operand& operand, Type type, std::vector<Reference>& into) {
    if (operand.kind == Operand::address) return add_address(frame, statement, i, operand, into);
    if (operand.kind == Operand::name) return into.push_back(named(frame, statement, i, operand, type));
    if (operand.kind == Operand::number) {
        if (type.kind == 'p') return into.push_back({operand.bits != 0 ? 1u : 0u, 0, false});
        return into.push_back(constant(operand.bits, type.bytes));
    }
    // A register's parts share its width.
    if (statement.opcode.substr(0, 3) == "mov") type.bytes = uint8_t(type.bytes / operand.parts.size());
    for (const Operand& part : operand.parts) add_operand(frame, statement, i, part, type, into);
}

// The base, its offset in i; of a second address (cp.async) the offset is in detail.
void Builder::add_address(Frame& frame, const Statement& statement, Instruction& i, const Operand& operand, std::vector<Reference>& into) {
    const bool is_second = std::count_if(statement.operands.begin(), statement.operands.end(), [](const Operand& o) { return o.kind == Operand::address; }) == 2
                           && &operand != &statement.operands[0];
    uint64_t address = 0;
    Reference base;
    if (operand.text.empty()) base = constant(0, 8);
    else if (find_symbol(frame, operand.text, address)) base = constant(address, 8);
    else base = named(frame, statement, i, operand, {'b', 8});
    if (frame.locals.count(operand.text) != 0) i.space = Space::local;
    if (is_second) i.detail = int(int64_t(operand.bits));
    else i.offset = int64_t(operand.bits);
    into.push_back(base);
}

Reference Builder::named(Frame& frame, const Statement& statement, Instruction& i, const Operand& operand, Type type) {
    Reference found;
    uint64_t address = 0;
    if (find_register(frame, operand.text, found)) return operand.negated ? inverse(frame, statement, found) : found;
    if (operand.text == "WARP_SZ") return constant(lanes_of_warp, type.bytes);
    if (operand.text == "_") {
        const Registers sink = add_registers({{}, "reg", type, 0, 1, 0});
        return {sink.first, sink.bytes, false};
    }
    if (const int special = special_register(operand.text); special >= 0 && statement.opcode.substr(0, 3) == "mov") {
        i.detail = special + 1;
        return constant(0, type.bytes);
    }
    if (find_symbol(frame, operand.text, address)) return constant(address, type.bytes);
    throw Unusable(statement.place.line, "softcuda does not know " + std::string(operand.text));
}

// !p, in a predicate of its own.
Reference Builder::inverse(Frame& frame, const Statement& statement, Reference predicate) {
    Instruction i = begin(frame, statement);
    i.opcode = "not.pred";
    const Reference result{kernel_.predicate_count++, 0, false};
    i.first_operand = uint32_t(kernel_.references.size());
    i.operand_count = 2;
    kernel_.references.insert(kernel_.references.end(), {result, predicate});
    decode(kernel_, i);
    kernel_.code.push_back(i);
    return result;
}

bool Builder::find_register(const Frame& frame, std::string_view name, Reference& found) const {
    auto registers = frame.registers.find(name);
    int number = 0;
    if (registers == frame.registers.end() || registers->second.count > 0) {
        const size_t digits = name.find_last_not_of("0123456789") + 1;
        registers = frame.registers.find(name.substr(0, digits));
        const auto [rest, error] = std::from_chars(name.data() + digits, name.data() + name.size(), number);
        if (registers == frame.registers.end() || error != std::errc() || rest != name.data() + name.size()) return false;
        if (number >= registers->second.count) return false;
    }
    const Registers& r = registers->second;
    found = {r.first + uint32_t(number) * (r.bytes == 0 ? 1u : uint32_t(r.bytes) * lanes_of_warp), r.bytes, false};
    return true;
}

bool Builder::find_symbol(const Frame& frame, std::string_view name, uint64_t& address) const {
    const auto find = [&](const std::map<std::string_view, uint32_t>& places) {
        const auto place = places.find(name);
        return place != places.end() && (address = place->second, true);
    };
    if (find(frame.locals) || find(shared_) || (frame.function->is_kernel && find(parameters_))) return true;
    const auto variable = module_.variables.find(name);
    if (variable == module_.variables.end() || variable->second.space != "shared" || variable->second.bytes != 0) return false;
    address = kernel_.dynamic_shared_offset;
    return true;
}

// A row whose values are all these, one for all equal ones.
Reference Builder::constant(uint64_t bits, uint8_t bytes) {
    bytes = std::max<uint8_t>(bytes, 2);
    if (bytes < 8) bits &= (uint64_t(1) << 8 * bytes) - 1;
    const auto [place, is_new] = constants_.try_emplace({bits, bytes}, uint32_t(kernel_.constants.size() * 8));
    if (is_new) {
        uint64_t pattern = bits;
        for (int filled = bytes; filled < 8; filled *= 2) pattern |= pattern << 8 * filled;
        kernel_.constants.resize(kernel_.constants.size() + size_t(4 * bytes), pattern);
    }
    return {place->second, bytes, true};
}

}  // namespace softcuda::ptx
