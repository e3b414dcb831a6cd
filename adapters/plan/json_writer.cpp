// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/json_writer.hpp"

#include "adapters/plan/json.hpp"

#include <algorithm>

namespace weir::plan {

namespace {

bool plain(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(), [](char c) {
        const auto u = static_cast<unsigned char>(c);
        return u >= 0x20 && u < 0x7f && c != '"' && c != '\\';
    });
}

}  // namespace

void append_quoted(std::string& out, std::string_view text) {
    if (plain(text)) {
        out += '"';
        out += text;
        out += '"';
    } else {
        out += json(text).dump(-1, ' ', false, json::error_handler_t::replace);
    }
}

void append_json(std::string& out, const json& value) {
    if (value.is_string()) append_quoted(out, value.get_ref<const std::string&>());
    else out += value.dump(-1, ' ', false, json::error_handler_t::replace);
}

void json_writer::separate() {
    if (!first_) text_ += ',';
    first_ = false;
}

void json_writer::open(char bracket) {
    separate();
    text_ += bracket;
    first_ = true;
}

void json_writer::close(char bracket) {
    text_ += bracket;
    first_ = false;
}

void json_writer::key(std::string_view name) {
    separate();
    append_quoted(text_, name);
    text_ += ':';
    first_ = true;
}

void json_writer::value(std::string_view text) {
    separate();
    append_quoted(text_, text);
}

void json_writer::value(bool truth) { raw(truth ? "true" : "false"); }

void json_writer::raw(std::string_view json) {
    separate();
    text_ += json;
}

}  // namespace weir::plan
