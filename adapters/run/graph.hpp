// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/run/activation.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace weir::runs {

// Where the children of a graph stand: for whom each still waits, and whether what it waited for
// has failed. Lives on the graph's lane.
class dag {
public:
    dag(const plan::plan& document, const plan::node& graph);

    // Those that wait for nobody, in the plan's order.
    [[nodiscard]] std::vector<const plan::node*> first() const;

    // Those that wait for nobody any more now that this one has ended. `failed`: for good.
    [[nodiscard]] std::vector<const plan::node*> after(const plan::node& ended, bool failed);

    // This one is failing: what those that wait for it are skipped because of.
    void blame(const plan::node& child, std::string_view cause);

    // Something that it waited for, directly or not, has failed; `cause`: what.
    [[nodiscard]] bool is_lost(const plan::node& child, std::string_view& cause) const;

    // The longest row of those before it, each waiting for the one before.
    [[nodiscard]] std::uint32_t level(const plan::node& child) const;

    // Those that wait for this one, directly or not, in the plan's order.
    [[nodiscard]] std::vector<const plan::node*> dependents(const plan::node& of) const;

private:
    struct place {
        const plan::node* what;
        std::vector<std::uint32_t> next;  // who waits for it
        std::uint32_t open = 0;           // for so many it waits
        std::uint32_t level = 0;          // known once it waits for none
        bool lost = false;
        std::string_view cause;
    };

    [[nodiscard]] std::uint32_t index_of(const plan::node&) const;

    std::vector<place> places_;  // in the plan's order
};

// A graph: each child in a lane of its own, once those that it depends on have ended. [lane]
[[nodiscard]] outcome run_graph(activation&);

// A child of a graph has ended, and its activation is gone: others may start. [lane]
void child_ended(activation& graph, const plan::node& child, outcome how);

// A child of a graph fails: those that depend on it, and come to a barrier, fail with it. [worker]
void lose_dependents(activation& graph, const plan::node& child, fibers::reason why,
                     std::string_view cause) noexcept;

}  // namespace weir::runs
