// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/run/activation.hpp"
#include "fibers/inbox.hpp"
#include "fibers/locks.hpp"

#include <atomic>
#include <vector>

namespace weir::runs {

class run;

// Decides a stall of a run at the moment when it is certain (SEMANTICS.md, section 2): a barrier of
// which no missing party can ever come, since whoever would have to go on first waits for this
// barrier itself, or for one or a lock of the same kind. Timeouts do not count. A barrier of which
// one party may still do anything is not stuck: that one may come, or fail and so break it.
//
// What may go on of itself is counted: an activation is `active` while its own lane is in it and
// neither waits for another lane nor has gone into a child, plus one for each child that is. A lane
// whose step the host has not answered goes on, and so does one that waits for a retry's time, for
// a person, or for the run to be resumed.
//
// Whatever may complete a ring asks for a look, which comes soon after, once for many. It goes
// through the barriers at which somebody waits, each with one missing party in view that could come
// when it was last looked at; only where none can, all of the run is searched (stall_search.hpp).
class stalls final : public fibers::locks::owner {
public:
    explicit stalls(run& of);

    // The lane of `a`, in it, waits for other lanes from here on, and goes on. [worker]
    void quieten(activation& a) noexcept;
    static void stir(activation& a) noexcept;

    // A lane below `around` begins, and has ended: then the lane of `around`, if it waits for that
    // and no other is left, goes on in its place. [worker]
    static void lane_begins(activation& around) noexcept { stir(around); }
    void lane_ends(activation& around, fibers::join& all) noexcept;

    // Somebody is about to wait at it. [lane]
    void waits_at(meeting& at);

    // A number that no search has had. [worker]
    [[nodiscard]] std::uint32_t next_round() noexcept { return ++rounds_; }

    // Looks soon, if it has to. [worker]
    void look() noexcept;
    void is_stalled() noexcept override;  // the same [any thread]
    // It will; the run must not end before.
    [[nodiscard]] bool is_due() const noexcept { return posted_; }

private:
    struct door : fibers::message {
        stalls* of = nullptr;
    };

    void check();
    [[nodiscard]] bool is_suspect();
    [[nodiscard]] bool may_be_in_a_ring() const;

    run& run_;
    bool needed_ = false;       // there are barriers, or locks
    bool may_end_any_ = false;  // what fails somewhere may end waits anywhere
    std::vector<meeting*> waiting_;
    std::uint32_t rounds_ = 0;
    door door_;
    std::atomic<bool> posted_{false};
};

}  // namespace weir::runs
