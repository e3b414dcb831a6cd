// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/plan.hpp"
#include "tests/property/dice.hpp"

#include <memory>
#include <string>

namespace weir::property {

// A random plan: stages, parallels, graphs, groups, loops with and without caps, rollbacks,
// conditions, failure strategies, timeouts, locks, and barriers with and without quorum, cycles,
// values, steps on their release. Lanes mostly meet in the order of the barriers' numbers, so most
// plans are sound; some lock up until a timeout. `patient`: without timeouts of their own.
[[nodiscard]] std::shared_ptr<const plan::plan> random_plan(dice&, bool patient = false);

// How its steps behave, for simulation::parse.
[[nodiscard]] std::string random_behaviour(dice&);

}  // namespace weir::property
