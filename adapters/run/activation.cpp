// SPDX-License-Identifier: BSL-1.0
#include "adapters/run/activation.hpp"

#include "adapters/run/undo.hpp"

namespace weir::runs {

using plan::node_kind;

activation::activation(run& whose, activation* above, const plan::node& node,
                       std::string_view named)
    : frame{above, &node, nullptr, {}, named, {}, true}, owner{whose}, next_child{node.first_child} {
    clock.of = this;
    if (!above)
        return;
    slot = above->slot;
    next_sibling = above->first_child;
    if (next_sibling)
        next_sibling->previous_sibling = this;
    above->first_child = this;
}

activation::~activation() {
    part();
    if (next_sibling)
        next_sibling->previous_sibling = previous_sibling;
    if (previous_sibling) {
        previous_sibling->next_sibling = next_sibling;
    } else if (up()) {
        up()->first_child = next_sibling;
    }
}

bool activation::is_sequence() const noexcept {
    if (is_loop())
        return false;
    switch (what->kind) {
    case node_kind::pipeline:
    case node_kind::stage:
    case node_kind::step_group:
    case node_kind::rollback:
    case node_kind::on_release:
        return true;
    default:
        return false;
    }
}

bool activation::is_told() const noexcept {
    return what->kind != node_kind::pipeline && what->kind != node_kind::parallel &&
           what->kind != node_kind::graph;
}

std::string_view activation::kind() const noexcept {
    if (is_loop())
        return "loop";
    switch (what->kind) {
    case node_kind::pipeline:
        return "pipeline";
    case node_kind::stage:
        return "stage";
    case node_kind::step_group:
        return "step_group";
    case node_kind::parallel:
        return "parallel";
    case node_kind::rollback:
        return "rollback";
    case node_kind::step:
        return "step";
    case node_kind::barrier:
        return "barrier";
    case node_kind::graph:
    case node_kind::on_release:
    case node_kind::lock:
        return name_of(what->kind);
    }
    return {};
}

roster_node* activation::roster_of(const plan::node& child) noexcept {
    if (!child.holds_barriers)
        return nullptr;
    if (graph && next_member && next_member->what > &child)
        next_member = members->first;
    auto* found = next_member;
    while (found && found->what != &child)
        found = found->next;
    if (found && !graph)
        next_member = found->next;
    else if (found)
        next_member = found;
    return found;
}

void activation::absorb(outcome of_child) noexcept {
    worst = worse(worst, of_child);
    if (is_bad(of_child))
        failed = true;
}

}  // namespace weir::runs
