// SPDX-License-Identifier: BSL-1.0
#include "fibers/barrier.hpp"

#include <cassert>

#include "fibers/joint.hpp"
#include "fibers/scheduling.hpp"

namespace weir::fibers {

lane_party::lane_party(void* whose) noexcept : party{whose}, timer{&barrier::expired} {}

lane_party::~lane_party() {
    assert(lane_ == nullptr);
    leave();  // now, while a barrier can still see a lane in it
}

bool lane_party::woken() const noexcept {
    return core_ == nullptr || core_->generation() != arrived_in_ ||
           core_->state() != verdict::pending;
}

std::uintptr_t lane_party::frame() const noexcept {
    return lane_->frame_;
}

barrier::barrier(worker& home, void* whose, const barrier_options& options) noexcept
    : barrier_core{whose, options}, timer{&ran_out}, home_{home} {
    if (options.with != nullptr) {
        options.with->add(*this, home);
    }
}

barrier::~barrier() {
    assert(!in_use());
    home_.timers_.disarm(*this);
}

decision barrier::arrive(lane_party& p, std::int64_t deadline_ns) noexcept {
    const effect what = effect_on(p, call::arrive);
    if (what == effect::waits) [[likely]] {
        const std::uint32_t generation = this->generation();
        return enter(p) ? wait(p, deadline_ns) : outcome(generation);
    }
    if (what == effect::told) {
        return tell_late(p, deadline_ns);
    }
    return {.generation = generation(), .late = true};
}

decision barrier::tell_late(lane_party& p, std::int64_t deadline_ns) noexcept {
    if (behind(p) || state() != verdict::pending) {
        return late_answer(p);
    }
    const std::uint32_t generation = this->generation();
    const bool joins = p.owed_ == debt::join;
    latecomer me{home_.current(), late_};
    late_ = &me;
    ++inside_;
    me.who->park();
    --inside_;
    if (joins && generation != this->generation()) {
        return arrive(p, deadline_ns);  // this is what it was meant for
    }
    if (behind(p)) {
        return late_answer(p);
    }
    decision d = outcome(generation);
    d.late = p.core_ != this || p.arrived_in_ != generation;
    return d;
}

decision barrier::wait(lane_party& p, std::int64_t deadline_ns) noexcept {
    assert(home_.on_lane());
    const std::uint32_t generation = this->generation();
    lane& self = *home_.current_;
    p.lane_ = &self;
    ++inside_;
    if (deadline_ns >= 0) {
        home_.timers_.arm(p, deadline_ns);
    }
    if (arrived() == 1 && timeout_ns_ >= 0) {
        first_arrival_ = home_.now();
        watch();
    }
    self.frame_ = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
    p.index_ = wait_list::nowhere;  // not among those whose place may change
    p.index_ = waiters_.add(self.entry(), first_);
    unlisted_ += p.index_ == wait_list::nowhere ? 1 : 0;
    self.sleep();

    --inside_;
    if (p.lane_ != &self) {  // taken back
        const bool failed = p.state() == party_state::failed;
        return {.why = failed ? p.lost_ : reason::none,
                .culprit = failed ? &p : nullptr,
                .generation = generation};
    }
    p.lane_ = nullptr;
    if (p.armed()) {
        home_.timers_.disarm(p);
    }
    return outcome(generation);
}

bool barrier::set_deadline(lane_party& p, std::int64_t deadline_ns) noexcept {
    if (p.core_ != this || !p.waiting()) {
        return false;
    }
    if (deadline_ns >= 0) {
        home_.timers_.arm(p, deadline_ns);
    } else {
        home_.timers_.disarm(p);
    }
    return true;
}

void barrier::set_timeout(std::int64_t timeout_ns) noexcept {
    if (timeout_ns_ < 0) {
        first_arrival_ = home_.now();  // or may as well have come now: nobody was counting
    }
    timeout_ns_ = timeout_ns;
    if (arrived() != 0 && state() == verdict::pending) {
        watch();
    }
}

// A deadline that has passed while the barrier was being released does not matter any more: its
// patience stands still then, and the release or a failure is all that can follow.
void barrier::watch() noexcept {
    if (timeout_ns_ >= 0) {
        home_.timers_.arm(*this, first_arrival_ + timeout_ns_);
    } else {
        home_.timers_.disarm(*this);
    }
}

void barrier::expired(timer& t) noexcept {
    auto& p = static_cast<lane_party&>(t);
    if (p.waiting() && p.core_->where() == phase::standing) {
        p.core_->fail(p, reason::timed_out);
    }
}

void barrier::ran_out(timer& t) noexcept {
    auto& self = static_cast<barrier&>(t);
    if (self.where() == phase::standing) {
        self.break_now(reason::timed_out);
    }
}

void barrier::make_room(std::uint32_t members) noexcept {
    waiters_.reserve(members);
}

void barrier::wake(party& p) noexcept {
    auto& of = static_cast<lane_party&>(p);
    if (!of.waiting()) {
        return;
    }
    if (of.index_ == wait_list::nowhere) {
        --unlisted_;
    } else {
        waiters_.remove(of.index_);
    }
    home_.timers_.disarm(of);
    if (arrived() == 1) {
        home_.timers_.disarm(*this);
    }
    home_.floor_->order->ring.push(of.lane_->entry());
    of.lane_ = nullptr;
}

void barrier::wake_all() noexcept {
    ready_ring& ring = home_.floor_->order->ring;
    waiters_.release(ring);
    for (party* p = first_; unlisted_ != 0 && p != nullptr; p = p->next_) {
        auto& of = static_cast<lane_party&>(*p);
        if (of.lane_ != nullptr && of.index_ == wait_list::nowhere &&
            of.arrived_in_ == generation()) {
            ring.push(of.lane_->entry());
            --unlisted_;
        }
    }
    while (late_ != nullptr) {
        lane& who = *late_->who;
        late_ = late_->next;
        who.unpark();
    }
    if (armed()) {
        home_.timers_.disarm(*this);
    }
}

}  // namespace weir::fibers
