// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/run/activation.hpp"

#include <memory>
#include <vector>

namespace weir::runs {

// A stage that has run and not rolled back: what its rollback section needs to run later.
struct executed {
    frame stage;
    roster_node* members = nullptr;
    std::shared_ptr<const plan::expansion> turns;  // of the loop whose turn it is; null: none
    plan::node_index top = 0;                      // the pipeline's child in which it stands
    bool in_order = false;  // one of those in `top` that ran one after the other
};

// What a pipeline's rollback consists of: its stages' in parallel where they ran in parallel, the
// sequence in reverse. First the stages as they end, then what is still to be undone.
struct undo {
    std::vector<executed> done;
    std::vector<const executed*> lane;  // of one lane: the last goes first
};

// A stage ends: notes it, where a pipeline's rollback may come to it. True: its rollback section
// stays reserved. [lane]
[[nodiscard]] bool note_executed(activation& stage, outcome how);

// The next part of a pipeline's rollback, at the pipeline's end or within the rollback; null: none
// is left. [lane]
[[nodiscard]] activation* next_undo(activation& at);

// The stages that are rolled back side by side. [lane]
[[nodiscard]] outcome run_undo(activation& side_by_side);

}  // namespace weir::runs
