// SPDX-License-Identifier: BSL-1.0
#include "adapters/expressions/json_path.hpp"
#include "adapters/expressions/method_table.hpp"
#include "adapters/plan/json_text.hpp"

#include <array>

namespace weir::expressions {

namespace {

// A text is read as JSON; anything else is JSON already.
bool read(const call& c, std::size_t argument, json& out) {
    const json& given = c.given[argument];
    if (!given.is_string()) {
        out = given;
        return true;
    }
    const std::string& text = given.get_ref<const std::string&>();
    if (!c.work.spend(8 * text.size())) return refuse(c, "the expression does too much");
    std::string error;
    return plan::parse_json(text, out, error) ||
           refuse(c, "argument " + std::to_string(argument + 1) + " is to hold JSON: " + error);
}

bool find(const call& c, std::vector<json>& found) {
    json document;
    if (!read(c, 1, document)) return false;
    std::string error;
    return select(document, text_argument(c, 0), c.work, found, error) ||
           refuse(c, std::move(error));
}

bool object(const call& c, json& out) { return read(c, 0, out); }

bool select_one(const call& c, json& out) {
    std::vector<json> found;
    if (!find(c, found)) return false;
    if (found.empty()) return refuse(c, "nothing there at `" + text_argument(c, 0) + "`");
    out = std::move(found.front());
    return true;
}

bool list(const call& c, json& out) {
    std::vector<json> found;
    if (!find(c, found)) return false;
    if (found.size() == 1 && found.front().is_array()) out = std::move(found.front());
    else out = std::move(found);
    return true;
}

bool format(const call& c, json& out) {
    out = c.given[0].dump(-1, ' ', false, json::error_handler_t::replace);
    return true;
}

constexpr std::array table{
    method{receiver::any, "json.object", 1, 1, object},
    method{receiver::any, "json.select", 2, 2, select_one},
    method{receiver::any, "json.list", 2, 2, list},
    method{receiver::any, "json.format", 1, 1, format},
};

}  // namespace

std::span<const method> functions() noexcept { return table; }

}  // namespace weir::expressions
