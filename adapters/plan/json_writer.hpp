// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/json_fwd.hpp"

#include <concepts>
#include <string>
#include <string_view>

namespace weir::plan {

// Appends JSON to a text, without making values first: a plan of 10,000 stages is written in one
// go. The caller pairs begins and ends. Bytes that are not UTF-8 become U+FFFD.
class json_writer {
public:
    void begin_object() { open('{'); }
    void end_object() { close('}'); }
    void begin_array() { open('['); }
    void end_array() { close(']'); }
    void key(std::string_view name);

    void value(std::string_view text);
    void value(bool truth);
    template <std::integral number>
        requires(!std::same_as<number, bool>)
    void value(number n) { raw(std::to_string(n)); }
    void raw(std::string_view json);   // already JSON

    void member(std::string_view name, std::string_view text) { key(name); value(text); }
    void member(std::string_view name, const char* text) {
        key(name);
        value(std::string_view{text});
    }
    void member(std::string_view name, bool truth) { key(name); value(truth); }
    template <std::integral number>
        requires(!std::same_as<number, bool>)
    void member(std::string_view name, number n) { key(name); value(n); }

    [[nodiscard]] std::string take() && { return std::move(text_); }

private:
    void open(char bracket);
    void close(char bracket);
    void separate();

    std::string text_;
    bool first_ = true;   // nothing stands before the next value on its level, or a key does
};

// Appends `text` as a JSON string, quotes included.
void append_quoted(std::string& out, std::string_view text);

// Appends a value as compact JSON. [own stack]
void append_json(std::string& out, const json& value);

}  // namespace weir::plan
