// From PTX's words to functions and statements.
#include <algorithm>

#include "lexer.h"

namespace softcuda::ptx {
namespace {

class Parser {
public:
    explicit Parser(Module& module) : module_(module), tokens_(tokens_of(module.text)) {}

    void run() {
        while (peek().kind != Token::end) parse_top_level();
    }

private:
    using Names = std::map<std::string_view, std::string_view>;

    const Token& peek(size_t ahead = 0) const { return tokens_[std::min(at_ + ahead, tokens_.size() - 1)]; }
    bool is(std::string_view text) const { return peek().text_of == text && peek().kind != Token::text; }
    bool begins_with_dot() const { return peek().kind == Token::word && peek().text_of.front() == '.'; }
    const Token& take() { return tokens_[at_ < tokens_.size() - 1 ? at_++ : at_]; }
    bool take_if(std::string_view text) { return is(text) && (take(), true); }

    [[noreturn]] void refuse(const std::string& what) const { throw Unusable(peek().line, what + ", not " + std::string(peek().text_of)); }

    void expect(std::string_view text) {
        if (!take_if(text)) refuse("expected " + std::string(text));
    }
    std::string_view expect_word() {
        if (peek().kind != Token::word) refuse("expected a name");
        return take().text_of;
    }
    uint64_t expect_number() {
        const bool negative = take_if("-");
        if (peek().kind != Token::number) refuse("expected a number");
        const uint64_t bits = take().bits;
        return negative ? ~bits + 1 : bits;
    }
    void skip_line() {
        const int line = peek().line;
        while (peek().line == line && peek().kind != Token::end) take();
    }
    void skip_statement() {
        while (peek().kind != Token::end && !take_if(";")) take();
    }

    void parse_top_level() {
        const std::string_view word = peek().text_of;
        if (word == ".entry" || word == ".func") return parse_function(word == ".entry");
        if (word == ".version" || word == ".target" || word == ".address_size") return skip_line();
        if (word == ".file") return parse_file();
        if (word == ".section") return skip_section();
        if (word == ".visible" || word == ".weak" || word == ".extern" || word == ".common") return void(take());
        if (word == ";") return void(take());
        if (word.empty() || word[0] != '.') refuse("expected a directive");
        const Variable variable = parse_variable();
        skip_statement();
        module_.variables[variable.name] = variable;
    }

    void parse_file() {
        take();
        const int number = int(expect_number());
        if (peek().kind == Token::text) module_.files[number] = take().text_of;
        while (take_if(",")) expect_number();
    }

    void skip_section() {
        while (peek().kind != Token::end && !is("{")) take();
        while (peek().kind != Token::end && !take_if("}")) take();
    }

    // .space [.align n] .type name [bytes] or name<count>; stops before what follows.
    Variable parse_variable() {
        Variable variable;
        variable.space = take().text_of.substr(1);
        uint64_t alignment = 0;
        if (take_if(".align")) alignment = expect_number();
        variable.type = type_of(expect_word().substr(1));
        if (variable.type.kind == 0) refuse("expected a type");
        if (take_if(".ptr")) skip_pointer_attributes();
        variable.bytes = variable.type.bytes;
        variable.alignment = alignment != 0 ? alignment : std::max<uint64_t>(variable.type.bytes, 1);
        parse_declarator(variable);
        return variable;
    }

    // .ptr .global .align 4: what a compiler says of a pointer's target.
    void skip_pointer_attributes() {
        while (begins_with_dot()) {
            if (take().text_of == ".align") expect_number();
        }
    }

    void parse_declarator(Variable& variable) {
        variable.name = expect_word();
        if (take_if("<")) {
            variable.count = int(expect_number());
            expect(">");
        }
        while (take_if("[")) {
            variable.bytes = is("]") ? 0 : variable.bytes * expect_number();
            expect("]");
        }
    }

    void parse_function(bool is_kernel) {
        take();
        Function function;
        function.is_kernel = is_kernel;
        function.line = peek().line;
        if (is("(")) function.results = parse_parameters();
        function.name = expect_word();
        if (is("(")) function.parameters = parse_parameters();
        while (!is("{") && !is(";")) parse_attribute(function);
        if (take_if(";")) {
            module_.functions.emplace(function.name, function);
            return;
        }
        function.has_body = true;
        place_ = {};
        parse_block(function);
        module_.functions[function.name] = std::move(function);
    }

