// SPDX-License-Identifier: BSL-1.0
// Parties of what is tried again, and of rollback sections that may run after their stage.
#include "adapters/run/roster.hpp"
#include "adapters/run/roster_walk.hpp"
#include "adapters/run/run.hpp"

#include <utility>

namespace weir::runs {

using fibers::party_state;
using plan::node_kind;

namespace {

bool is_due(const roster_node& at) noexcept {
    const auto* const owner = static_cast<const roster_node*>(at.parent);
    return at.what->kind == node_kind::rollback && at.reserved && owner && owner->begun;
}

}  // namespace

void roster::retract(roster_node* group) noexcept {
    for (auto* at = group; at; at = next_below(at, group)) {
        if (!at->seat || at->seat->member.state() != party_state::arrived)
            continue;
        auto& who = *at->seat;
        if (who.at.core.where() != fibers::phase::standing || (who.cyclic && !at->met))
            continue;
        who.ended = false;
        at->met = false;
        tell(event_type::barrier_retracted, who.at, who.lane, false);
        who.at.core.retract(who.member);
    }
}

std::string_view roster::broken_below(const roster_node* top) const noexcept {
    auto* const first = const_cast<roster_node*>(top);
    for (auto* at = first; at; at = next_below(at, first)) {
        if (at->seat && at->seat->at.core.state() == fibers::verdict::broken)
            return at->seat->at.names.id;
    }
    return {};
}

// Where somebody waits for the barrier, or will, the stage's end counts: only others that roll back
// with the whole pipeline are waited for.
void roster::withdraw_but_rollback(roster_node* stage) noexcept {
    for (auto* at = stage; at;) {
        const bool own = at->what->kind == node_kind::rollback && at->parent == stage;
        if (!own || !at->reserved) {
            withdraw_here(*at);
            at = next_below(at, stage);
            continue;
        }
        at->kept = true;
        for (const auto index : at->held) {
            auto& meeting = *numbered_[index];
            at->kept = at->kept && meeting.core.expected() + meeting.core.arrived() == 0;
        }
        if (!at->kept)
            unreserve(*at);
        at = next_beside(at, stage);
    }
}

// A stage rolls back by itself: it does not wait for those that have ended.
void roster::drop_kept(const roster_node& but) noexcept {
    for (const auto index : but.held) {
        const auto holders = numbered_[index]->holders;
        for (const auto* holder : holders) {
            auto& other = *const_cast<roster_node*>(static_cast<const roster_node*>(holder));
            if (std::exchange(other.kept, false))
                unreserve(other);
        }
    }
}

void roster::fail_but_rollbacks(roster_node* top, fibers::reason why,
                                std::string_view cause) noexcept {
    for (auto* at = top; at;) {
        if (is_due(*at)) {
            at = next_beside(at, top);
            continue;
        }
        fail_here(*at, why, cause, false);
        at = next_below(at, top);
    }
}

}  // namespace weir::runs
