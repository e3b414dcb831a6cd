// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>

#include "fibers/decision.hpp"
#include "fibers/party.hpp"
#include "fibers/transitions.hpp"

namespace weir::fibers {

class barrier_core;
class joint;

// Runs on the stack of whoever decided, before anybody is told. May look at the barrier and start
// things; must not park or change it.
using decided_function = void (*)(barrier_core&, const decision&) noexcept;

// Runs once in a generation, when all have arrived and nobody has been told: whoever gives one
// calls `finish` once, now or later. May do what a decided_function may.
using complete_function = void (*)(barrier_core&) noexcept;

// Runs when a party of a barrier with a quorum has failed and the others go on without it, before
// what comes of that. May do what a decided_function may.
using lost_function = void (*)(barrier_core&, party&, reason) noexcept;

struct barrier_options {
    bool cyclic = false;       // a release begins the next generation
    std::uint32_t quorum = 0;  // so many arrivals release it; 0: all
    decided_function when_decided = nullptr;
    complete_function complete = nullptr;
    lost_function lost = nullptr;
    joint* with = nullptr;  // one barrier over several workers: see joint.hpp. Without a quorum
};

// A barrier without the waiting: who is expected, who has come, and the one decision. How one waits
// is its heirs' business: lanes park (barrier.hpp), hosts' lanes are records.
//
//   standing --opened, nothing reserved, nobody expected--> releasing, where `complete` is given
//                                           (or a quorum)   and until `finish`; then released
//   standing --the same, but nobody arrived---------------> voided: all withdrew, or nobody was
//   standing, releasing --a failure, a deadline, by hand--> broken
//
// Decided once: `when_decided` is called with it before anybody wakes, and everybody is told the
// same. A cyclic barrier begins its next generation after a release, with the same parties; broken
// and voided are final for both kinds. Who had not come when a generation was released, by hand or
// by a quorum, is late for that one when it comes, and then expected in the next.
// transitions.hpp has what each call does to a party.
//
// All calls come from one worker, or under one lock. Shown by tests/fibers/barrier_*_test.cpp.
class barrier_core {
public:
    barrier_core(const barrier_core&) = delete;
    barrier_core& operator=(const barrier_core&) = delete;

    // Adds a party, behind the others. False when it is decided, or being released, already. Again
    // for one that is expected: true, nothing changes. One that withdrew may be expected again.
    bool expect(party& p) noexcept;

    // Parties of whom only the number is known, so many more: they are waited for. `identify` makes
    // one of them this party. False when it is too late, or (identify) nobody is without a name.
    bool expect_unnamed(std::uint32_t parties) noexcept;
    bool identify(party& p) noexcept;

    // Places held for parties not known yet. Nothing is released or voided while there are any.
    void reserve(std::uint32_t places = 1) noexcept;
    void settle(std::uint32_t places = 1) noexcept;

    // From here on it may be released or voided: whoever is known from the start has been declared.
    void open() noexcept;

    // For the three, false: it no longer matters, since it is decided, `p` is no party, or the
    // barrier has gone on from `generation` (0: whichever it is). A waiting lane of `p` wakes.
    // Of a cyclic barrier over several workers that was decided elsewhere and not told here yet,
    // true: `expect`, `withdraw` and `fail` are done when the next generation begins, if one does.
    bool withdraw(party& p) noexcept;                               // no party any more
    bool retract(party& p, std::uint32_t generation = 0) noexcept;  // expected again
    bool fail(party& p, reason why, std::uint32_t generation = 0) noexcept;

    // The completion of that generation is over: releases for `reason::none`, else breaks. Nothing
    // when the generation was decided meanwhile.
    void finish(std::uint32_t generation, reason why = reason::none,
                const party* culprit = nullptr) noexcept;

    // By hand. Nothing when decided; but a cyclic barrier breaks in its next generation, if that is
    // decided elsewhere and not told here yet.
    void break_now(reason why, const party* culprit = nullptr) noexcept;
    void release_now() noexcept;

    // Whether this party would have to wait if it arrived now.
    [[nodiscard]] bool would_wait(const party& p) const noexcept;

    // Expected and not arrived, in the order in which they were expected. In `when_decided`: as of
    // the decision.
    template <class F>
    void for_each_missing(F&& f) const {
        for (const party* p = first_; p != nullptr; p = p->next_) {
            if (p->state() == party_state::expected) {
                f(*p);
            }
        }
    }

    // The first of them after `p`, who is or was a party; null: after the last. Null: the first.
    [[nodiscard]] const party* next_missing(const party* p) const noexcept {
        p = p != nullptr && p->core_ == this ? p->next_ : first_;
        while (p != nullptr && p->state() != party_state::expected) {
            p = p->next_;
        }
        return p;
    }

    // Those who have arrived, in the same order, whatever the order of their arrival: for values
    // that are gathered.
    template <class F>
    void for_each_arrived(F&& f) const {
        for (party* p = first_; p != nullptr; p = p->next_) {
            if (p->state() == party_state::arrived) {
                f(*p);
            }
        }
    }

    // One who is missing and for whom `f` is true, or null. It looks first at the one that it found
    // last, or at the one before: who asks again after each arrival walks around but once.
    template <class F>
    party* find_missing(F&& f) noexcept {
        party* const from = found_ != nullptr ? found_ : last_;
        for (party* p = from; p != nullptr; p = p->prev_) {
            if (p->state() == party_state::expected && f(*p)) {
                return found_ = p;
            }
        }
        for (party* p = last_; p != from; p = p->prev_) {
            if (p->state() == party_state::expected && f(*p)) {
                return found_ = p;
            }
        }
        return nullptr;
    }
    // The one that was found last, if it is still missing.
    [[nodiscard]] party* found() const noexcept {
        const bool still = found_ != nullptr && found_->state() == party_state::expected;
        return still ? found_ : nullptr;
    }
    void find(party& member) noexcept { found_ = &member; }

