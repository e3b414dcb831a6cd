// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/diagnostic.hpp"
#include "adapters/plan/plan.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace weir::check {

enum class verdict : std::uint8_t {
    sound,          // every order of events comes to an end
    deadlock,       // it gets stuck, whatever the run finds out
    deadlock_when,  // it gets stuck when what the finding names holds, or fails
    not_proved,     // with so many locks, looking at every order costs too much
};

struct options {
    plan::slot_policy slots = plan::slot_policy::hold;  // of loops that do not say
    std::uint64_t most_steps = 20'000'000;              // of a search, where there are locks
    bool allow_unproved = false;                        // then that is a warning
};

// Will the plan, run alone, get stuck (SEMANTICS.md, "Deadlock")? One error for each cause, with
// the shortest cycle and the place of each of its edges. Conditions, sizes and numbers of slots
// that only a run will tell are taken as independent of each other; a deadlock that hangs on some
// names a least set of them. Rollback sections, and nodes that ask for a failure, are looked at for
// each way of failing that lets them start; around quorums and locks, not for all failures that may
// come together. [own stack]
verdict check(const plan::plan&, plan::diagnostics&, const options& = {});

// How few slots a loop can do with; `limit` is the barrier that needs them, none when one will do.
struct need {
    plan::node_index loop = plan::no_node;
    std::uint64_t slots = 0;  // that it has
    std::uint64_t least = 0;
    std::uint32_t barrier = ~std::uint32_t{0};  // index into plan::barriers
};

// Of a sound plan, for each loop whose waiting turns keep their slots, where how many there are
// is known; each with the others as they are. Of a very large plan, the first ones. [own stack]
[[nodiscard]] std::vector<need> least_slots(const plan::plan&, const options& = {});

// The same as a JSON array of remarks: findings of code N0501 (docs/diagnostics.md) with `slots`,
// `least`, and `barrier` where one limits it. [own stack]
[[nodiscard]] std::string describe_slots(const plan::plan&);

}  // namespace weir::check
