// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/expressions/expression.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::expressions::testing {

// Names are looked up in one JSON object; everything below `later` is known later.
class values final : public scope {
public:
    explicit values(json root) : root_(std::move(root)) {}

    found resolve(const std::vector<std::string_view>& path, json& value,
                  std::size_t& used) const override {
        if (path.front() == "later") return found::not_yet;
        const json* at = &root_;
        for (used = 0; used < path.size() && at->is_object(); ++used) {
            const auto next = at->find(path[used]);
            if (next == at->end()) break;
            at = &*next;
        }
        value = *at;
        return used == path.size() || (used > 0 && !at->is_object()) ? found::yes : found::missing;
    }

private:
    json root_;
};

inline const values& sample() {
    static const values v(json::parse(R"({
        "pipeline": {"name": "release", "variables": {
            "list": "a,b,c", "five": "5", "seven": 7, "with-dash": "dash", "which": "list",
            "yes": true, "text": "Some Text", "nothing": null, "empty": "",
            "json": "{\"q\":[10,20],\"o\":{\"k\":\"v\"}}", "items": ["x", "y", {"z": 1}]}},
        "matrix": {"service": "svc1", "with-dash": "d", "obj": {"image": "linux", "tag": "1"}},
        "repeat": {"item": "key=registry:tag"}})"));
    return v;
}

// The value as compact JSON; "later", or "error", where it has none.
inline std::string shown(const result& r) {
    if (r.status == status::ok) return r.value.dump(-1, ' ', false, json::error_handler_t::replace);
    return r.status == status::not_yet ? "later" : "error";
}

inline std::string value(std::string_view expression) {
    return shown(evaluate(expression, sample()));
}
inline std::string text(std::string_view with_expressions) {
    return shown(interpolate(with_expressions, sample()));
}
inline std::string problem(std::string_view expression) {
    return evaluate(expression, sample()).message;
}

}  // namespace weir::expressions::testing
