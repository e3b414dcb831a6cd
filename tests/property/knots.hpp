// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/plan.hpp"
#include "tests/property/dice.hpp"

#include <memory>

namespace weir::property {

// A small random plan of what can hold anybody back: barriers (some with a quorum), loops with
// slots that are held or released, locks (of some nobody knows the key), graphs, child pipelines,
// conditions that nobody knows. Lanes mostly meet in one order, so that about half of the plans are
// sound. Nothing in it fails.
[[nodiscard]] std::shared_ptr<const plan::plan> random_knot(dice&);

}  // namespace weir::property
