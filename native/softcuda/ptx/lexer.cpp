#include "lexer.h"

#include <charconv>
#include <cstdlib>

namespace softcuda::ptx {
namespace {

bool begins_word(char c) { return std::isalpha(static_cast<unsigned char>(c)) || c == '_' || c == '$' || c == '%' || c == '.'; }

class Lexer {
public:
    explicit Lexer(std::string_view source) : source_(source) {}

    std::vector<Token> run() {
        std::vector<Token> tokens;
        while (skip_blanks(), at_ < source_.size()) tokens.push_back(next());
        tokens.push_back({Token::end, {}, 0, line_});
        return tokens;
    }

private:
    char peek(size_t ahead = 0) const { return at_ + ahead < source_.size() ? source_[at_ + ahead] : '\0'; }

    void skip_to(std::string_view mark) {
        const size_t found = source_.find(mark, at_);
        const size_t stop = found == std::string_view::npos ? source_.size() : found;
        for (; at_ < stop; ++at_) line_ += source_[at_] == '\n';
    }

    void skip_blanks() {
        for (; at_ < source_.size(); ++at_) {
            if (peek() == '/' && peek(1) == '/') skip_to("\n");
            if (peek() == '/' && peek(1) == '*') skip_to("*/"), ++at_;
            else if (!std::isspace(static_cast<unsigned char>(peek()))) return;
            line_ += peek() == '\n';
        }
    }

    Token next() {
        if (begins_word(peek())) return {Token::word, word(), 0, line_};
        if (std::isdigit(static_cast<unsigned char>(peek()))) return number();
        if (peek() == '"') return quoted();
        return {Token::mark, source_.substr(at_++, 1), 0, line_};
    }

    std::string_view word() {
        const size_t begin = at_;
        const auto goes_on = [this] { return begins_word(peek()) || std::isdigit(static_cast<unsigned char>(peek())); };
        while (goes_on() || (peek() == ':' && peek(1) == ':')) at_ += peek() == ':' ? 2 : 1;
        return source_.substr(begin, at_ - begin);
    }

    // 12, 0x1F, 0f3F800000 (float32) and 0d3FF0000000000000 (float64), perhaps with a U at the end.
    Token number() {
        const size_t begin = at_;
        while (std::isalnum(static_cast<unsigned char>(peek()))) ++at_;
        std::string_view digits = source_.substr(begin, at_ - begin);
        const Token token{Token::number, digits, 0, line_};
        const char mark = digits.size() > 2 && digits[0] == '0' ? char(digits[1] | 0x20) : '0';
        const bool sixteen = mark == 'x' || mark == 'f' || mark == 'd';
        digits.remove_prefix(sixteen ? 2 : 0);
        if (digits.back() == 'U') digits.remove_suffix(1);
        uint64_t bits = 0;
        const auto [rest, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits, sixteen ? 16 : 10);
        if (error != std::errc() || rest != digits.data() + digits.size()) throw Unusable(line_, "no number: " + std::string(token.text_of));
        return {Token::number, token.text_of, bits, line_};
    }

    Token quoted() {
        const size_t begin = ++at_;
        skip_to("\"");
        return {Token::text, source_.substr(begin, at_++ - begin), 0, line_};
    }

    std::string_view source_;
    size_t at_ = 0;
    int line_ = 1;
};

}  // namespace

std::vector<Token> tokens_of(std::string_view source) { return Lexer(source).run(); }

Type type_of(std::string_view text) {
    if (text == "pred") return {'p', 0};
    if (text.size() < 2 || std::string_view("busf").find(text[0]) == std::string_view::npos) return {};
    int bits = 0;
    const auto [rest, error] = std::from_chars(text.data() + 1, text.data() + text.size(), bits);
    const bool known = bits == 8 || bits == 16 || bits == 32 || bits == 64;
    if (error != std::errc() || rest != text.data() + text.size() || !known) return {};
    return {text[0], uint8_t(bits / 8)};
}

}  // namespace softcuda::ptx
