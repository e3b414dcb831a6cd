// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/plan.hpp"

namespace weir::plan {

// What adapters make plans with. Nodes are added depth first: `add` puts a node behind the last
// child of `parent`. `finish` links, marks (holds_barriers) and hands the plan over.
class builder {
public:
    builder();
    ~builder();

    node_index add(node_index parent, node_kind kind);
    node_index add_rollback(node_index owner);       // the rollback section of a stage or group
    // What the barrier runs on its release; its parent is the pipeline that declares it.
    node_index add_on_release(std::uint32_t barrier);
    [[nodiscard]] node& at(node_index);              // valid until the next add
    node_extras& extras(node_index);                 // made on first use
    std::string_view keep(
        std::string_view text);  // copied into the plan, once for equal short texts
    // Loops that do not say what a turn that waits does with its slot let it give the slot up.
    void release_slots() noexcept;
    plan& unfinished() noexcept;                     // barriers, files, variables
    [[nodiscard]] std::shared_ptr<const plan> finish();

private:
    std::shared_ptr<plan> plan_;
    std::vector<node_index> last_child_;
};

}  // namespace weir::plan
