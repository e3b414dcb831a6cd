// SPDX-License-Identifier: BSL-1.0
// Reads the JSON that the library writes, which is well formed. What is not ends the reading early.
#pragma once

#include <weir/detail/json_escape.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace weir::detail {

/// Walks through one JSON text.
class json_reader {
public:
    explicit json_reader(std::string_view text) noexcept : rest_(text) {}

    /// Calls `member(name)` for each member of an object, which reads or skips the value.
    template <typename Member>
    void object(Member member) {
        if (!take('{') || take('}'))
            return;
        do {
            const std::string name = string();
            if (!take(':'))
                return;
            member(name);
        } while (take(','));
        take('}');
    }

    /// Calls `element()` for each element of an array, which reads or skips it.
    template <typename Element>
    void array(Element element) {
        if (!take('[') || take(']'))
            return;
        do {
            element();
        } while (take(','));
        take(']');
    }

    /// A string, decoded; of anything else nothing.
    std::string string() {
        const std::string_view written = skip();
        std::string read;
        if (written.size() < 2 || written.front() != '"')
            return read;
        for (std::size_t at = 1; at + 1 < written.size(); ++at) {
            if (written[at] != '\\') {
                read += written[at];
            } else {
                at = unescape(written, at + 1, read);
            }
        }
        return read;
    }

    /// A number that is not negative; of anything else 0.
    std::uint32_t number() noexcept {
        std::uint32_t read = 0;
        for (const char digit : skip()) {
            if (digit < '0' || digit > '9')
                break;
            read = read * 10 + static_cast<std::uint32_t>(digit - '0');
        }
        return read;
    }

    /// Goes past a value, and gives it as it is written.
    std::string_view skip() noexcept {
        space();
        const std::string_view from = rest_;
        std::size_t depth = 0, at = 0;
        for (bool quoted = false; at < from.size(); ++at) {
            const char c = from[at];
            if (quoted) {
                at += c == '\\';
                quoted = c != '"';
                if (!quoted && depth == 0)
                    return past(from, at + 1);
            } else if (c == '"') {
                quoted = true;
            } else if (c == '{' || c == '[') {
                ++depth;
            } else if (c == '}' || c == ']') {
                if (depth == 0)
                    break;
                if (--depth == 0)
                    return past(from, at + 1);
            } else if (depth == 0 && (c == ',' || blank.find(c) != std::string_view::npos)) {
                break;
            }
        }
        return past(from, at);
    }

private:
    std::string_view past(std::string_view from, std::size_t end) noexcept {
        end = end < from.size() ? end : from.size();
        rest_ = from.substr(end);
        return from.substr(0, end);
    }

    bool take(char wanted) noexcept {
        space();
        if (rest_.empty() || rest_.front() != wanted)
            return false;
        rest_.remove_prefix(1);
        return true;
    }

    void space() noexcept {
        const std::size_t at = rest_.find_first_not_of(blank);
        rest_.remove_prefix(at == std::string_view::npos ? rest_.size() : at);
    }

    static constexpr std::string_view blank = " \t\r\n";

    std::string_view rest_;
};

}  // namespace weir::detail
