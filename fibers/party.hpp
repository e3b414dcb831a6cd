// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>

#include "fibers/decision.hpp"
#include "fibers/timers.hpp"

namespace weir::fibers {

class barrier;
class lane;

// One whom a barrier waits for: an identity, not a count. It is embedded in its owner and belongs
// to one barrier at a time. It may go when its lane is not waiting; one that is still expected then
// withdraws. [worker]
class party : private timer {
public:
    explicit party(void* whose = nullptr) noexcept;
    ~party();

    [[nodiscard]] party_state state() const noexcept;

    // Parked in `arrive`, undecided. [worker]
    [[nodiscard]] bool waiting() const noexcept { return lane_ != nullptr && !woken(); }

    void* owner;

private:
    friend class barrier;
    friend class wait_list;

    static constexpr std::uint32_t unlisted = ~std::uint32_t{0};

    [[nodiscard]] bool woken() const noexcept;
    [[nodiscard]] std::uintptr_t frame() const noexcept;  // [waiting]

    barrier* barrier_ = nullptr;
    party* prev_ = nullptr;  // the barrier's members, in order of expectation
    party* next_ = nullptr;
    lane* lane_ = nullptr;                   // who is in `arrive`
    std::uint32_t index_ = 0;                // in the wait list
    std::uint32_t arrived_in_ = 0;           // a generation; 0: none
    party_state state_ = party_state::idle;  // never `arrived`: that is arrived_in_'s to say
};

static_assert(sizeof(party) <= 96);

}  // namespace weir::fibers
