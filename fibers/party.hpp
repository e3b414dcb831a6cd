// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>

#include "fibers/decision.hpp"

namespace weir::fibers {

class barrier_core;

enum class party_state : std::uint8_t {
    idle,      // no barrier waits for it
    expected,  // a barrier does
    arrived,   // it came, and waits or has been decided upon
    withdrawn,
    failed,
};

// What is to be done for a party when the next generation begins.
enum class debt : std::uint8_t { none, join, withdraw, fail };

// One whom a barrier waits for: an identity, not a count. It is embedded in its owner and belongs
// to one barrier at a time. One that is still expected when it goes withdraws. [the barrier's]
class party {
public:
    explicit party(void* whose = nullptr) noexcept : owner{whose} {}
    ~party() { leave(); }
    party(const party&) = delete;
    party& operator=(const party&) = delete;

    [[nodiscard]] party_state state() const noexcept;

    // The last generation that it has to do with no more: the one in which it has arrived, or the
    // one before that in which it is expected.
    [[nodiscard]] std::uint32_t generation() const noexcept { return arrived_in_; }

    void* owner;

protected:
    void leave() noexcept;

private:
    friend class barrier_core;
    friend class barrier;
    friend class lane_party;
    friend class wait_list;

    barrier_core* core_ = nullptr;
    party* prev_ = nullptr;  // the barrier's members, in order of expectation
    party* next_ = nullptr;
    std::uint32_t arrived_in_ = 0;
    party_state state_ : 4 = party_state::idle;  // never `arrived`: that is arrived_in_'s to say
    debt owed_ : 4 = debt::none;
    reason lost_ = reason::none;  // why it failed, or will
};

static_assert(sizeof(party) <= 40);

}  // namespace weir::fibers
