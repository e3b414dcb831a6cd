// SPDX-License-Identifier: BSL-1.0
#include "adapters/expressions/expression.hpp"

#include "adapters/expressions/brackets.hpp"
#include "adapters/expressions/evaluator.hpp"
#include "adapters/expressions/operators.hpp"
#include "adapters/plan/json_text.hpp"

#include <utility>

namespace weir::expressions {

namespace {

constexpr std::size_t npos = std::string_view::npos;
constexpr std::size_t longest_expression = std::size_t{64} << 10;
constexpr std::size_t longest_text = std::size_t{16} << 20;
constexpr std::size_t most_text = std::size_t{64} << 20;  // that a JSON value's expressions come to

result refused(std::size_t at, std::string why) {
    return {status::error, nullptr, std::move(why), at};
}

std::string shown(std::string_view expression) {
    constexpr std::size_t longest = 100;
    std::string text(expression.substr(0, longest));
    if (expression.size() > longest) text += "...";
    return "`" + text + "`";
}

// text[from, to), with or without its brackets; `named` is what messages call it.
result evaluated(std::string_view text, std::size_t from, std::size_t to, std::string_view named,
                 const scope* names) {
    if (to - from > longest_expression) {
        return refused(from, "the expression has " + std::to_string(to - from) +
                                 " bytes, the limit is " + std::to_string(longest_expression));
    }
    result r = evaluator(text, names).run(from, to);
    if (r.status != status::ok && !r.message.empty()) r.message = shown(named) + ": " + r.message;
    return r;
}

// Does a method call stand right behind a leading <+...>, and does the text end with one?
bool has_methods_behind(std::string_view text) {
    if (!text.starts_with("<+")) return false;
    std::size_t at = closing(text, 0);
    if (at == npos || ++at >= text.size() || text[at] != '.' || text.back() != ')') return false;
    const std::size_t open = text.find('(', at);
    for (++at; at < open && at < text.size(); ++at) {
        const char c = text[at];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_')) return false;
    }
    return open != npos;
}

result interpolated(json& value, const scope& names, std::size_t& room) {
    if (value.is_string()) {
        const std::string& text = value.get_ref<const std::string&>();
        if (!has_expression(text)) return {};
        result r = interpolate(text, names);
        if (r.status != status::ok) return r;
        const std::size_t size = plan::text_of(r.value).size();
        if (size > room)
            return refused(0, "the texts grow beyond " + std::to_string(most_text) + " bytes");
        room -= size;
        value = std::move(r.value);
    } else if (value.is_structured()) {
        for (json& member : value) {
            result r = interpolated(member, names, room);
            if (r.status != status::ok) return r;
        }
    }
    return {};
}

}  // namespace

bool has_expression(std::string_view text) noexcept { return text.find("<+") != npos; }

result evaluate(std::string_view expression, const scope& names) {
    return evaluated(expression, 0, expression.size(), expression, &names);
}

result check_syntax(std::string_view expression) {
    result r = evaluated(expression, 0, expression.size(), expression, nullptr);
    if (r.status == status::not_yet) r.status = status::ok;
    return r;
}

result check_text(std::string_view text) {
    if (has_methods_behind(text)) return check_syntax(text);
    for (std::size_t from = 0, at = 0; (at = text.find("<+", from)) != npos;) {
        const std::size_t end = closing(text, at);
        if (end == npos) {
            return refused(at,
                           shown(text.substr(at)) + ": `<+` does not end, or is nested too deeply");
        }
        result r = evaluated(text, at + 2, end, text.substr(at, end + 1 - at), nullptr);
        if (r.status == status::error) return r;
        from = end + 1;
    }
    return {};
}

std::string wrong_syntax(std::string_view text, bool text_around) {
    result r = text_around ? check_text(text) : check_syntax(text);
    return r.status == status::error ? std::move(r.message) : std::string{};
}

result interpolate(std::string_view text, const scope& names) {
    if (text.size() > longest_text) {
        return refused(0, "the text has " + std::to_string(text.size()) + " bytes, the limit is " +
                              std::to_string(longest_text));
    }
    std::string made;
    std::size_t from = 0;
    for (std::size_t at = 0; (at = text.find("<+", from)) != npos;) {
        const std::size_t end = closing(text, at);
        if (end == npos) {
            return refused(at,
                           shown(text.substr(at)) + ": `<+` does not end, or is nested too deeply");
        }
        result r = evaluated(text, at + 2, end, text.substr(at, end + 1 - at), &names);
        if (r.status != status::ok) return r;
        if (at == 0 && end + 1 == text.size()) return r;
        made.append(text.substr(from, at - from)).append(plan::text_of(r.value));
        if (made.size() > longest_text) {
            return refused(at, "the text grows beyond " + std::to_string(longest_text) + " bytes");
        }
        from = end + 1;
    }
    return {status::ok, made.append(text.substr(from)), {}, 0};
}

result value_of(std::string_view text, const scope& names) {
    return has_methods_behind(text) ? evaluate(text, names) : interpolate(text, names);
}

result interpolate_json(std::string_view json_text, const scope& names) {
    json value;
    std::string error;
    if (!plan::parse_json(json_text, value, error))
        return refused(0, "the text is to hold JSON: " + error);
    std::size_t room = most_text;
    result r = has_expression(json_text) ? interpolated(value, names, room) : result{};
    if (r.status == status::ok) r.value = std::move(value);
    return r;
}

result condition(std::string_view expression, const scope& names) {
    result r = evaluate(expression, names);
    if (r.status != status::ok) return r;
    const auto value = truth(r.value);
    if (!value) {
        return refused(0, shown(expression) + ": is " + std::string(kind_of(r.value)) + " (" +
                              shown(plan::text_of(r.value)) + "), true or false is wanted");
    }
    r.value = *value;
    return r;
}

}  // namespace weir::expressions
