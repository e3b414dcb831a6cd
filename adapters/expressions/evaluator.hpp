// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/expressions/expression.hpp"
#include "adapters/expressions/methods.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace weir::expressions {

// Reads one expression and evaluates it on the way: there is no tree. What need not be evaluated
// (the other branch, the right side of a decided &&) is read all the same, so that its mistakes are
// found.
class evaluator {
public:
    // Positions are those in `text`. Without a scope nothing is evaluated.
    evaluator(std::string_view text, const scope* names) noexcept
        : text_(text), names_(names), idle_(names == nullptr) {}

    // The expression that is text[from, to), all of it.
    [[nodiscard]] result run(std::size_t from, std::size_t to);

private:
    struct operand {
        json value;
        bool known = true;   // false: not_yet, or not evaluated
    };
    struct part {
        std::string text;
        std::size_t at = 0;
    };

    // Each reads from at_ on, and gives false once failed_ says why.
    bool choice(operand&);
    bool binary_from(int binds, operand&);
    bool unary(operand&);
    bool postfix(operand&);
    bool primary(operand&);
    bool number(operand&);
    bool quoted(operand&);
    bool list(operand&);
    bool nested(operand&);
    bool name(operand&);
    bool name_part(part&, bool& known);
    bool member_name(part&, bool& known);
    bool begins_script(std::string_view word);   // true: told
    bool value_of(const std::vector<part>&, bool known, operand&);
    bool resolve(const std::vector<part>&, operand&);
    bool step(operand& from, const json& to, std::size_t at);
    bool arguments(char end, std::vector<json>&, bool& known);
    bool call_of(std::vector<part>, bool known, operand&);
    bool call_on(operand& self, const part& name, const std::vector<json>& given, bool known);
    bool kept(std::vector<part> parts, const part& getter, operand& out);
    bool method_call(operand& self, const part& name);
    bool function_call(const std::string& name, std::size_t at, operand&);
    bool logical(bool decided_by, int binds, operand& left, std::size_t at);

    void skip_blanks() noexcept;
    [[nodiscard]] char peek(std::size_t ahead = 0) const noexcept;
    [[nodiscard]] bool at_nested() const noexcept { return peek() == '<' && peek(1) == '+'; }
    bool accept(char);
    bool expect(char);
    bool fail(std::size_t at, std::string why);
    void later(std::size_t at, std::string what);
    bool too_deep() { return fail(at_, "nested too deeply"); }

    std::string_view text_;
    const scope* names_;
    std::size_t at_ = 0;
    std::size_t end_ = 0;
    std::size_t depth_ = 0;
    bool idle_;              // read on, evaluate nothing
    budget work_;
    std::string failure_;
    std::size_t failed_at_ = 0;
    std::string wanting_;    // the first name that is not_yet
    std::size_t wanting_at_ = 0;
};

}  // namespace weir::expressions
