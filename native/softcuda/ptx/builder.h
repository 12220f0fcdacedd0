// Lays out a kernel's registers, constants and memories and turns its statements into instructions. Called functions are built into
// their callers; their parameters lie in local memory.
#pragma once

#include "program.h"

namespace softcuda::ptx {

class Builder {
public:
    Builder(const Module& module, Kernel& kernel) : module_(module), kernel_(kernel) {}
    void build(const Function& function);

private:
    // Of name0, name1 ... or of one register; predicates (0 bytes) are numbered, others lie in rows.
    struct Registers {
        uint8_t bytes;
        uint32_t first;
        int count;
    };
    // What one function's names stand for.
    struct Frame {
        const Function* function;
        std::map<std::string_view, Registers> registers;
        std::map<std::string_view, uint32_t> locals;  // places in local memory
        std::map<std::string_view, uint32_t> labels;  // numbers of instructions
        std::vector<std::pair<size_t, const Statement*>> branches;
        std::vector<size_t> returns;
    };

    void lay_out_parameters(const Function& function);
    void find_shared(const Function& function, int depth);
    void find_shared(const Operand& operand, int depth);
    void place_shared(const Variable& variable);
    void declare(Frame& frame, const Variable& variable);
    Registers add_registers(const Variable& variable);
    uint32_t add_local(uint64_t bytes, uint64_t alignment);

    void add_function(Frame& frame, int depth);
    void add_statement(Frame& frame, const Statement& statement, int depth);
    void add_label(Frame& frame, const Statement& statement);
    void add_branch(Frame& frame, const Statement& statement);
    void add_return(Frame& frame, const Statement& statement, bool ends_thread);
    void add_call(Frame& frame, const Statement& statement, int depth);
    void bind(Frame& callee, const Frame& caller, const std::vector<Variable>& names, const Operand& values, const Statement& statement);
    void add_operation(Frame& frame, const Statement& statement);
    void close(Frame& frame);

    Instruction begin(Frame& frame, const Statement& statement);
    void add_operand(Frame& frame, const Statement& statement, Instruction& i, const Operand& operand, Type type, std::vector<Reference>& into);
    void add_address(Frame& frame, const Statement& statement, Instruction& i, const Operand& operand, std::vector<Reference>& into);
    Reference named(Frame& frame, const Statement& statement, Instruction& i, const Operand& operand, Type type);
    Reference inverse(Frame& frame, const Statement& statement, Reference predicate);
    bool find_register(const Frame& frame, std::string_view name, Reference& found) const;
    bool find_symbol(const Frame& frame, std::string_view name, uint64_t& address) const;
    Reference constant(uint64_t bits, uint8_t bytes);

    const Module& module_;
    Kernel& kernel_;
    std::map<std::string_view, uint32_t> shared_, parameters_;
    std::map<std::pair<uint64_t, int>, uint32_t> constants_;
};

}  // namespace softcuda::ptx
