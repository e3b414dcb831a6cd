// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/builder.hpp"
#include "adapters/plan/expansion.hpp"
#include "adapters/plan/json.hpp"
#include "adapters/plan/strategy.hpp"

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::plan::testing {

inline node_index add(builder& b, node_index parent, node_kind kind, std::string_view id,
                      std::string_view type = {}) {
    const node_index i = b.add(parent, kind);
    b.at(i).id = b.keep(id);
    b.at(i).type = b.keep(type);
    return i;
}

inline value_list list(std::vector<json> values) {
    value_list l;
    l.values = std::move(values);
    l.given = true;
    return l;
}

inline value_list computed(std::string expression) {
    value_list l;
    l.expression = std::move(expression);
    l.given = true;
    return l;
}

inline amount number(std::int64_t value) {
    amount a;
    a.value = value;
    a.given = true;
    return a;
}

inline amount computed_number(std::string expression) {
    amount a;
    a.expression = std::move(expression);
    a.given = true;
    return a;
}

inline strategy matrix(std::vector<std::pair<std::string, std::vector<json>>> axes) {
    strategy s;
    for (auto& [name, values] : axes) s.axes.push_back({name, list(std::move(values)), {}});
    return s;
}

inline void exclude(strategy& s, std::vector<std::pair<std::string, std::string>> terms) {
    exclusion& e = s.exclude.emplace_back();
    for (const auto& [name, value] : terms) {
        for (std::uint32_t i = 0; i < s.axes.size(); ++i) {
            if (s.axes[i].name == name) e.terms.push_back({i, value});
        }
    }
}

inline strategy repeat(std::vector<json> items) {
    strategy s;
    s.kind = strategy_kind::repeat;
    s.items = list(std::move(items));
    return s;
}

// What an expansion comes to, as one reads it: suffixes in order. `name_of` gets the instance.
inline std::vector<std::string> suffixes(const expansion& x,
                                         const expansion::evaluator& name_of = {}) {
    std::vector<std::string> all;
    if (x.count() == 0) return all;
    instance at = x.first();
    do all.push_back(x.suffix(at, name_of)); while (x.advance(at));
    return all;
}

inline std::vector<std::string> values(const expansion& x) {
    std::vector<std::string> all;
    if (x.count() == 0) return all;
    instance at = x.first();
    do all.push_back(x.values(at).dump()); while (x.advance(at));
    return all;
}

inline std::shared_ptr<const expansion> expand(const strategy& s, const expansion::options& o = {},
                                               const expansion::evaluator& e = {}) {
    refusal why;
    return expansion::make(s, o, e, why);
}

inline refusal refused(const strategy& s, const expansion::options& o = {},
                       const expansion::evaluator& e = {}) {
    refusal why;
    why.message = "";
    if (expansion::make(s, o, e, why)) return {code::bad_strategy, "it was accepted", {}};
    return why;
}

}  // namespace weir::plan::testing
