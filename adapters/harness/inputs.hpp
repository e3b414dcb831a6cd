// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/harness/context.hpp"

#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace weir::harness {

// A mapping of a pipeline's shape that holds values of inputs, and what messages call it.
struct input_source {
    yaml::value pipeline;
    std::string what;
};

// Where the values of a pipeline's inputs come from.
struct input_sources {
    // load_options::variables; not for a child. An input is named by its variable's name or by its
    // path of identifiers, with or without the leading `pipeline.`:
    // `stages.deploy.spec.execution.steps.sync.spec.barrierRef`.
    const std::map<std::string, std::string>* named = nullptr;
    std::span<const input_source> laid_over;  // a later one wins, `named` over all
    // What a scalar that was given becomes, if another text; for a child, whose expressions are its
    // own. The name is the input's. Null: it stays.
    std::function<std::string(std::string_view name, yaml::value given)> translate;
    bool of_child = false;
};

// Puts the values of its inputs where the pipeline has `<+input>`; `named` ones also over the
// values of its variables. Where nothing is given, `.default(x)` or the variable's `default`
// counts. Values are held against `.allowedValues(...)`, `.selectOneFrom(...)`,
// `.selectManyFrom(...)` and
// `.regex(...)`. Inputs that nobody gave go to context::missing.
void apply_inputs(context&, yaml::document&, yaml::value pipeline, const input_sources&);

// One finding that lists all inputs that nobody gave; false when there are any and they may not be
// missing.
[[nodiscard]] bool tell_missing(context&);

}  // namespace weir::harness
