// SPDX-License-Identifier: BSL-1.0
#include "adapters/check/remarks.hpp"

#include <string>
#include <vector>

namespace weir::check {

using plan::action_kind;
using plan::node_index;
using plan::node_kind;

namespace {

class rollbacks {
public:
    explicit rollbacks(const plan::plan& document) : document_{document} {
        started_.resize(document.nodes.size());
        for (node_index i = 0; i < document.nodes.size(); ++i) {
            if (!document[i].extras)
                continue;
            for (const auto& s : document[i].extras->failure_strategies)
                starts(s.action, i);
        }
    }

    [[nodiscard]] bool may_start(node_index owner) const { return all_ || started_[owner]; }

private:
    void starts(const plan::failure_action& action, node_index from) {
        switch (action.kind) {
        case action_kind::pipeline_rollback:
        case action_kind::manual_intervention:  // whoever answers may choose it
            all_ = true;
            break;
        case action_kind::stage_rollback:
        case action_kind::step_group_rollback:
            for (auto i = from; i != plan::no_node; i = document_[i].parent)
                started_[i] = true;
            break;
        default:
            break;
        }
        if (action.follow_up)
            starts(*action.follow_up, from);
    }

    const plan::plan& document_;
    std::vector<bool> started_;
    bool all_ = false;
};

node_index first_barrier(const plan::plan& document, node_index at) {
    if (document[at].kind == node_kind::barrier)
        return at;
    for (auto i = document[at].first_child; i != plan::no_node; i = document[i].next) {
        if (const auto found = first_barrier(document, i); found != plan::no_node)
            return found;
    }
    return plan::no_node;
}

}  // namespace

void remark_on_rollbacks(const plan::plan& document, plan::diagnostics& findings) {
    const rollbacks known{document};
    for (const auto& n : document.nodes) {
        if (n.kind != node_kind::rollback || !n.holds_barriers || known.may_start(n.parent))
            continue;
        const auto barrier = first_barrier(document, document.index_of(n));
        auto& found =
            findings.add(plan::code::never_rolls_back, document[barrier].where,
                         "barrier `" + document.barriers[document[barrier].barrier].id +
                             "` is met in rollback steps that no failure strategy ever starts");
        found.path = plan::path_of(document, barrier);
        found.help = "give `" + plan::path_of(document, n.parent) +
                     "` a failure strategy with the action StageRollback";
    }
}

}  // namespace weir::check