    std::vector<Variable> parse_parameters() {
        std::vector<Variable> parameters;
        expect("(");
        while (!take_if(")")) {
            parameters.push_back(parse_variable());
            take_if(",");
        }
        return parameters;
    }

    void parse_attribute(Function& function) {
        const std::string_view attribute = take().text_of;
        if (attribute.empty() || attribute[0] != '.') refuse("expected a function's body");
        if (peek().kind != Token::number) return;
        uint64_t product = expect_number();
        while (take_if(",")) product *= expect_number();
        if (attribute == ".maxntid" || attribute == ".reqntid") function.max_threads = int(product);
    }

    void parse_block(Function& function) {
        expect("{");
        scopes_.emplace_back();
        while (!take_if("}")) {
            if (is("{")) parse_block(function);
            else parse_statement(function);
        }
        scopes_.pop_back();
    }

    void parse_statement(Function& function) {
        if (peek().kind == Token::end) refuse("expected a statement");
        if (is(".loc")) return parse_location();
        if (is(".pragma")) return skip_statement();
        if (begins_with_dot()) return parse_declaration(function);
        Statement statement;
        statement.place = place_;
        statement.place.line = peek().line;
        if (peek(1).text_of == ":") {
            statement.label = take().text_of;
            take();
        } else {
            parse_instruction(statement);
        }
        function.body.push_back(std::move(statement));
    }

    void parse_location() {
        const int line = peek().line;
        take();
        place_.file = int(expect_number());
        place_.source_line = int(expect_number());
        while (peek().line == line && peek().kind != Token::end) take();
    }

    void parse_declaration(Function& function) {
        Variable variable = parse_variable();
        declare(function, variable);
        while (take_if(",")) {
            parse_declarator(variable);
            declare(function, variable);
        }
        if (!is(";")) refuse("expected ; (initial values are not supported)");
        take();
    }

    // The outermost block's names stay as they are.
    void declare(Function& function, Variable& variable) {
        if (scopes_.size() > 1 && variable.count > 0) refuse("numbered registers stand in a function's outermost block");
        if (scopes_.size() > 1) {
            const std::string_view written = variable.name;
            variable.name = module_.names.emplace_back(std::string(written) + "#" + std::to_string(module_.names.size()));
            scopes_.back()[written] = variable.name;
        }
        function.variables.push_back(variable);
    }

    std::string_view resolve(std::string_view name) const {
        for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope) {
            if (const auto found = scope->find(name); found != scope->end()) return found->second;
        }
        return name;
    }

    void parse_instruction(Statement& statement) {
        if (take_if("@")) {
            statement.guard_negated = take_if("!");
            statement.guard = resolve(expect_word());
        }
        statement.opcode = expect_word();
        while (!take_if(";")) {
            statement.operands.push_back(parse_operand());
            if (!take_if(",") && !is(";")) refuse("expected ;");
        }
    }

    Operand parse_operand() {
        if (is("{") || is("(")) return parse_list(is("{") ? "}" : ")");
        if (is("[")) return parse_address();
        Operand operand;
        operand.negated = take_if("!");
        if (peek().kind == Token::number || is("-")) {
            operand.kind = Operand::number;
            operand.bits = expect_number();
            return operand;
        }
        operand.text = resolve(expect_word());
        if (!take_if("|")) return operand;
        return {Operand::list, false, {}, 0, {operand, parse_operand()}};
    }

    Operand parse_list(std::string_view close) {
        take();
        Operand list{Operand::list, false, {}, 0, {}};
        while (!take_if(close)) {
            list.parts.push_back(parse_operand());
            take_if(",");
        }
        return list;
    }

    // [base], [base+offset], [base+-offset], [number].
    Operand parse_address() {
        take();
        Operand address{Operand::address, false, {}, 0, {}};
        if (peek().kind == Token::word) address.text = resolve(take().text_of);
        else address.bits = expect_number();
        if (take_if("+") || is("-")) address.bits += expect_number();
        expect("]");
        return address;
    }

    Module& module_;
    std::vector<Token> tokens_;
    size_t at_ = 0;
    Place place_;
    std::vector<Names> scopes_;
};

}  // namespace

void parse(std::string text, Module& module) {
    module.text = std::move(text);
    Parser(module).run();
}

}  // namespace softcuda::ptx
