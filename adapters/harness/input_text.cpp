// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/input_text.hpp"

#include <algorithm>
#include <regex>

namespace weir::harness {

namespace {

constexpr std::string_view prefix = "<+input>";

std::string_view trim(std::string_view text) noexcept {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
        text.remove_prefix(1);
    }
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) {
        text.remove_suffix(1);
    }
    return text;
}

std::string_view unquoted(std::string_view text) noexcept {
    text = trim(text);
    if (text.size() >= 2 && (text.front() == '"' || text.front() == '\'') &&
        text.back() == text.front()) {
        text.remove_prefix(1);
        text.remove_suffix(1);
    }
    return text;
}

// The offset of the `)` that closes the one before `text`, quotes and inner brackets passed over.
std::size_t closing(std::string_view text) noexcept {
    std::size_t depth = 0;
    char quote = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quote != 0) {
            quote = c == quote ? '\0' : quote;
        } else if (c == '"' || c == '\'') {
            // An apostrophe inside a word opens nothing: `default(don't)`.
            const bool begins =
                i == 0 || text[i - 1] == ',' || text[i - 1] == ' ' || text[i - 1] == '(';
            quote = begins ? c : '\0';
        } else if (c == '(') {
            ++depth;
        } else if (c == ')') {
            if (depth == 0) {
                return i;
            }
            --depth;
        }
    }
    return std::string_view::npos;
}

std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> out;
    while (!text.empty()) {
        std::size_t end = 0;
        char quote = 0;
        for (; end < text.size() && (quote != 0 || text[end] != ','); ++end) {
            if (quote != 0) {
                quote = text[end] == quote ? '\0' : quote;
            } else if ((text[end] == '"' || text[end] == '\'') &&
                       trim(text.substr(0, end)).empty()) {
                quote = text[end];
            }
        }
        out.emplace_back(unquoted(text.substr(0, end)));
        text = end < text.size() ? text.substr(end + 1) : std::string_view{};
    }
    return out;
}

}  // namespace

input_text parse_input(std::string_view text) {
    input_text out;
    text = trim(text.substr(prefix.size()));
    while (!text.empty()) {
        const std::size_t open = text.find('(');
        const std::string_view name = trim(text.substr(0, open));
        const std::size_t end =
            open == std::string_view::npos ? open : closing(text.substr(open + 1));
        if (text[0] != '.' || end == std::string_view::npos) {
            out.fault =
                "`" + std::string{text.substr(0, 40)} + "` behind `<+input>` cannot be read";
            return out;
        }
        const std::string_view inside = text.substr(open + 1, end);
        out.modifiers.emplace_back(name, text.substr(0, open + 1 + end + 1));
        if (name == ".default") {
            out.fallback = std::string{unquoted(inside)};
        } else if (name == ".allowedValues" || name == ".selectOneFrom" ||
                   name == ".selectManyFrom") {
            if (inside.find("<+") == std::string_view::npos) {  // known only to the host otherwise
                out.allowed = split(inside);
            }
            out.many = name == ".selectManyFrom";
        } else if (name == ".executionInput") {
            out.while_running = true;
        } else if (name == ".regex") {
            out.pattern = std::string{unquoted(inside)};
        } else {
            out.fault = "`" + std::string{name.substr(0, 40)} +
                        "` is nothing that an input can be asked for with";
            return out;
        }
        text = trim(text.substr(open + 1 + end + 1));
    }
    return out;
}

bool allows(const input_text& input, std::string_view value) {
    const auto one = [&](std::string_view v) {
        return std::find(input.allowed.begin(), input.allowed.end(), v) != input.allowed.end();
    };
    if (input.allowed.empty() || value.find("<+") != std::string_view::npos) {
        return true;
    }
    if (!input.many) {
        return one(value);
    }
    const std::vector<std::string> values = split(value);
    return std::all_of(values.begin(), values.end(), one);
}

bool fits_pattern(const input_text& input, std::string_view value) {
    constexpr std::size_t longest_pattern = 1024;
    constexpr std::size_t longest_value = 4096;
    if (input.pattern.empty() || input.pattern.size() > longest_pattern ||
        value.size() > longest_value || value.find("<+") != std::string_view::npos) {
        return true;
    }
    try {
        // Without this, some patterns take time that doubles with each letter of the value.
        const std::regex pattern{input.pattern,
                                 std::regex::ECMAScript | std::regex_constants::__polynomial};
        return std::regex_match(value.begin(), value.end(), pattern);
    } catch (const std::regex_error&) {
        return true;
    }
}

std::string merged_input(std::string_view asked, std::string_view given) {
    const input_text of_template = parse_input(asked);
    const input_text of_user = parse_input(given);
    if (!of_template.fault.empty() || !of_user.fault.empty()) {
        return std::string{given};
    }
    const auto kind_of = [](std::string_view name) {
        const bool a_choice =
            name == ".allowedValues" || name == ".selectOneFrom" || name == ".selectManyFrom";
        return a_choice ? std::string_view{".allowedValues"} : name;
    };
    const bool default_stands = of_template.fallback && !of_template.while_running;
    std::string out{prefix};
    for (const auto& [name, text] : of_user.modifiers) {
        if (name != ".default" || !default_stands) {
            out += text;
        }
    }
    for (const auto& [name, text] : of_template.modifiers) {
        const bool users =
            std::any_of(of_user.modifiers.begin(), of_user.modifiers.end(),
                        [&, of = kind_of(name)](const auto& m) { return kind_of(m.first) == of; });
        if (!users || (name == ".default" && default_stands)) {
            out += text;
        }
    }
    return out;
}

}  // namespace weir::harness
