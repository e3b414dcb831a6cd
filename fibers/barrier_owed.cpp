// SPDX-License-Identifier: BSL-1.0
// What is asked of a cyclic barrier over several workers when its generation has been decided on
// another one and not been told here: it is done when the next one begins. Lost, it would leave a
// party expected that never comes.
#include <utility>

#include "fibers/barrier_core.hpp"
#include "fibers/joint.hpp"

namespace weir::fibers {

bool barrier_core::between() const noexcept {
    return options_.cyclic && options_.with != nullptr && decision_.kind == verdict::pending &&
           options_.with->where(*this) == phase::decided;
}

bool barrier_core::owe(party& p, call what, reason why) noexcept {
    const bool stranger = p.core_ == nullptr;
    if (!between() || (!stranger && p.core_ != this)) {
        return false;
    }
    const bool out = stranger || p.owed_ == debt::withdraw;
    if (p.owed_ == debt::fail || (out && what != call::expect)) {
        return false;
    }
    owes_ = true;
    if (stranger) {
        link(p);
        p.state_ = party_state::idle;
        p.owed_ = debt::join;
    } else if (what == call::expect) {
        p.owed_ = out ? debt::none : p.owed_;
    } else if (what == call::fail) {
        p.owed_ = debt::fail;
        p.lost_ = why;
    } else if (p.owed_ == debt::join) {
        unlink(p);
        p.state_ = party_state::withdrawn;
    } else {
        p.owed_ = debt::withdraw;
    }
    return true;
}

void barrier_core::owe_break(reason why, const party* culprit) noexcept {
    if (between() && owed_break_ == reason::none) {
        owed_break_ = why;
        owed_culprit_ = culprit;
        owes_ = true;
    }
}

// Nothing is decided before all of it is done.
void barrier_core::pay() noexcept {
    owes_ = false;
    ++reserved_;
    for (party *p = first_, *next = nullptr; p != nullptr; p = next) {
        next = p->next_;
        if (p->state_ == party_state::idle) {
            join(*p);
        }
        if (p->owed_ == debt::withdraw) {
            withdraw(*p);
        }
    }
    --reserved_;
    for (party* p = first_; p != nullptr; p = p->next_) {
        const debt owed = p->owed_;
        p->owed_ = debt::none;
        if (owed == debt::fail) {
            fail(*p, p->lost_);
        }
    }
    if (owed_break_ != reason::none) {
        break_now(std::exchange(owed_break_, reason::none), owed_culprit_);
    }
    evaluate();
}

}  // namespace weir::fibers
