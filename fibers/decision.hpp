// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>

namespace weir::fibers {

class party;

// How a barrier's generation ended.
enum class verdict : std::uint8_t {
    pending,   // not yet
    released,  // all who were expected arrived, or a quorum of them; one at least
    broken,    // somebody cannot arrive, or ran out of patience: everybody fails
    voided,    // all withdrew: whoever still comes passes
};

// Why it was broken; or, of a release, that it was by hand.
enum class reason : std::uint8_t {
    none,
    failed,
    timed_out,
    cancelled,
    deadlock,
    by_hand,
    unreachable,  // fewer are left than the quorum, and none of them failed
};

// What a barrier decided: once per generation, the same for everybody.
struct decision {
    verdict kind = verdict::pending;
    reason why = reason::none;
    // Whose failure or whose own deadline broke it; null where no party did. Valid while that party
    // lives.
    const party* culprit = nullptr;
    std::uint32_t arrived = 0;  // how many had, when it was decided
    std::uint32_t generation = 0;
    bool late = false;  // of an arrival: it came after the decision
};

}  // namespace weir::fibers
