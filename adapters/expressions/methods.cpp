// SPDX-License-Identifier: BSL-1.0
#include "adapters/expressions/methods.hpp"

#include "adapters/expressions/method_table.hpp"
#include "adapters/expressions/operators.hpp"
#include "adapters/plan/json_text.hpp"

#include <algorithm>
#include <array>

namespace weir::expressions {

namespace {

receiver kind(const json& self) noexcept {
    if (self.is_array()) return receiver::list;
    if (self.is_object()) return receiver::object;
    return self.is_null() ? receiver::any : receiver::text;
}

bool takes(const method& m, receiver of) noexcept { return m.of == receiver::any || m.of == of; }

bool has_size(const method& m, std::size_t given) noexcept {
    return given >= m.least && given <= m.most;
}

std::string wanted(const method& m) {
    if (m.least == m.most) return std::to_string(m.least);
    return std::to_string(m.least) + " to " + std::to_string(m.most);
}

bool run(const method& m, const call& c, json& out) {
    if (!has_size(m, c.given.size())) {
        return refuse(c, "`" + std::string(m.name) + "` takes " + wanted(m) + " arguments, not " +
                             std::to_string(c.given.size()));
    }
    // A text is charged for here; what a row makes larger, it charges for itself.
    const std::size_t size =
        c.self.is_string() ? c.self.get_ref<const std::string&>().size() : c.self.size();
    if (!c.work.spend(size)) return refuse(c, "the expression does too much");
    return m.run(c, out);
}

}  // namespace

bool refuse(const call& c, std::string message) {
    c.error = std::move(message);
    return false;
}

bool whole_number(const call& c, std::size_t argument, std::int64_t& out) {
    const auto n = number_of(c.given[argument]);
    if (!n || !n->is_number_integer()) {
        return refuse(c, "argument " + std::to_string(argument + 1) + " is " +
                             std::string(kind_of(c.given[argument])) +
                             ", a whole number is wanted");
    }
    out = n->get<std::int64_t>();
    return true;
}

std::string text_argument(const call& c, std::size_t argument) {
    return plan::text_of(c.given[argument]);
}

bool call_method(std::string_view name, const call& c, json& out) {
    const receiver of = kind(c.self);
    if (c.self.is_null()) return refuse(c, "null has no method `" + std::string(name) + "`");
    std::string known;
    for (const auto table : {text_methods(), list_methods()}) {
        for (const method& m : table) {
            if (!takes(m, of)) continue;
            if (m.name == name) return run(m, c, out);
            known += (known.empty() ? "" : ", ") + std::string(m.name);
        }
    }
    return refuse(c, std::string(kind_of(c.self)) + " has no method `" + std::string(name) +
                         "`; it has " + known);
}

bool is_function(std::string_view name) noexcept {
    return std::any_of(functions().begin(), functions().end(),
                       [name](const method& m) { return m.name == name; });
}

bool call_function(std::string_view name, const call& c, json& out) {
    const auto f = std::find_if(functions().begin(), functions().end(),
                                [name](const method& m) { return m.name == name; });
    return run(*f, c, out);
}

}  // namespace weir::expressions
