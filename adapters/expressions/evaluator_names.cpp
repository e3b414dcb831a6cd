// SPDX-License-Identifier: BSL-1.0
#include "adapters/expressions/evaluator.hpp"

#include "adapters/expressions/brackets.hpp"
#include "adapters/expressions/host_names.hpp"
#include "adapters/expressions/lookup.hpp"
#include "adapters/expressions/operators.hpp"
#include "adapters/plan/json_text.hpp"

#include <algorithm>
#include <utility>

namespace weir::expressions {

namespace {

bool letter(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
}
bool in_name(char c) noexcept { return letter(c) || (c >= '0' && c <= '9'); }

// What it costs to look inside a value: a text may be read as JSON.
std::size_t reading(const json& value) {
    return value.is_string() ? 8 * value.get_ref<const std::string&>().size() : value.size();
}

// Roughly the bytes of a value; of a deep one, those above.
std::size_t weight(const json& value, std::size_t depth) {
    if (value.is_string()) return 16 + value.get_ref<const std::string&>().size();
    if (!value.is_structured() || depth == deepest) return 16;
    std::size_t sum = 16;
    for (const auto& member : value) sum += 32 + weight(member, depth + 1);
    return sum;
}

}  // namespace

// Letters, digits, and expressions whose values stand for a piece of the name.
bool evaluator::name_part(part& out, bool& known) {
    out.at = at_;
    while (in_name(peek()) || at_nested()) {
        if (!at_nested()) {
            out.text += text_[at_++];
            continue;
        }
        operand piece;
        if (!nested(piece)) return false;
        known = known && piece.known;
        if (piece.known) out.text += plan::text_of(piece.value);
    }
    if (at_ == out.at)
        return fail(at_, at_ < end_ ? "a name is missing here" : "something is missing here");
    return true;
}

// `var x = ...`, `for (...)`: statements of a script, which is more than an expression.
bool evaluator::begins_script(std::string_view word) {
    constexpr std::string_view words[] = {"var", "function", "for", "while", "if", "return"};
    const std::size_t before = at_;
    skip_blanks();
    const bool more = letter(peek()) || peek() == '(';
    if (!more || std::find(std::begin(words), std::end(words), word) == std::end(words)) {
        at_ = before;
        return false;
    }
    return !fail(before - word.size(), "`" + std::string(word) +
                                           "` begins a script, and expressions run none: use "
                                           "`?:` and methods, or let a step work it out");
}

// What stands behind a dot: a name, or a text in quotes.
bool evaluator::member_name(part& out, bool& known) {
    if (peek() != '"' && peek() != '\'') return name_part(out, known);
    out.at = at_;
    operand text;
    if (!quoted(text)) return false;
    known = known && text.known;
    if (text.known) out.text = text.value.get<std::string>();
    return true;
}

// A dotted name, as far as it is one: then literals, functions, and the scope's values. What stands
// in brackets is read once: a second time for each level would take for ever.
bool evaluator::name(operand& out) {
    if (!letter(peek())) return fail(at_, std::string("`") + peek() + "` is not expected here");
    std::vector<part> parts(1);
    bool known = true;
    if (!name_part(parts.front(), known)) return false;
    if (begins_script(parts.front().text)) return false;
    for (;;) {
        const std::size_t before = at_;
        skip_blanks();
        if (peek() == '(') return call_of(std::move(parts), known, out);
        if (peek() == '[') {
            part next{{}, at_++};
            operand inside;
            if (!choice(inside) || !expect(']')) return false;
            if (inside.known && !inside.value.is_string()) {
                return value_of(parts, known, out) &&
                       (!out.known || step(out, inside.value, next.at));
            }
            known = known && inside.known;
            if (inside.known) next.text = inside.value.get<std::string>();
            parts.push_back(std::move(next));
        } else if (peek() == '.') {
            ++at_;
            skip_blanks();
            if (!member_name(parts.emplace_back(), known)) return false;
            skip_blanks();
            if (parts.back().text != "get" || peek() != '(') continue;
            // .get("a-b") is one more part of the name when it has a text.
            part getter = std::move(parts.back());
            parts.pop_back();
            ++at_;
            std::vector<json> given;
            bool given_known = true;
            if (!arguments(')', given, given_known)) return false;
            if (given_known && !(given.size() == 1 && given.front().is_string())) {
                return value_of(parts, known, out) && call_on(out, getter, given, given_known);
            }
            known = known && given_known;
            getter.text = given_known ? given.front().get<std::string>() : std::string{};
            parts.push_back(std::move(getter));
        } else {
            at_ = before;
            return value_of(parts, known, out);
        }
    }
}

// A function, or a method of what the parts before the last one name.
bool evaluator::call_of(std::vector<part> parts, bool known, operand& out) {
    std::string full;
    for (const part& p : parts) full += (full.empty() ? "" : ".") + p.text;
    const part last = std::move(parts.back());
    parts.pop_back();
    if (known && is_function(full))
        return function_call(full, parts.empty() ? last.at : parts.front().at, out);
    if (parts.empty()) return fail(last.at, "there is no function `" + full + "`");
    if (known && parts.size() == 1 && is_keeper(parts.front().text)) return kept(std::move(parts), last, out);
    return value_of(parts, known, out) && method_call(out, last);
}

// secrets.getValue("x"): what is in the brackets is one more part of the name.
bool evaluator::kept(std::vector<part> parts, const part& getter, operand& out) {
    part named{{}, ++at_};
    std::vector<json> given;
    bool known = true;
    if (!arguments(')', given, known)) return false;
    if (known && (given.size() != 1 || !given.front().is_string()))
        return fail(getter.at, "`" + parts.front().text + "." + getter.text + "` takes one text");
    if (known) named.text = given.front().get<std::string>();
    parts.push_back(getter);
    parts.push_back(std::move(named));
    return value_of(parts, known, out);
}

bool evaluator::value_of(const std::vector<part>& parts, bool known, operand& out) {
    if (parts.size() == 1 && known) {
        const std::string& word = parts.front().text;
        if (word == "true" || word == "false" || word == "null") {
            out.value = word == "null" ? json(nullptr) : json(word == "true");
            return true;
        }
    }
    out.known = known && !idle_;
    return !out.known || resolve(parts, out);
}

bool evaluator::resolve(const std::vector<part>& parts, operand& out) {
    std::vector<std::string_view> path;
    for (const part& p : parts) path.emplace_back(p.text);
    const std::size_t at = parts.front().at;
    std::size_t used = 0;
    const found answer = names_->resolve(path, out.value, used);
    used = std::min(used, path.size());
    if (!work_.spend(64)) return fail(at, "the expression does too much");
    if (answer == found::not_yet) {
        later(at, written(path, path.size()) + " is known only later in the run");
        out = {nullptr, false};
        return true;
    }
    if (answer == found::missing) {
        const bool behind_minus = at > 0 && text_[at - 1] == '-';
        const bool before_minus = peek() == '-' && letter(peek(1));
        const std::string_view hint =
            behind_minus || before_minus ? " (a name with `-` is written .get(\"a-b\"))" : "";
        if (used == 0 || used == path.size()) {
            return fail(at, written(path, path.size()) + " is not known here" + std::string(hint));
        }
        return fail(parts[used].at, written(path, used) + " has no `" + parts[used].text + "`" +
                                        members_of(out.value) + std::string(hint));
    }
    for (std::size_t i = used; i < path.size(); ++i) {
        if (!work_.spend(reading(out.value))) return fail(at, "the expression does too much");
        std::string error;
        if (!step_into(out.value, path[i], error)) {
            return fail(parts[i].at, written(path, i) + " " + error);
        }
    }
    return work_.spend(weight(out.value, 0)) || fail(at, "the expression does too much");
}

bool evaluator::postfix(operand& out) {
    if (!primary(out)) return false;
    for (;;) {
        const std::size_t before = at_;
        skip_blanks();
        if (peek() == '[') {
            const std::size_t at = at_++;
            operand inside;
            if (!choice(inside) || !expect(']')) return false;
            out.known = out.known && inside.known && !idle_;
            if (out.known && !step(out, inside.value, at)) return false;
            continue;
        }
        if (peek() != '.') {
            at_ = before;
            return true;
        }
        ++at_;
        skip_blanks();
        part next;
        bool known = true;
        if (!member_name(next, known)) return false;
        skip_blanks();
        if (peek() == '(') {
            if (!method_call(out, next)) return false;
            continue;
        }
        out.known = out.known && known && !idle_;
        if (out.known && !step(out, next.text, next.at)) return false;
    }
}

bool evaluator::step(operand& from, const json& to, std::size_t at) {
    if (!work_.spend(reading(from.value))) return fail(at, "the expression does too much");
    std::string error;
    return step_into(from.value, plan::text_of(to), error) ||
           fail(at, "what stands before it " + error);
}

bool evaluator::arguments(char end, std::vector<json>& given, bool& known) {
    known = !idle_;
    if (accept(end)) return true;
    do {
        if (given.size() == most_arguments && end == ')') return fail(at_, "too many arguments");
        operand one;
        if (!choice(one)) return false;
        known = known && one.known;
        given.push_back(std::move(one.value));
    } while (accept(','));
    return expect(end);
}

bool evaluator::method_call(operand& self, const part& name) {
    ++at_;
    std::vector<json> given;
    bool known = true;
    return arguments(')', given, known) && call_on(self, name, given, known);
}

bool evaluator::call_on(operand& self, const part& name, const std::vector<json>& given,
                        bool known) {
    self.known = self.known && known && !idle_;
    if (!self.known) return true;
    json out;
    std::string error;
    if (!call_method(name.text, {self.value, given, work_, error}, out))
        return fail(name.at, std::move(error));
    self.value = std::move(out);
    return true;
}

bool evaluator::function_call(const std::string& name, std::size_t at, operand& out) {
    ++at_;
    std::vector<json> given;
    if (!arguments(')', given, out.known)) return false;
    if (idle_ || !out.known) {
        out = {nullptr, false};
        return true;
    }
    json value;
    std::string error;
    if (!call_function(name, {value, given, work_, error}, value))
        return fail(at, std::move(error));
    out.value = std::move(value);
    return true;
}

// "text" or 'text'. Expressions inside are replaced; an escape that is none stays as written.
bool evaluator::quoted(operand& out) {
    const std::size_t at = at_;
    const char quote = text_[at_++];
    std::string made;
    bool known = true;
    while (peek() != quote) {
        if (at_ >= end_) return fail(at, "the text does not end");
        if (at_nested()) {
            operand inside;
            if (!nested(inside)) return false;
            known = known && inside.known;
            if (inside.known) made += plan::text_of(inside.value);
            if (!work_.spend(made.size())) return fail(at, "the expression does too much");
            continue;
        }
        const char c = text_[at_++];
        if (c != '\\') {
            made += c;
            continue;
        }
        const char escaped = peek();
        if (at_ < end_) ++at_;
        switch (escaped) {
            case 'n': made += '\n'; break;
            case 't': made += '\t'; break;
            case 'r': made += '\r'; break;
            case '\\': case '"': case '\'': made += escaped; break;
            default: made += c; if (escaped != '\0') made += escaped;
        }
    }
    ++at_;
    out = {std::move(made), known};
    return true;
}

}  // namespace weir::expressions
