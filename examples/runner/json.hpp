// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir::runner {

// A JSON value, read-only: as much as this host needs to understand what the library says.
// Scalars keep their text as written, so that 1.10 stays 1.10.
class json_value {
public:
    enum class kind : std::uint8_t { null, boolean, number, string, array, object };

    // Nothing when `text` is not one JSON value, or is nested deeper than 256.
    [[nodiscard]] static std::optional<json_value> parse(std::string_view text);

    [[nodiscard]] kind what() const noexcept { return kind_; }
    [[nodiscard]] bool is_scalar() const noexcept {
        return kind_ < kind::array && kind_ != kind::null;
    }

    // A string's characters, a number or boolean as written, else empty.
    [[nodiscard]] const std::string& text() const noexcept { return text_; }
    [[nodiscard]] std::int64_t integer(std::int64_t otherwise = 0) const noexcept;

    // An array's or object's values in order; `keys` beside them for an object.
    [[nodiscard]] const std::vector<json_value>& items() const noexcept { return items_; }
    [[nodiscard]] const std::vector<std::string>& keys() const noexcept { return keys_; }

    // A null value where this is no object or has no such key: look-ups may be chained.
    [[nodiscard]] const json_value& operator[](std::string_view key) const noexcept;

private:
    friend class json_reader;
    kind kind_ = kind::null;
    std::string text_;
    std::vector<json_value> items_;
    std::vector<std::string> keys_;
};

// Appends `text` as a JSON string, quotes included; invalid UTF-8 becomes U+FFFD.
void append_json(std::string& to, std::string_view text);

}  // namespace weir::runner
