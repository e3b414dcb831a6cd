// SPDX-License-Identifier: BSL-1.0
#include "adapters/run/stall_search.hpp"

#include "adapters/run/locking.hpp"
#include "adapters/run/run.hpp"
#include "adapters/run/stall_ring.hpp"
#include "adapters/run/tree.hpp"

#include <algorithm>
#include <vector>

namespace weir::runs {

using fibers::party_state;

namespace {

bool may_come(const fibers::party& p) noexcept {
    return under_way_at(static_cast<const place*>(p.owner)->node).active != 0;
}

const fibers::locks::request& request_of(const activation& a) noexcept {
    return static_cast<const lock_wait*>(a.wait)->hold.request;
}

// The waits of a run, and which of them will end, as far as that can be known.
class search {
public:
    search(run& of, activation& root) : run_{of}, round_{of.stalled().next_round()} {
        for (auto* a = &root; a; a = next_below(a, root)) {
            if (waits_for_others(*a))
                waits_.push_back(a);
        }
    }

    // Takes out those that end. With `locks_last`, waits for locks are taken for endless.
    void sort_out(bool locks_last) {
        for (bool found = true; found;) {
            found = false;
            std::erase_if(waits_, [&](activation* a) {
                if (!ends(*a, locks_last))
                    return false;
                for (auto* at = a; at && at->moves_in != round_; at = at->up())
                    at->moves_in = round_;
                return found = true;
            });
        }
    }

    [[nodiscard]] std::vector<activation*>& endless() noexcept { return waits_; }

private:
    [[nodiscard]] bool moves(const activation& a) const noexcept {
        return a.active != 0 || a.moves_in == round_;
    }

    [[nodiscard]] bool ends(const activation& a, bool locks_last) const {
        switch (a.waiting) {
        case wait_kind::barrier:
            return decides(a.members->seat->at);
        case wait_kind::lock:
            return !locks_last && !run_.locks().is_stuck(request_of(a));
        case wait_kind::turn: {
            const auto* slot = a.slot;
            while (slot->outer)
                slot = slot->outer;
            return moves(slot->loop);
        }
        default:
            return moves(a);  // a loop's next turn
        }
    }

    [[nodiscard]] bool decides(const meeting& at) const {
        bool some = false;
        at.core.for_each_missing([&](const fibers::party& p) {
            some = some || moves(under_way_at(static_cast<const place*>(p.owner)->node));
        });
        return some || std::ranges::any_of(at.holders, [&](const frame* holder) {
                   return moves(under_way_at(holder));
               });
    }

    run& run_;
    const std::uint32_t round_;
    std::vector<activation*> waits_;
};

// What each hold is kept for, if no wait for a lock ends.
void keep_holds(run& of, const std::vector<activation*>& endless) {
    using fibers::locks;
    for (auto* hold = of.held_locks; hold; hold = hold->next_of_run) {
        auto how = locks::kept::no;
        const locks::request* wait = nullptr;
        for (const auto* a : endless) {
            if (wait || !is_below(a, *hold->holder))
                continue;
            how = a->waiting == wait_kind::lock ? locks::kept::for_one : locks::kept::for_all;
            wait = a->waiting == wait_kind::lock ? &request_of(*a) : nullptr;
        }
        of.locks().keep(hold->request, how, wait);
    }
}

}  // namespace

bool is_awaited(meeting& at) noexcept {
    if (at.releasing || at.core.where() != fibers::phase::standing)
        return true;
    const auto* p = at.awaited;
    if (p && p->state() == party_state::expected && may_come(*p))
        return true;
    for (p = at.core.next_missing(p); p && !may_come(*p);)
        p = at.core.next_missing(p);
    if (!p) {
        for (p = at.core.next_missing(nullptr); p && !may_come(*p);)
            p = at.core.next_missing(p);
    }
    at.awaited = p;
    return p || std::ranges::any_of(at.holders, [](const frame* holder) {
               return under_way_at(holder).active != 0;
           });
}

bool waits_for_others(const activation& a) noexcept {
    if (a.interrupted != interruption::none)
        return false;
    switch (a.waiting) {
    case wait_kind::barrier: {
        const auto& seat = *a.members->seat;
        return seat.member.state() == party_state::arrived && !seat.at.decided() &&
               !seat.at.releasing && seat.at.core.where() == fibers::phase::standing;
    }
    case wait_kind::lock:
        return request_of(a).waiting() && !static_cast<const lock_wait*>(a.wait)->let_in;
    case wait_kind::slot:
        return !a.halted;
    case wait_kind::turn:
        return !a.slot->held;
    default:
        return false;
    }
}

void end_stalls(run& of, activation& root) {
    if (of.lock_waits != 0 && of.held_locks) {
        search assumed{of, root};
        assumed.sort_out(true);
        keep_holds(of, assumed.endless());
        of.locks().find_stalls();
    }
    search known{of, root};
    known.sort_out(false);
    const auto ring = ring_in(of, known.endless());
    for (auto* const at : ring.barriers) {
        at->blamed = first_missing(*at);
        at->cause = ring.story;
        at->core.break_now(fibers::reason::deadlock);
    }
}

}  // namespace weir::runs
