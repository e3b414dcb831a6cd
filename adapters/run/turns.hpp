// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/run/activation.hpp"

#include <memory>
#include <string>

namespace weir::runs {

// What a loop comes to: as the roster found it at the run's start, or made now, when its parties
// become known. Null and `error` when its expressions cannot be evaluated. [lane]
[[nodiscard]] std::shared_ptr<const plan::expansion> turns_of(activation& loop, std::string& error);

[[nodiscard]] std::string_view turn_path(activation& loop, const plan::expansion&,
                                         const plan::instance&);

// The turn's activation, with its members. [worker]
[[nodiscard]] activation& begin_turn(activation& loop, const plan::expansion&,
                                     const plan::instance&, std::string_view path);

// The same for the roster: made from names that are known at `at`. `known` is false when an
// expression's value comes only later in the run. [own stack]
[[nodiscard]] std::shared_ptr<const plan::expansion> expand(run&, const frame& at, bool& known,
                                                            std::string& error);

// The path of a turn beside its loop's: "deploy" becomes "deploy_0". [own stack]
[[nodiscard]] std::string_view path_of_turn(run&, const frame& loop, const plan::expansion&,
                                            const plan::instance&);

}  // namespace weir::runs
