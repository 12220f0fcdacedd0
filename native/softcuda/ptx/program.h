// A kernel's PTX made ready to run: rows of registers in the place of names, a function in the place of an opcode.
#pragma once

#include <memory>

#include "syntax.h"

namespace softcuda::ptx {

class Warp;
struct Instruction;
// Executes one instruction for the lanes whose bits are set.
using Run = void (*)(Warp& warp, const Instruction& instruction, uint32_t lanes);

enum class Space : uint8_t { generic, global, shared, local, parameter };
// What happens to the lanes' places in the program.
enum class Flow : uint8_t { next, branch, exit, block_barrier, warp_meeting };
// For counts: what an instruction asks of the machine.
enum class Kind : uint8_t { float32, float64, integer, move, tensor, global, shared, local, flow };
constexpr int kind_count = 9;
constexpr uint32_t no_instruction = 0xFFFFFFFF;

// A row of 32 values, one for every lane, each of so many bytes; of a predicate (0 bytes) its number.
struct Reference {
    uint32_t offset = 0;
    uint8_t bytes = 0;
    bool is_constant = false;
};

struct Instruction {
    Run run = nullptr;
    Flow flow = Flow::next;
    Kind kind = Kind::move;
    Space space = Space::generic;
    Type type;           // of an access' elements, of which there are `count`
    uint8_t count = 1;
    bool guard_negated = false;
    uint32_t guard = 0;   // predicate; 0, which is always false, and negated: unconditional
    uint32_t target = 0;  // of a branch
    uint32_t reconvergence = no_instruction;  // of a branch: where its ways meet
    uint32_t first_operand = 0;
    uint32_t operand_count = 0;
    int64_t offset = 0;  // of an address
    int detail = 0;      // what else the operation has to know
    Place place;
    std::string_view opcode;
};

// How often an instruction was issued to a warp, for how many lanes, and how many sectors of 32 bytes (global and local memory) or
// passes through shared memory it took.
struct Profile {
    uint64_t warps = 0, lanes = 0, transactions = 0;
    Kind kind = Kind::move;  // the instruction's; of an access to a generic address that of the memory it has reached
};

struct Parameter {
    uint32_t offset, bytes;
};

struct Kernel {
    std::string name;
    std::vector<Instruction> code;
    std::vector<Reference> references;  // operands of all instructions
    std::vector<uint64_t> constants;    // rows of 32, in units of 8 bytes
    std::vector<Parameter> parameters;
    uint32_t parameter_bytes = 0;
    uint32_t register_bytes = 0;   // of a warp
    uint32_t predicate_count = 2;  // 0 is always false, 1 always true
    uint32_t local_bytes = 0;      // of a thread
    uint32_t static_shared_bytes = 0, dynamic_shared_offset = 0;
    int max_threads = 0;
    std::vector<Profile> profile;  // of each instruction
    uint64_t launches = 0, blocks = 0, threads = 0;

    const Reference* operands(const Instruction& i) const { return references.data() + i.first_operand; }
};

// Throws Unusable when the function uses what is not supported.
std::unique_ptr<Kernel> build_kernel(const Module& module, const Function& function);

// Fills in what an opcode, whose type, count and operands are there, does; throws Unusable.
void decode(Kernel& kernel, Instruction& instruction);

}  // namespace softcuda::ptx
