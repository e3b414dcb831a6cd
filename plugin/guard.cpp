// SPDX-License-Identifier: BSL-1.0
#include "plugin/guard.hpp"

#include "adapters/plan/json.hpp"

#include <algorithm>
#include <string>

namespace weir::plugin {

namespace {

constexpr std::uint32_t error_size_1_0 = sizeof(weir_error);

// The longest beginning that fits and does not cut a character.
std::string_view cut(std::string_view text, std::size_t room) noexcept {
    if (text.size() <= room)
        return text;
    while (room > 0 && (static_cast<unsigned char>(text[room]) & 0xC0) == 0x80)
        --room;
    return text.substr(0, room);
}

}  // namespace

weir_status refuse(weir_error* error, weir_status status, std::string_view text) noexcept {
    if (!error || error->struct_size < error_size_1_0)
        return status;
    error->status = status;
    const auto fitting = cut(text, sizeof error->text - 1);
    std::ranges::copy(fitting, error->text);
    error->text[fitting.size()] = '\0';
    return status;
}

std::optional<std::string_view> text_of(const char* data, std::uint64_t length) noexcept {
    if ((!data && length != 0) || length > WEIR_TEXT_MAX)
        return std::nullopt;
    return std::string_view{data ? data : "", static_cast<std::size_t>(length)};
}

bool is_text(std::string_view text) noexcept {
    const bool plain = std::ranges::all_of(text, [](char c) { return c > 0; });
    if (plain)
        return true;
    if (text.find('\0') != std::string_view::npos)
        return false;
    try {
        (void)json(text).dump();  // refuses what is not UTF-8
        return true;
    } catch (...) {
        return false;
    }
}

bool is_object(std::string_view text) {
    constexpr std::string_view mark = "\xEF\xBB\xBF";
    const auto from = text.starts_with(mark) ? mark.size() : 0;
    const auto first = text.find_first_not_of(" \t\r\n", from);
    return first != std::string_view::npos && text[first] == '{' && json::accept(text);
}

}  // namespace weir::plugin
