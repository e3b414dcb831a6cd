// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/read_check.hpp"

#include <map>
#include <string>

namespace weir::plan {

namespace {

constexpr std::size_t most_notes = 20;

class unsupported {
public:
    explicit unsupported(read_context& c) : c_(c), plan_(c.made()) {}

    void look() {
        for (node_index i = 0; i < plan_.nodes.size(); ++i)
            node(i);
        for (const auto& [construct, places] : found_) {
            diagnostic& d = c_.report(code::not_supported, places.front(),
                                      construct + " is known, but this version does not run it");
            for (std::size_t k = 1; k < places.size() && k <= most_notes; ++k)
                d.notes.push_back({"also here", c_.where(places[k])});
        }
    }

private:
    void node(node_index i) {
        const auto& n = plan_[i];
        switch (n.kind) {
        case node_kind::graph:
        case node_kind::lock:
        case node_kind::on_release:
            met(i, "a `" + std::string(name_of(n.kind)) + "`");
            break;
        case node_kind::pipeline:
            if (i != 0)
                met(i, "a child pipeline");
            break;
        case node_kind::barrier:
            barrier(i, plan_.barriers[n.barrier]);
            break;
        default:
            break;
        }
        if (const strategy* s = n.loop()) {
            if (s->kind == strategy_kind::while_true)
                met(i, "the loop `while`");
            if (s->slot_while_waiting == slot_policy::release)
                met(i, "`slot_while_waiting`: `release`");
        }
        if (!n.extras)
            return;
        for (const failure_strategy& f : n.extras->failure_strategies)
            for (const failure_action* a = &f.action; a; a = a->follow_up.get())
                action(i, *a);
    }

    void barrier(node_index i, const barrier_definition& b) {
        if (b.quorum != 0)
            met(i, "`quorum` of a barrier");
        if (b.cyclic)
            met(i, "`cyclic` of a barrier");
        if (b.exchange)
            met(i, "`exchange` of a barrier");
        if (b.timeout_ms != 0)
            met(i, "`timeout_ms` of a barrier");
    }

    void action(node_index i, const failure_action& a) {
        switch (a.kind) {
        case action_kind::retry_step_group:
        case action_kind::step_group_rollback:
        case action_kind::pipeline_rollback:
        case action_kind::manual_intervention:
            met(i, "the action `" + std::string(name_of(a.kind)) + "`");
            break;
        default:
            break;
        }
    }

    void met(node_index i, const std::string& construct) { found_[construct].push_back(i); }

    read_context& c_;
    const plan& plan_;
    std::map<std::string, std::vector<node_index>> found_;
};

}  // namespace

void refuse_unsupported(read_context& c) {
    unsupported(c).look();
}

}  // namespace weir::plan
