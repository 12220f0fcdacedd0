#include "builder.h"

#include <algorithm>

#include "reconvergence.h"

namespace softcuda::ptx {
namespace {

constexpr int deepest_call = 16, lanes = 32;

uint64_t aligned(uint64_t offset, uint64_t alignment) { return (offset + alignment - 1) / alignment * alignment; }

bool is_dynamic(const Variable& variable) { return variable.space == "shared" && variable.bytes == 0; }

}  // namespace

void Builder::build(const Function& function) {
    kernel_.name = function.name;
    kernel_.max_threads = function.max_threads;
    lay_out_parameters(function);
    find_shared(function, 0);
    kernel_.dynamic_shared_offset = uint32_t(aligned(kernel_.static_shared_bytes, 16));
    Frame frame{&function, {}, {}, {}, {}, {}};
    add_function(frame, 0);
    Instruction end;  // for a body without one
    end.flow = Flow::exit;
    end.kind = Kind::flow;
    end.guard_negated = true;
    kernel_.code.push_back(end);
    for (const Instruction& i : kernel_.code) kernel_.profile.push_back({0, 0, 0, i.kind});
}

void Builder::lay_out_parameters(const Function& function) {
    for (const Variable& p : function.parameters) {
        const auto offset = uint32_t(aligned(kernel_.parameter_bytes, p.alignment));
        kernel_.parameters.push_back({offset, uint32_t(p.bytes)});
        parameters_[p.name] = offset;
        kernel_.parameter_bytes = offset + uint32_t(p.bytes);
    }
}

// Of the module's shared memory a kernel has what it or a function that it calls names.
void Builder::find_shared(const Function& function, int depth) {
    for (const Variable& variable : function.variables) {
        if (variable.space == "shared") place_shared(variable);
    }
    for (const Statement& statement : function.body) {
        for (const Operand& operand : statement.operands) find_shared(operand, depth);
    }
}

void Builder::find_shared(const Operand& operand, int depth) {
    for (const Operand& part : operand.parts) find_shared(part, depth);
    if (operand.text.empty() || operand.text[0] == '%') return;
    const auto variable = module_.variables.find(operand.text);
    if (variable != module_.variables.end() && variable->second.space == "shared") place_shared(variable->second);
    const auto function = module_.functions.find(operand.text);
    if (function != module_.functions.end() && depth < deepest_call) find_shared(function->second, depth + 1);
}

void Builder::place_shared(const Variable& variable) {
    if (is_dynamic(variable) || shared_.count(variable.name) != 0) return;
    const uint64_t offset = aligned(kernel_.static_shared_bytes, variable.alignment);
    shared_[variable.name] = uint32_t(offset);
    kernel_.static_shared_bytes = uint32_t(offset + variable.bytes);
}

void Builder::declare(Frame& frame, const Variable& variable) {
    if (variable.space == "reg") frame.registers[variable.name] = add_registers(variable);
    else if (variable.space == "local" || variable.space == "param") frame.locals[variable.name] = add_local(variable.bytes, variable.alignment);
}

Builder::Registers Builder::add_registers(const Variable& variable) {
    const bool is_predicate = variable.type.kind == 'p';
    const auto count = uint32_t(std::max(variable.count, 1));
    const auto bytes = uint8_t(is_predicate ? 0 : std::max<int>(variable.type.bytes, 2));
    uint32_t& used = is_predicate ? kernel_.predicate_count : kernel_.register_bytes;
    const Registers registers{bytes, used, variable.count};
    used += is_predicate ? count : count * bytes * lanes;
    return registers;
}

uint32_t Builder::add_local(uint64_t bytes, uint64_t alignment) {
    const uint64_t offset = aligned(kernel_.local_bytes, std::max<uint64_t>(alignment, 8));
    kernel_.local_bytes = uint32_t(aligned(offset + bytes, 16));
    return uint32_t(offset);
}

void Builder::add_function(Frame& frame, int depth) {
    for (const Variable& variable : frame.function->variables) declare(frame, variable);
    for (const Statement& statement : frame.function->body) add_statement(frame, statement, depth);
    close(frame);
}

void Builder::add_statement(Frame& frame, const Statement& statement, int depth) {
    const std::string_view base = statement.opcode.substr(0, statement.opcode.find('.'));
    if (!statement.label.empty()) add_label(frame, statement);
    else if (base == "bra") add_branch(frame, statement);
    else if (base == "ret" || base == "exit") add_return(frame, statement, base == "exit" || frame.function->is_kernel);
    else if (base == "call") add_call(frame, statement, depth);
    else add_operation(frame, statement);
}

void Builder::add_label(Frame& frame, const Statement& statement) {
    const bool is_new = frame.labels.emplace(statement.label, uint32_t(kernel_.code.size())).second;
    if (!is_new) throw Unusable(statement.place.line, "the label " + std::string(statement.label) + " comes twice");
}

Instruction Builder::begin(Frame& frame, const Statement& statement) {
    Instruction i;
    i.place = statement.place;
    i.opcode = statement.opcode;
    i.guard_negated = true;
    if (statement.guard.empty()) return i;
    Reference guard;
    if (!find_register(frame, statement.guard, guard)) throw Unusable(statement.place.line, "no such register: " + std::string(statement.guard));
    i.guard = guard.offset;
    i.guard_negated = statement.guard_negated;
    return i;
}

void Builder::add_branch(Frame& frame, const Statement& statement) {
    Instruction i = begin(frame, statement);
    i.flow = Flow::branch;
    i.kind = Kind::flow;
    frame.branches.emplace_back(kernel_.code.size(), &statement);
    kernel_.code.push_back(i);
}

void Builder::add_return(Frame& frame, const Statement& statement, bool ends_thread) {
    Instruction i = begin(frame, statement);
    i.flow = ends_thread ? Flow::exit : Flow::branch;
    i.kind = Kind::flow;
    if (!ends_thread) frame.returns.push_back(kernel_.code.size());
    kernel_.code.push_back(i);
}

// call (results), function, (parameters); either list may be missing.
void Builder::add_call(Frame& frame, const Statement& statement, int depth) {
    const auto& o = statement.operands;
    const size_t name = !o.empty() && o[0].kind == Operand::list ? 1 : 0;
    const auto found = name < o.size() ? module_.functions.find(o[name].text) : module_.functions.end();
    if (found == module_.functions.end() || !found->second.has_body || depth >= deepest_call || !statement.guard.empty()) {
        throw Unusable(statement.place.line, "softcuda cannot follow this call");
    }
    Frame callee{&found->second, {}, {}, {}, {}, {}};
    const Operand none{Operand::list, false, {}, 0, {}};
    bind(callee, frame, found->second.results, name == 1 ? o[0] : none, statement);
    bind(callee, frame, found->second.parameters, name + 1 < o.size() ? o[name + 1] : none, statement);
    add_function(callee, depth + 1);
    for (const size_t place : callee.returns) kernel_.code[place].target = uint32_t(kernel_.code.size());
}

void Builder::bind(Frame& callee, const Frame& caller, const std::vector<Variable>& names, const Operand& values, const Statement& statement) {
    if (names.size() != values.parts.size()) throw Unusable(statement.place.line, "a call with other parameters than its function's");
    for (size_t k = 0; k < names.size(); ++k) {
        const auto found = caller.locals.find(values.parts[k].text);
        if (found == caller.locals.end()) throw Unusable(statement.place.line, "no such parameter: " + std::string(values.parts[k].text));
        callee.locals[names[k].name] = found->second;
    }
}

void Builder::close(Frame& frame) {
    for (const auto& [place, statement] : frame.branches) {
        const auto found = frame.labels.find(statement->operands.at(0).text);
        if (found == frame.labels.end()) throw Unusable(statement->place.line, "no such label: " + std::string(statement->operands[0].text));
        kernel_.code[place].target = found->second;
    }
}

std::unique_ptr<Kernel> build_kernel(const Module& module, const Function& function) {
    auto kernel = std::make_unique<Kernel>();
    Builder(module, *kernel).build(function);
    find_reconvergence(*kernel);
    return kernel;
}

}  // namespace softcuda::ptx
