// PTX as it is written: a module's functions with their declarations and statements ("PTX ISA", sections 4 to 7). Texts are views of
// the module's source, which outlives them. Names of registers that are declared in an inner block get a suffix of their own.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace softcuda::ptx {

// What keeps a module or a kernel from running.
struct Unusable : std::runtime_error {
    explicit Unusable(const std::string& what) : std::runtime_error(what) {}
    Unusable(int line, const std::string& what) : std::runtime_error("line " + std::to_string(line) + " of the PTX: " + what) {}
};

// kind: b bits, u unsigned, s signed, f floating-point, p predicate (0 bytes); 0 for none.
struct Type {
    char kind = 0;
    uint8_t bytes = 0;
};

// Of "u32", "pred" and the like; kind 0 for anything else.
Type type_of(std::string_view text);

struct Operand {
    enum Kind : uint8_t { name, number, address, list };
    Kind kind = name;
    bool negated = false;        // !p
    std::string_view text;       // of a name; of an address its base, empty where that is a number
    uint64_t bits = 0;           // of a number, in two's complement or as IEEE 754 of the type it is written for; an address' offset
    std::vector<Operand> parts;  // of {a, b}, (a, b) and a|b
};

struct Place {
    int line = 0;         // of the PTX
    int file = 0;         // by .loc, of what was compiled; 0 where there is none
    int source_line = 0;
};

struct Statement {
    Place place;
    std::string_view label;  // then nothing else
    std::string_view guard;  // @p
    bool guard_negated = false;
    std::string_view opcode;  // with its modifiers
    std::vector<Operand> operands;
};

struct Variable {
    std::string_view name, space;  // reg, local, shared, param, global, const
    Type type;
    uint64_t bytes = 0, alignment = 1;
    int count = 0;  // of registers name0, name1 ...; 0 for one of just this name
};

struct Function {
    std::string_view name;
    bool is_kernel = false, has_body = false;
    int max_threads = 0;  // by .maxntid; 0 when any number will do
    std::vector<Variable> results, parameters, variables;
    std::vector<Statement> body;
    int line = 0;
};

struct Module {
    std::string text;
    std::deque<std::string> names;  // those made for inner blocks
    std::map<std::string_view, Function> functions;
    std::map<std::string_view, Variable> variables;
    std::map<int, std::string_view> files;  // of .loc
};

// Reads a module's text; throws Unusable.
void parse(std::string text, Module& module);

}  // namespace softcuda::ptx
