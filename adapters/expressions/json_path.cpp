// SPDX-License-Identifier: BSL-1.0
#include "adapters/expressions/json_path.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace weir::expressions {

namespace {

struct step {
    std::string name;   // "*" in `any`
    std::optional<std::size_t> index;
    bool any = false;
};

bool read_steps(std::string_view path, std::vector<step>& steps) {
    const auto name = [&path, &steps](step s) {
        const std::size_t end = std::min(path.find_first_of(".["), path.size());
        if (end == 0) return false;
        s.name = path.substr(0, end);
        s.any = s.name == "*";
        path.remove_prefix(end);
        if (s.name.find_first_of("()?@ ") != std::string::npos) return false;
        steps.push_back(std::move(s));
        return true;
    };
    if (path.starts_with('$')) path.remove_prefix(1);
    else if (!path.starts_with('[') && !name({})) return false;
    while (!path.empty()) {
        if (path.front() == '.') {
            path.remove_prefix(1);
            if (!name({})) return false;
            continue;
        }
        if (path.front() != '[') return false;
        const std::size_t end = path.find(']');
        if (end == std::string_view::npos) return false;
        std::string_view inside = path.substr(1, end - 1);
        path.remove_prefix(end + 1);
        step s;
        std::size_t index = 0;
        const char* last = inside.data() + inside.size();
        if (inside == "*") {
            s.any = true;
        } else if (inside.size() >= 2 && (inside.front() == '"' || inside.front() == '\'') &&
                   inside.back() == inside.front()) {
            s.name = inside.substr(1, inside.size() - 2);
        } else if (const auto r = std::from_chars(inside.data(), last, index);
                   r.ec == std::errc{} && r.ptr == last) {
            s.index = index;
        } else {
            return false;
        }
        steps.push_back(std::move(s));
    }
    return true;
}

void take(const json& from, const step& s, std::vector<const json*>& to) {
    if (s.any) {
        if (from.is_structured()) for (const json& v : from) to.push_back(&v);
    } else if (s.index) {
        if (from.is_array() && *s.index < from.size()) to.push_back(&from[*s.index]);
    } else if (from.is_object()) {
        if (const auto at = from.find(s.name); at != from.end()) to.push_back(&*at);
    }
}

}  // namespace

bool select(const json& document, std::string_view path, budget& work, std::vector<json>& found,
            std::string& error) {
    std::vector<step> steps;
    if (!read_steps(path, steps)) {
        error = "`" + std::string(path) + "` is no path of the kind `a.b[0]`";
        return false;
    }
    std::vector<const json*> here{&document};
    for (const step& s : steps) {
        std::vector<const json*> next;
        for (const json* v : here) take(*v, s, next);
        if (!work.spend(16 * next.size())) {
            error = "the expression does too much";
            return false;
        }
        here = std::move(next);
    }
    for (const json* v : here) {
        if (!work.spend(v->is_structured() ? 64 * v->size() : 64)) {
            error = "the expression does too much";
            return false;
        }
        found.push_back(*v);
    }
    return true;
}

}  // namespace weir::expressions
