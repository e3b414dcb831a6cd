// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "fibers/decision.hpp"
#include "fibers/party.hpp"
#include "fibers/wait_list.hpp"

namespace weir::fibers {

class worker;

// A place where lanes meet: all who are expected pass together, or fail together.
//
//   pending --open, nothing reserved, nobody expected--> released when someone arrived, else
//                                                        voided: all withdrew, or there was nobody
//   pending --fail, a waiter's deadline, break_now-----> broken
//
// Decided once: `when_decided` is called with it before anybody wakes, and everybody is told the
// same. A cyclic barrier begins its next generation after a release, with the same parties; broken
// and voided are final for both kinds. Waiters wake in the order of their arrival.
//
// It lives on one worker: all calls come from there, and the lanes that arrive are that worker's.
// It may go when `in_use()` is false; parties that are left are let go. Shown by
// tests/fibers/barrier_test.cpp and barrier_model_test.cpp.
class barrier {
public:
    // Runs on the stack of whoever decided. May look at the barrier and start things; must not park
    // or change it.
    using decided_function = void (*)(barrier&, const decision&) noexcept;

    // `when_decided` may be null.
    barrier(worker& home, void* whose, decided_function when_decided, bool cyclic = false) noexcept;
    ~barrier();
    barrier(const barrier&) = delete;
    barrier& operator=(const barrier&) = delete;

    // Adds a party, behind the others. False when it is decided already. Again for one that is
    // expected: true, nothing changes. One that withdrew may be expected again.
    bool expect(party& p) noexcept;

    // Places held for parties not known yet. Nothing is released or voided while there are any.
    void reserve(std::uint32_t places = 1) noexcept;
    void settle(std::uint32_t places = 1) noexcept;

    // From here on it may be released or voided: whoever is known from the start has been declared.
    void open() noexcept;

    // The party has come. Parks the calling lane until it is decided, unless that is so, or becomes
    // so by this. `deadline_ns` (runtime clock; < 0: none): if the lane still waits then, the
    // barrier breaks for all with `timed_out` and this party as the culprit. Answers the decision;
    // `late` when it had been made before. Again for one that had arrived: the same answer.
    // `pending` in return: its arrival was taken back (retract, withdraw), or it is no party here.
    // [lane]
    decision arrive(party& p, std::int64_t deadline_ns = -1) noexcept;

    // Changes a waiting party's deadline (< 0: none). False when it does not wait.
    bool set_deadline(party& p, std::int64_t deadline_ns) noexcept;

    // All three: false when it no longer matters, since it is decided or `p` is no party. A waiting
    // lane of `p` wakes.
    bool withdraw(party& p) noexcept;          // no party any more
    bool fail(party& p, reason why) noexcept;  // breaks, with `p` as the culprit
    bool retract(party& p) noexcept;           // an arrival is taken back: expected again

    // By hand. Nothing when decided.
    void break_now(reason why, const party* culprit = nullptr) noexcept;
    void release_now() noexcept;

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

    [[nodiscard]] verdict state() const noexcept { return decision_.kind; }
    [[nodiscard]] const decision& result() const noexcept {
        return decision_;
    }  // kind pending: not yet
    [[nodiscard]] std::uint32_t generation() const noexcept { return generation_; }
    [[nodiscard]] std::uint32_t expected() const noexcept { return expected_; }
    [[nodiscard]] std::uint32_t arrived() const noexcept { return arrived_; }
    [[nodiscard]] std::uint32_t reserved() const noexcept { return reserved_; }
    [[nodiscard]] bool opened() const noexcept { return open_; }

    // A lane waits here, or has been woken and has not left `arrive` yet.
    [[nodiscard]] bool in_use() const noexcept { return inside_ != 0; }

    void* owner;

private:
    friend class party;

    void evaluate() noexcept;
    void decide(verdict kind, reason why, const party* culprit) noexcept;
    void wait(party& p, std::int64_t deadline_ns) noexcept;
    void take_back(party& p) noexcept;
    void unlink(party& p) noexcept;
    [[nodiscard]] decision outcome(std::uint32_t generation) const noexcept;
    static void expired(timer& t) noexcept;

    worker& home_;
    decided_function decided_;
    party* first_ = nullptr;
    party* last_ = nullptr;
    wait_list waiters_;
    std::uint32_t generation_ = 1;
    std::uint32_t members_ = 0;
    std::uint32_t expected_ = 0;
    std::uint32_t arrived_ = 0;
    std::uint32_t reserved_ = 0;
    std::uint32_t inside_ = 0;
    std::uint32_t unlisted_ = 0;  // waiters for whom the list had no memory
    bool open_ = false;
    const bool cyclic_;
    decision decision_;
    decision before_;  // of the generation before
};

}  // namespace weir::fibers
