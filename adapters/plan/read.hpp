// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/load.hpp"

#include <string>
#include <string_view>

namespace weir::plan {

// What is wrong with the syntax of an expression; empty: nothing. `text_around`: the text may hold
// several <+...> and words between them, else it is one expression. The rooms above know the
// language.
using syntax_check = std::string (*)(std::string_view text, bool text_around);

// [own stack, any] Reads plan JSON, as docs/plan.schema.json describes it, into a plan. Whatever
// the run relies on is looked at; what is wrong is found in one go, each finding with its place in
// the JSON and the path of its node; there is a plan only when nothing is an error. Members that
// are not known are passed over with a warning. The text may come from anybody.
[[nodiscard]] loaded read_json(std::string_view text, const load_options&, syntax_check);

// [any, never blocks] Is this plan JSON: an object with the members "version" and "root"? Whatever
// stands in it may be wrong.
[[nodiscard]] bool looks_like_json(std::string_view text) noexcept;

}  // namespace weir::plan
