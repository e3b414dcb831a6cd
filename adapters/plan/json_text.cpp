// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/json_text.hpp"

#include "adapters/plan/json.hpp"

#include <vector>

namespace weir::plan {

namespace {

// Looks at brackets and commas alone, before anything is built.
bool within(std::string_view text, const json_limits& limits, std::string& error) {
    if (text.size() > limits.bytes) {
        error = "it has " + std::to_string(text.size()) + " bytes, the limit is " +
                std::to_string(limits.bytes);
        return false;
    }
    struct level {
        bool object;
        std::size_t commas;
    };
    std::vector<level> open;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quoted) {
            if (c == '\\') ++i;
            else if (c == '"') quoted = false;
        } else if (c == '"') {
            quoted = true;
        } else if (c == '{' || c == '[') {
            if (open.size() == limits.depth) {
                error = "it is nested deeper than " + std::to_string(limits.depth) + " levels";
                return false;
            }
            open.push_back({c == '{', 0});
        } else if ((c == '}' || c == ']') && !open.empty()) {
            open.pop_back();
        } else if (c == ',' && !open.empty() && open.back().object &&
                   ++open.back().commas >= limits.members) {
            error = "an object has more than " + std::to_string(limits.members) + " members";
            return false;
        }
    }
    return true;
}

}  // namespace

std::string text_of(const json& value) {
    if (value.is_string()) return value.get_ref<const std::string&>();
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

bool parse_json(std::string_view text, json& value, std::string& error, const json_limits& limits) {
    if (!within(text, limits, error)) return false;
    value = json::parse(text, nullptr, false);
    if (!value.is_discarded()) return true;
    value = nullptr;
    error = "it is not valid JSON";
    return false;
}

}  // namespace weir::plan
