// SPDX-License-Identifier: BSL-1.0
#include "fibers/barrier_core.hpp"

#include <cassert>

#include "fibers/joint.hpp"

namespace weir::fibers {

party_state party::state() const noexcept {
    return core_ != nullptr ? core_->state_of(*this) : state_;
}

void party::leave() noexcept {
    if (core_ == nullptr) {
        return;
    }
    barrier_core& from = *core_;
    from.withdraw(*this);
    if (core_ != nullptr) {
        from.unlink(*this);
    }
    if (from.lost_ == this) {
        from.lost_ = nullptr;
    }
    if (from.owed_culprit_ == this) {
        from.owed_culprit_ = nullptr;
    }
}

barrier_core::barrier_core(void* whose, const barrier_options& options) noexcept
    : owner{whose}, options_{options} {
    assert(options.quorum == 0 || options.with == nullptr);
}

barrier_core::~barrier_core() {
    while (first_ != nullptr) {
        party& p = *first_;
        unlink(p);
        p.state_ = party_state::idle;
    }
}

bool barrier_core::expect(party& p) noexcept {
    const effect what = effect_on(p, call::expect);
    if (what == effect::stays) {
        return true;
    }
    if (what == effect::none || !reopen()) {
        return owe(p, call::expect);
    }
    link(p);
    join(p);
    return true;
}

void barrier_core::link(party& p) noexcept {
    assert(p.core_ == nullptr);
    p.core_ = this;
    p.prev_ = last_;
    p.next_ = nullptr;
    (last_ == nullptr ? first_ : last_->next_) = &p;
    last_ = &p;
}

void barrier_core::join(party& p) noexcept {
    p.state_ = party_state::expected;
    p.arrived_in_ = generation_ - 1;
    ++expected_;
    make_room(++members_);
}

bool barrier_core::expect_unnamed(std::uint32_t parties) noexcept {
    if (where() != phase::standing || !reopen()) {
        return false;
    }
    unnamed_ += parties;
    members_ += parties;
    expected_ += parties;
    return true;
}

bool barrier_core::identify(party& p) noexcept {
    if (unnamed_ == 0 || effect_on(p, call::expect) != effect::joins) {
        return false;
    }
    --unnamed_;
    --members_;
    --expected_;
    return expect(p);  // there is one missing, so nothing was decided or closed
}

void barrier_core::unlink(party& p) noexcept {
    (p.prev_ == nullptr ? first_ : p.prev_->next_) = p.next_;
    (p.next_ == nullptr ? last_ : p.next_->prev_) = p.prev_;
    found_ = found_ == &p ? p.prev_ : found_;
    p.prev_ = p.next_ = nullptr;
    p.core_ = nullptr;
    members_ -= p.state_ == party_state::expected ? 1 : 0;
    p.owed_ = debt::none;
}

void barrier_core::reserve(std::uint32_t places) noexcept {
    [[maybe_unused]] const bool undecided = reopen();
    reserved_ += places;
}

void barrier_core::settle(std::uint32_t places) noexcept {
    assert(reserved_ >= places);
    reserved_ -= places;
    evaluate();
}

void barrier_core::open() noexcept {
    open_ = true;
    evaluate();
}

decision barrier_core::late_answer(party& p) const noexcept {
    if (behind(p)) {
        decision d = outcome(++p.arrived_in_);
        d.late = true;
        return d;
    }
    decision d = decision_;
    d.late = p.core_ != this || p.arrived_in_ != generation_;
    return d;
}

// That an older generation was released is certain: nothing else lets another one follow.
decision barrier_core::outcome(std::uint32_t generation) const noexcept {
    if (generation == generation_) {
        return decision_;
    }
    if (generation == before_.generation) {
        return before_;
    }
    return {.kind = verdict::released, .generation = generation};
}

bool barrier_core::withdraw(party& p) noexcept {
    const effect what = effect_on(p, call::withdraw);
    if (what == effect::none || !reopen()) {
        return owe(p, call::withdraw);
    }
    if (what == effect::leaves) {
        take_back(p);
    }
    unlink(p);
    p.state_ = party_state::withdrawn;
    --expected_;
    evaluate();
    return true;
}

bool barrier_core::retract(party& p, std::uint32_t generation) noexcept {
    if (generation != 0 && generation != generation_) {
        return false;
    }
    if (effect_on(p, call::retract) == effect::none || !reopen()) {
        return false;
    }
    take_back(p);
    return true;
}

void barrier_core::take_back(party& p) noexcept {
    wake(p);
    p.arrived_in_ = generation_ - 1;
    --arrived_;
    ++expected_;
}

bool barrier_core::fail(party& p, reason why, std::uint32_t generation) noexcept {
    if (generation != 0 && generation != generation_) {
        return false;
    }
    if (effect_on(p, call::fail) != effect::none) {
        if (options_.quorum != 0 ? spare(p, why) : lose(p, why)) {
            return true;
        }
    }
    return generation == 0 && owe(p, call::fail, why);
}

bool barrier_core::lose(party& p, reason why) noexcept {
    const std::uint32_t missing = p.state() == party_state::expected ? 1 : 0;
    p.state_ = party_state::failed;
    p.lost_ = why;
    expected_ -= missing;
    --members_;
    if (decide(verdict::broken, why, &p)) {
        return true;
    }
    p.state_ = party_state::expected;  // decided by a sibling a moment ago
    expected_ += missing;
    ++members_;
    return false;
}

// Others may still make up the quorum.
bool barrier_core::spare(party& p, reason why) noexcept {
    if (p.state() == party_state::arrived) {
        take_back(p);
    }
    p.state_ = party_state::failed;
    p.lost_ = why;
    --expected_;
    --members_;
    lost_ = &p;
    lost_why_ = why;
    if (options_.lost != nullptr) {
        options_.lost(*this, p, why);
    }
    if (phase_ == phase::releasing && arrived_ < options_.quorum) {
        return decide(verdict::broken, why, &p);  // it was among those who are let go
    }
    evaluate();
    return true;
}

bool barrier_core::would_wait(const party& p) const noexcept {
    if (effect_on(p, call::arrive) != effect::waits) {
        return false;
    }
    if (!open_ || reserved_ != 0 || phase_ != phase::standing || options_.complete != nullptr) {
        return true;
    }
    return options_.quorum == 0 ? expected_ > 1 : arrived_ + 1 < options_.quorum;
}

void barrier_core::finish(std::uint32_t generation, reason why, const party* culprit) noexcept {
    if (phase_ == phase::releasing && generation == generation_) {
        decide(why == reason::none ? verdict::released : verdict::broken, why, culprit);
    }
}

void barrier_core::break_now(reason why, const party* culprit) noexcept {
    if (where() == phase::decided || !decide(verdict::broken, why, culprit)) {
        owe_break(why, culprit);
    }
}

void barrier_core::release_now() noexcept {
    if (where() != phase::decided) {
        decide(verdict::released, reason::by_hand, nullptr);
    }
}

phase barrier_core::whole_where() const noexcept {
    return decision_.kind != verdict::pending ? phase::decided : options_.with->where(*this);
}

void barrier_core::evaluate() noexcept {
    if (!open_ || reserved_ != 0 || closed_ || phase_ != phase::standing) {
        return;
    }
    const std::uint32_t quorum = options_.quorum;
    if (quorum == 0 ? expected_ == 0 : arrived_ >= quorum) {
        release();
    } else if (quorum != 0 && arrived_ + expected_ < quorum) {
        const bool all_withdrew = arrived_ + expected_ == 0 && lost_why_ == reason::unreachable;
        decide(all_withdrew ? verdict::voided : verdict::broken,
               all_withdrew ? reason::none : lost_why_, lost_);
    }
}

void barrier_core::release() noexcept {
    if (options_.with != nullptr) {
        closed_ = true;
        options_.with->close(*this);
    } else if (arrived_ == 0) {
        decide(verdict::voided, reason::none, nullptr);
    } else if (options_.complete != nullptr) {
        phase_ = phase::releasing;
        options_.complete(*this);
    } else {
        decide(verdict::released, reason::none, nullptr);
    }
}

bool barrier_core::reopen() noexcept {
    if (closed_ && !options_.with->reopen(*this)) {
        return false;
    }
    closed_ = false;
    return true;
}

bool barrier_core::decide(verdict kind, reason why, const party* culprit) noexcept {
    if (options_.with != nullptr) {
        return options_.with->claim(*this, kind, why, culprit);
    }
    tell({kind, why, culprit, arrived_, generation_, false});
    return true;
}

void barrier_core::tell(const decision& d) noexcept {
    decision_ = d;
    phase_ = phase::decided;
    if (options_.when_decided != nullptr) {
        options_.when_decided(*this, d);
    }
    wake_all();
    if (d.kind == verdict::released && options_.cyclic) {
        begin();
    }
}

void barrier_core::begin() noexcept {
    before_ = decision_;
    decision_ = {};
    phase_ = phase::standing;
    ++generation_;
    arrived_ = 0;
    expected_ = members_;
    closed_ = false;
    if (owes_) {
        pay();
    }
    if (members_ == 0) {
        evaluate();
    }
}

}  // namespace weir::fibers
