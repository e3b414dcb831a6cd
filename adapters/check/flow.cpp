// SPDX-License-Identifier: BSL-1.0
#include "adapters/check/flow.hpp"

#include "adapters/expressions/expression.hpp"

#include <algorithm>

namespace weir::check {

namespace {

// Before a run, no name has a value.
class nothing_known final : public expressions::scope {
    expressions::found resolve(const std::vector<std::string_view>&, json&, std::size_t&) const override {
        return expressions::found::not_yet;
    }
};

enum class certainty : std::uint8_t { yes, no, unknown };

certainty holds(std::string_view condition) {
    if (condition.empty()) return certainty::yes;
    const auto said = expressions::condition(condition, nothing_known{});
    if (said.status != expressions::status::ok) return certainty::unknown;
    return said.value.get<bool>() ? certainty::yes : certainty::no;
}

}  // namespace

flow::flow(const plan::plan& document) : facts_(document.nodes.size()) {
    for (std::size_t i = 0; i < document.nodes.size(); ++i) {
        const auto& what = document.nodes[i];
        if (!what.holds_barriers) continue;
        auto& about = facts_[i];
        const auto own = holds(what.condition);
        const auto of_loop = what.loop() ? holds(what.loop()->when) : certainty::yes;
        about.never_runs = own == certainty::no || of_loop == certainty::no ||
                           what.status == plan::when_status::failure || what.kind == plan::node_kind::rollback;
        about.conditional = own == certainty::unknown || of_loop == certainty::unknown;
        if (!what.loop()) continue;
        const auto loop = plan::plan_loop(what);
        about.turns = loop.size_known ? loop.count() : 1;
        // A turn that waits gives its slot to the next: the cap keeps nobody from a barrier.
        const bool gives_back = what.loop()->slot_while_waiting == plan::slot_policy::release;
        about.cap = gives_back ? 0 : loop.cap();
        // Harness's own way: only the first who have slots are parties.
        if (document.compat_harness && about.cap != 0 && about.cap < about.turns) about.turns = about.cap;
    }
}

}  // namespace weir::check
