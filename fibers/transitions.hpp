// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "fibers/party.hpp"

namespace weir::fibers {

// Where a barrier stands in its generation.
enum class phase : std::uint8_t { standing, releasing, decided };

// What can be done for one party.
enum class call : std::uint8_t { expect, arrive, withdraw, retract, fail };

// What comes of it.
enum class effect : std::uint8_t {
    none,    // nothing changes; the call says no
    stays,   // nothing changes; the call says yes
    joins,   // becomes expected
    waits,   // has arrived; its lane waits for the decision
    told,    // gets the decision, marked late unless it had arrived before it
    goes,    // has withdrawn
    wakes,   // its arrival is taken back: its lane wakes, and it is expected again
    leaves,  // the same, and it has withdrawn
    fails,   // breaks the barrier; one with a quorum goes on without it, while that can be reached
};

// The barrier's whole behaviour towards a party: what a call does, by the barrier's phase and the
// party's state. The code asks here; docs/barrier.md shows the same to people, and a test compares
// the two.
using effects = effect[3][5];  // by the barrier's phase, then the party's state

inline constexpr effects table[] = {
    // clang-format off
    {   // expect: idle expected arrived withdrawn failed
        {effect::joins, effect::stays, effect::stays, effect::joins, effect::none},   // standing
        {effect::none,  effect::stays, effect::stays, effect::none,  effect::none},   // releasing
        {effect::none,  effect::none,  effect::none,  effect::none,  effect::none},   // decided
    },
    {   // arrive
        {effect::none,  effect::waits, effect::none,  effect::none,  effect::none},
        {effect::none,  effect::waits, effect::none,  effect::none,  effect::none},
        {effect::told,  effect::told,  effect::told,  effect::told,  effect::told},
    },
    {   // withdraw
        {effect::none,  effect::goes,  effect::leaves, effect::none, effect::none},
        {effect::none,  effect::goes,  effect::none,  effect::none,  effect::none},
        {effect::none,  effect::none,  effect::none,  effect::none,  effect::none},
    },
    {   // retract
        {effect::none,  effect::none,  effect::wakes, effect::none,  effect::none},
        {effect::none,  effect::none,  effect::none,  effect::none,  effect::none},
        {effect::none,  effect::none,  effect::none,  effect::none,  effect::none},
    },
    {   // fail
        {effect::none,  effect::fails, effect::fails, effect::none,  effect::none},
        {effect::none,  effect::fails, effect::fails, effect::none,  effect::none},
        {effect::none,  effect::none,  effect::none,  effect::none,  effect::none},
    },
    // clang-format on
};

[[nodiscard]] constexpr effect effect_of(call what, phase where, party_state who) noexcept {
    return table[static_cast<std::size_t>(what)][static_cast<std::size_t>(where)]
                [static_cast<std::size_t>(who)];
}

}  // namespace weir::fibers