    // All of them, whatever became of them; those who withdrew are none any more.
    template <class F>
    void for_each_party(F&& f) const {
        for (party* p = first_; p != nullptr; p = p->next_) {
            f(*p);
        }
    }

    // `decided` while the verdict is pending: made on another worker, and not heard of here.
    [[nodiscard]] phase where() const noexcept { return closed_ ? whole_where() : phase_; }
    [[nodiscard]] verdict state() const noexcept { return decision_.kind; }
    [[nodiscard]] const decision& result() const noexcept { return decision_; }
    [[nodiscard]] std::uint32_t generation() const noexcept { return generation_; }
    [[nodiscard]] std::uint32_t expected() const noexcept { return expected_; }
    [[nodiscard]] std::uint32_t arrived() const noexcept { return arrived_; }
    [[nodiscard]] std::uint32_t reserved() const noexcept { return reserved_; }
    [[nodiscard]] std::uint32_t unnamed() const noexcept { return unnamed_; }
    [[nodiscard]] bool opened() const noexcept { return open_; }

    void* owner;

protected:
    barrier_core(void* whose, const barrier_options& options) noexcept;
    virtual ~barrier_core();

    // `decision_` has just been made: wakes all who wait.
    virtual void wake_all() noexcept = 0;
    // The arrival of `p` has just been taken back: wakes its lane, if that waits.
    virtual void wake(party& p) noexcept = 0;
    // There is one more member.
    virtual void make_room(std::uint32_t members) noexcept = 0;

    // The arrival itself. False: this decided. [effect_of(arrive) == waits]
    bool enter(party& p) noexcept {
        p.arrived_in_ = generation_;
        ++arrived_;
        if (--expected_ != 0 && options_.quorum == 0) [[likely]] {
            return true;
        }
        const std::uint32_t generation = generation_;
        evaluate();
        return generation == generation_ && decision_.kind == verdict::pending;
    }

    // The effect of an arrival would be `waits`, as it is for most: no table need be asked. False
    // of some in a barrier that is being released, or is one of several.
    [[nodiscard]] bool awaits(const party& p) const noexcept {
        return p.core_ == this && p.state_ == party_state::expected && !closed_ &&
               phase_ == phase::standing && p.arrived_in_ + 1 == generation_;
    }
    [[nodiscard]] effect effect_on(const party& p, call what) const noexcept {
        if (p.core_ != this) [[unlikely]] {
            const bool elsewhere = p.core_ != nullptr;
            return effect_of(what, where(), elsewhere ? party_state::idle : p.state_);
        }
        const phase here = what == call::arrive && behind(p) ? phase::decided : where();
        return effect_of(what, here, state_of(p));
    }
    [[nodiscard]] party_state state_of(const party& p) const noexcept {
        return p.state_ == party_state::expected && p.arrived_in_ == generation_
                   ? party_state::arrived
                   : p.state_;
    }
    // It owes an arrival to a generation that went on without it.
    [[nodiscard]] bool behind(const party& p) const noexcept {
        return p.core_ == this && p.state_ == party_state::expected &&
               p.arrived_in_ + 1 < generation_;
    }
    // What a party is told for whom an arrival has the effect `told`.
    [[nodiscard]] decision late_answer(party& p) const noexcept;
    // Of a generation in which one arrived, looked at later. How many had arrived is forgotten when
    // one more generation has been released meanwhile, which takes a hand or a quorum.
    [[nodiscard]] decision outcome(std::uint32_t generation) const noexcept;

    party* first_ = nullptr;

private:
    friend class party;
    friend class joint;

    [[nodiscard]] phase whole_where() const noexcept;
    void evaluate() noexcept;
    void release() noexcept;
    [[nodiscard]] bool reopen() noexcept;
    void take_back(party& p) noexcept;
    bool lose(party& p, reason why) noexcept;
    bool spare(party& p, reason why) noexcept;
    void link(party& p) noexcept;
    void join(party& p) noexcept;
    void begin() noexcept;
    [[nodiscard]] bool between() const noexcept;
    bool owe(party& p, call what, reason why = reason::none) noexcept;
    void owe_break(reason why, const party* culprit) noexcept;
    void pay() noexcept;
    bool decide(verdict kind, reason why, const party* culprit) noexcept;
    void tell(const decision& d) noexcept;
    void unlink(party& p) noexcept;

    const barrier_options options_;
    party* last_ = nullptr;
    party* found_ = nullptr;
    const party* lost_ = nullptr;  // with a quorum: who failed last, and why
    reason lost_why_ = reason::unreachable;
    std::uint32_t generation_ = 1;
    std::uint32_t members_ = 0;  // but those who failed
    std::uint32_t expected_ = 0;
    std::uint32_t arrived_ = 0;
    std::uint32_t reserved_ = 0;
    std::uint32_t unnamed_ = 0;  // of those expected
    std::uint32_t shard_ = 0;    // with a joint: which of its barriers
    bool open_ = false;
    bool closed_ = false;  // with a joint: has said that nobody is missing here
    bool owes_ = false;
    reason owed_break_ = reason::none;  // none: no break is owed
    const party* owed_culprit_ = nullptr;
    phase phase_ = phase::standing;
    decision decision_;
    decision before_;  // of the generation before
};

}  // namespace weir::fibers
