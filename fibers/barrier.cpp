// SPDX-License-Identifier: BSL-1.0
#include "fibers/barrier.hpp"

#include <cassert>

#include "fibers/scheduling.hpp"

namespace weir::fibers {

party::party(void* whose) noexcept : timer{&barrier::expired}, owner{whose} {}

party::~party() {
    assert(lane_ == nullptr);
    if (barrier_ != nullptr && !barrier_->withdraw(*this)) {
        barrier_->unlink(*this);
    }
}

party_state party::state() const noexcept {
    return state_ == party_state::expected && barrier_->generation_ == arrived_in_
               ? party_state::arrived
               : state_;
}

bool party::woken() const noexcept {
    return barrier_->generation_ != arrived_in_ || barrier_->decision_.kind != verdict::pending;
}

std::uintptr_t party::frame() const noexcept {
    return lane_->frame_;
}

barrier::barrier(worker& home, void* whose, decided_function when_decided, bool cyclic) noexcept
    : owner{whose}, home_{home}, decided_{when_decided}, cyclic_{cyclic} {}

barrier::~barrier() {
    assert(!in_use());
    while (first_ != nullptr) {
        party& p = *first_;
        unlink(p);
        p.state_ = party_state::idle;
    }
}

bool barrier::expect(party& p) noexcept {
    if (decision_.kind != verdict::pending) {
        return false;
    }
    assert(p.barrier_ == nullptr || p.barrier_ == this);
    if (p.barrier_ == nullptr) {
        p.barrier_ = this;
        p.state_ = party_state::expected;
        p.arrived_in_ = 0;
        p.prev_ = last_;
        p.next_ = nullptr;
        (last_ == nullptr ? first_ : last_->next_) = &p;
        last_ = &p;
        ++expected_;
        waiters_.reserve(++members_);
    }
    return true;
}

void barrier::unlink(party& p) noexcept {
    (p.prev_ == nullptr ? first_ : p.prev_->next_) = p.next_;
    (p.next_ == nullptr ? last_ : p.next_->prev_) = p.prev_;
    p.prev_ = p.next_ = nullptr;
    p.barrier_ = nullptr;
    --members_;
}

void barrier::reserve(std::uint32_t places) noexcept {
    reserved_ += places;
}

void barrier::settle(std::uint32_t places) noexcept {
    assert(reserved_ >= places);
    reserved_ -= places;
    evaluate();
}

void barrier::open() noexcept {
    open_ = true;
    evaluate();
}

decision barrier::arrive(party& p, std::int64_t deadline_ns) noexcept {
    if (decision_.kind != verdict::pending) {
        decision d = decision_;
        d.late = p.barrier_ != this || p.arrived_in_ != generation_;
        return d;
    }
    if (p.barrier_ != this || p.state() != party_state::expected) {
        return {.generation = generation_, .late = true};
    }
    const std::uint32_t generation = generation_;
    p.arrived_in_ = generation;
    ++arrived_;
    if (--expected_ == 0) {
        evaluate();
        if (generation != generation_ || decision_.kind != verdict::pending) {
            return outcome(generation);
        }
    }
    lane& self = *home_.current_;
    wait(p, deadline_ns);
    --inside_;
    if (p.lane_ != &self) {
        return {.generation = generation};
    }
    p.lane_ = nullptr;
    if (p.armed()) {
        home_.timers_.disarm(p);
    }
    return outcome(generation);
}

void barrier::wait(party& p, std::int64_t deadline_ns) noexcept {
    assert(home_.on_lane());
    lane& self = *home_.current_;
    p.lane_ = &self;
    ++inside_;
    if (deadline_ns >= 0) {
        home_.timers_.arm(p, deadline_ns);
    }
    self.frame_ = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
    p.index_ = party::unlisted;
    if (!waiters_.add(p, self.entry(), first_)) {
        ++unlisted_;
    }
    self.sleep();
}

// Of the generation in which one arrived, looked at later. No second release can have overtaken it,
// unless it left the membership on the way; then that it was released is still certain: nothing
// else lets a generation follow.
decision barrier::outcome(std::uint32_t generation) const noexcept {
    if (generation == generation_) {
        return decision_;
    }
    if (generation == before_.generation) {
        return before_;
    }
    return {.kind = verdict::released, .generation = generation};
}

bool barrier::set_deadline(party& p, std::int64_t deadline_ns) noexcept {
    if (p.barrier_ != this || !p.waiting()) {
        return false;
    }
    if (deadline_ns >= 0) {
        home_.timers_.arm(p, deadline_ns);
    } else {
        home_.timers_.disarm(p);
    }
    return true;
}

bool barrier::withdraw(party& p) noexcept {
    if (p.barrier_ != this || decision_.kind != verdict::pending) {
        return false;
    }
    if (p.state() == party_state::arrived) {
        take_back(p);
    }
    p.state_ = party_state::withdrawn;
    unlink(p);
    --expected_;
    evaluate();
    return true;
}

bool barrier::retract(party& p) noexcept {
    if (p.barrier_ != this || decision_.kind != verdict::pending ||
        p.state() != party_state::arrived) {
        return false;
    }
    take_back(p);
    return true;
}

void barrier::take_back(party& p) noexcept {
    if (p.waiting()) {
        if (p.index_ == party::unlisted) {
            --unlisted_;
        } else {
            waiters_.remove(p);
        }
        home_.timers_.disarm(p);
        home_.floor_->order->ring.push(p.lane_->entry());
        p.lane_ = nullptr;
    }
    p.arrived_in_ = 0;
    --arrived_;
    ++expected_;
}

bool barrier::fail(party& p, reason why) noexcept {
    if (p.barrier_ != this || decision_.kind != verdict::pending) {
        return false;
    }
    if (p.state() == party_state::expected) {
        --expected_;
    }
    p.state_ = party_state::failed;
    decide(verdict::broken, why, &p);
    return true;
}

void barrier::break_now(reason why, const party* culprit) noexcept {
    if (decision_.kind == verdict::pending) {
        decide(verdict::broken, why, culprit);
    }
}

void barrier::release_now() noexcept {
    if (decision_.kind == verdict::pending) {
        decide(verdict::released, reason::by_hand, nullptr);
    }
}

void barrier::expired(timer& t) noexcept {
    auto& p = static_cast<party&>(t);
    if (p.waiting()) {
        p.barrier_->decide(verdict::broken, reason::timed_out, &p);
    }
}

void barrier::evaluate() noexcept {
    if (open_ && reserved_ == 0 && expected_ == 0 && decision_.kind == verdict::pending) {
        decide(arrived_ != 0 ? verdict::released : verdict::voided, reason::none, nullptr);
    }
}

void barrier::decide(verdict kind, reason why, const party* culprit) noexcept {
    decision_ = {kind, why, culprit, arrived_, generation_, false};
    if (decided_ != nullptr) {
        decided_(*this, decision_);
    }
    ready_ring& ring = home_.floor_->order->ring;
    waiters_.release(ring);
    for (party* p = first_; unlisted_ != 0 && p != nullptr; p = p->next_) {
        if (p->lane_ != nullptr && p->index_ == party::unlisted && p->arrived_in_ == generation_) {
            ring.push(p->lane_->entry());
            --unlisted_;
        }
    }
    if (kind == verdict::released && cyclic_) {
        before_ = decision_;
        decision_ = {};
        ++generation_;
        arrived_ = 0;
        expected_ = members_;
    }
}

}  // namespace weir::fibers
