// SPDX-License-Identifier: BSL-1.0
#include "examples/runner/json.hpp"

#include "examples/runner/utf8.hpp"

#include <charconv>

namespace weir::runner {

class json_reader {
public:
    explicit json_reader(std::string_view text) : rest_(text) {}

    bool document(json_value& into) { return value(into, 0) && (space(), rest_.empty()); }

private:
    static constexpr int deepest = 256;

    void space() {
        const std::size_t n = rest_.find_first_not_of(" \t\r\n");
        rest_.remove_prefix(n == std::string_view::npos ? rest_.size() : n);
    }

    bool take(char c) {
        space();
        if (rest_.empty() || rest_.front() != c)
            return false;
        rest_.remove_prefix(1);
        return true;
    }

    bool word(std::string_view expected, json_value::kind kind, json_value& into) {
        if (!rest_.starts_with(expected))
            return false;
        rest_.remove_prefix(expected.size());
        into.kind_ = kind;
        if (kind == json_value::kind::boolean)
            into.text_ = expected;
        return true;
    }

    bool value(json_value& into, int depth) {
        space();
        if (rest_.empty() || depth > deepest)
            return false;
        switch (rest_.front()) {
        case '{':
            return object(into, depth);
        case '[':
            return array(into, depth);
        case '"':
            into.kind_ = json_value::kind::string;
            return string(into.text_);
        case 't':
            return word("true", json_value::kind::boolean, into);
        case 'f':
            return word("false", json_value::kind::boolean, into);
        case 'n':
            return word("null", json_value::kind::null, into);
        default:
            return number(into);
        }
    }

    bool number(json_value& into) {
        const std::size_t n = std::min(rest_.find_first_not_of("+-.0123456789eE"), rest_.size());
        if (n == 0)
            return false;
        double ignored = 0;
        const auto read = std::from_chars(rest_.data(), rest_.data() + n, ignored);
        if (read.ptr != rest_.data() + n)
            return false;
        into.kind_ = json_value::kind::number;
        into.text_ = rest_.substr(0, n);
        rest_.remove_prefix(n);
        return true;
    }

    bool array(json_value& into, int depth) {
        into.kind_ = json_value::kind::array;
        rest_.remove_prefix(1);
        if (take(']'))
            return true;
        do {
            if (!value(into.items_.emplace_back(), depth + 1))
                return false;
        } while (take(','));
        return take(']');
    }

    bool object(json_value& into, int depth) {
        into.kind_ = json_value::kind::object;
        rest_.remove_prefix(1);
        if (take('}'))
            return true;
        do {
            space();
            if (rest_.empty() || rest_.front() != '"' || !string(into.keys_.emplace_back()))
                return false;
            if (!take(':') || !value(into.items_.emplace_back(), depth + 1))
                return false;
        } while (take(','));
        return take('}');
    }

    bool string(std::string& into) {
        rest_.remove_prefix(1);
        for (;;) {
            const std::size_t n = rest_.find_first_of("\"\\");
            if (n == std::string_view::npos)
                return false;
            into.append(rest_.substr(0, n));
            const bool end = rest_[n] == '"';
            rest_.remove_prefix(n + 1);
            if (end)
                return true;
            if (!escape(into))
                return false;
        }
    }

    bool escape(std::string& into) {
        if (rest_.empty())
            return false;
        constexpr std::string_view written = "\"\\/bfnrt", meant = "\"\\/\b\f\n\r\t";
        const char c = rest_.front();
        rest_.remove_prefix(1);
        if (const std::size_t i = written.find(c); i != std::string_view::npos) {
            into.push_back(meant[i]);
            return true;
        }
        char32_t unit = 0, second = 0;
        if (c != 'u' || !hex(unit))
            return false;
        if (unit >= 0xD800 && unit < 0xDC00 && rest_.starts_with("\\u")) {
            rest_.remove_prefix(2);
            if (!hex(second))
                return false;
            unit = 0x10000 + ((unit - 0xD800) << 10) + (second - 0xDC00);
        }
        append_utf8(into, unit);
        return true;
    }

    bool hex(char32_t& unit) {
        if (rest_.size() < 4)
            return false;
        std::uint32_t read = 0;
        const auto end = std::from_chars(rest_.data(), rest_.data() + 4, read, 16);
        if (end.ptr != rest_.data() + 4)
            return false;
        rest_.remove_prefix(4);
        unit = read;
        return true;
    }

    std::string_view rest_;
};

std::optional<json_value> json_value::parse(std::string_view text) {
    json_value whole;
    if (!json_reader{text}.document(whole))
        return std::nullopt;
    return whole;
}

std::int64_t json_value::integer(std::int64_t otherwise) const noexcept {
    std::int64_t value = 0;
    const auto read = std::from_chars(text_.data(), text_.data() + text_.size(), value);
    return kind_ == kind::number && read.ec == std::errc{} ? value : otherwise;
}

const json_value& json_value::operator[](std::string_view key) const noexcept {
    static const json_value none;
    for (std::size_t i = 0; i < keys_.size(); ++i) {
        if (keys_[i] == key)
            return items_[i];
    }
    return none;
}

void append_json(std::string& to, std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    to.push_back('"');
    while (!text.empty()) {
        const code_point c = first_code_point(text);
        if (c.value == '"' || c.value == '\\') {
            to.push_back('\\');
            to.push_back(static_cast<char>(c.value));
        } else if (c.value == '\n') {
            to.append("\\n");
        } else if (c.value < 0x20) {
            to.append("\\u00");
            to.push_back(digits[c.value >> 4]);
            to.push_back(digits[c.value & 15]);
        } else {
            append_utf8(to, c.value);
        }
        text.remove_prefix(c.bytes);
    }
    to.push_back('"');
}

}  // namespace weir::runner
