// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/harness/context.hpp"

#include <functional>
#include <string_view>

namespace weir::harness {

// Lays a mapping of the same shape over a pipeline, a template or a part of one, as input sets and
// `templateInputs` do: for each place of `target` that asks for an input and for which `given` has
// something, `take` gets both. Entries of lists belong together by their identifiers or names.
//
// What `given` has beyond that, an identifier at its top apart, must be what stands in `target`
// anyway; else it is told (E0211), with both places. `what` is what messages call `given`.
using overlay_function = std::function<void(yaml::value at, yaml::value given)>;
void overlay(context&, std::string_view what, yaml::value target, yaml::value given,
             const overlay_function& take);

// An entry of a list of stages, steps, variables or the like: what stands behind `stage:`, `step:`
// ..., and its identifier or name ("": it has none).
struct list_entry {
    yaml::value inner;
    std::string_view name;
};
[[nodiscard]] list_entry entry_of(yaml::value);

// Calls `each` with the entries of a list; those of a `parallel` count to the level around.
void for_each_entry(yaml::value list, const std::function<void(yaml::value)>& each);

}  // namespace weir::harness
