// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/dialects/dialect.hpp"
#include "adapters/plan/json.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace weir::conformance {

// What a bare strategy comes to, all of it.
struct expanded {
    std::shared_ptr<const plan::expansion> instances;  // null: refused
    std::vector<json> values;
    std::vector<std::string> suffixes;
    std::vector<std::string> codes;  // of what was told, in order
    std::string told;                // "E0401@1:2 why; ..."
};

inline expanded expand(std::string_view text, const dialects::options& how) {
    expanded all;
    plan::diagnostics findings;
    all.instances = dialects::expand(text, how, findings);
    for (const plan::diagnostic& d : findings.all()) {
        all.codes.emplace_back(plan::text_of(d.what));
        all.told += all.codes.back() + "@" + std::to_string(d.where.line) + ":" +
                    std::to_string(d.where.column) + " " + d.message + "; ";
    }
    if (!all.instances || all.instances->count() == 0) {
        return all;
    }
    plan::instance at = all.instances->first();
    do {
        std::string values;
        all.instances->append_values(at, values);
        all.values.push_back(json::parse(values));
        all.suffixes.push_back(all.instances->suffix(at, dialects::names_of(*all.instances, at)));
    } while (all.instances->advance(at));
    return all;
}

inline expanded expand(std::string_view text, dialects::dialect which) {
    return expand(text, dialects::options{.which = which});
}

}  // namespace weir::conformance
