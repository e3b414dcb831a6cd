// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/json_writer.hpp"
#include "adapters/plan/plan.hpp"

namespace weir::plan {

// [own stack] Plan JSON of a node's loop, which it must have: the object behind "strategy".
void write_loop(json_writer&, const node&);

// A member for a number that was given: as it is, or as an object where there is more to say.
void write_amount(json_writer&, std::string_view key, const amount&);

// The member "position"; nothing where there is none.
void write_position(json_writer&, const span&);

}  // namespace weir::plan
