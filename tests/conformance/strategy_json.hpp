// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/json.hpp"
#include "adapters/plan/json_text.hpp"
#include "adapters/plan/strategy.hpp"

#include <algorithm>
#include <string>

namespace weir::conformance {

inline plan::amount amount_of(const json& value) {
    plan::amount a;
    a.given = true;
    if (value.is_number_integer()) a.value = value.get<std::int64_t>();
    else a.expression = plan::text_of(value);
    return a;
}

inline plan::value_list list_of(const json& value) {
    plan::value_list l;
    l.given = true;
    if (value.is_array()) l.values = value.get_ref<const json::array_t&>();
    else l.expression = plan::text_of(value);
    return l;
}

// Reads a Harness `strategy` that is given as JSON, for tests and fuzzers: what it does not know is
// passed over. The adapter is what reads documents.
inline plan::strategy strategy_of(const json& from) {
    plan::strategy s;
    const auto text = [](const json& object, const char* key) {
        const auto at = object.find(key);
        return at != object.end() ? plan::text_of(*at) : std::string{};
    };
    const auto number = [](const json& object, const char* key, plan::amount& to) {
        if (const auto at = object.find(key); at != object.end()) to = amount_of(*at);
    };
    if (!from.is_object()) return s;
    s.when = text(from, "when");
    if (const auto parallelism = from.find("parallelism"); parallelism != from.end()) {
        s.kind = plan::strategy_kind::parallelism;
        s.times = amount_of(*parallelism);
    }
    if (const auto repeat = from.find("repeat"); repeat != from.end() && repeat->is_object()) {
        s.kind = plan::strategy_kind::repeat;
        number(*repeat, "times", s.times);
        number(*repeat, "partitionSize", s.partition_size);
        number(*repeat, "start", s.start);
        number(*repeat, "end", s.end);
        number(*repeat, "maxConcurrency", s.max_concurrency);
        if (const auto items = repeat->find("items"); items != repeat->end())
            s.items = list_of(*items);
        s.percentage = text(*repeat, "unit") == "Percentage";
        s.node_name = text(*repeat, "nodeName");
    }
    if (const auto matrix = from.find("matrix"); matrix != from.end() && matrix->is_object()) {
        for (const auto& [key, value] : matrix->items()) {
            if (key == "maxConcurrency") s.max_concurrency = amount_of(value);
            else if (key == "nodeName") s.node_name = plan::text_of(value);
            else if (key != "exclude") s.axes.push_back({key, list_of(value), {}});
        }
        const auto exclude = matrix->find("exclude");
        for (const json& entry :
             exclude != matrix->end() && exclude->is_array() ? *exclude : json::array()) {
            if (!entry.is_object()) continue;
            plan::exclusion& e = s.exclude.emplace_back();
            for (const auto& [key, value] : entry.items()) {
                const auto axis =
                    std::find_if(s.axes.begin(), s.axes.end(),
                                 [&key = key](const plan::axis& a) { return a.name == key; });
                e.terms.push_back(
                    {static_cast<std::uint32_t>(axis - s.axes.begin()), plan::text_of(value)});
            }
        }
    }
    return s;
}

}  // namespace weir::conformance
