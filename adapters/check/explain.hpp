// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/check/cycle.hpp"
#include "adapters/check/remedy.hpp"
#include "adapters/plan/diagnostic.hpp"

#include <cstdint>
#include <vector>

namespace weir::check {

// Under which assumptions somebody is stuck.
struct equality {
    std::uint32_t unknown = none, other = none;  // keys
    bool equal = true;
};

struct circumstances {
    const scenario& given;             // with which it gets stuck
    std::vector<bool> matters;         // by unknown: it is part of the reason
    std::vector<equality> equalities;  // of keys, that are part of the reason
    remedy slots;                      // where they are short
};

// Tells a cycle, as one diagnostic. [own stack]
void explain(const occurrences&, const symbolic_run& stuck, const std::vector<edge>& cycle,
             const circumstances&, plan::diagnostics&);

// Tells that somebody waits where no cycle says why: he asks for more of a lock than there is.
void explain_greed(const occurrences&, const symbolic_run& stuck, plan::diagnostics&);

// The loop whose slots are short in a cycle; no_node: none's.
[[nodiscard]] plan::node_index loop_in(const occurrences&, const std::vector<edge>& cycle);

}  // namespace weir::check
