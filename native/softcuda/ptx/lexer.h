// Cuts PTX into words, numbers and marks.
#pragma once

#include "syntax.h"

namespace softcuda::ptx {

struct Token {
    enum Kind : uint8_t { end, word, number, text, mark };
    Kind kind = end;
    std::string_view text_of;
    uint64_t bits = 0;
    int line = 0;
};

// Words may hold dots, dollars, percent signs and double colons: opcodes with modifiers, directives and registers are one each.
std::vector<Token> tokens_of(std::string_view source);

}  // namespace softcuda::ptx
