// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "fibers/slots.hpp"

#include <cstdint>
#include <string_view>

namespace weir::fibers {
class lane;
}

namespace weir::runs {

struct activation;
struct fork;

// The slot of one turn of a loop that gives slots back while its turns wait (SEMANTICS.md, section
// 6). The turn is active while any lane below it goes on, or wants to; when none does, its slot
// goes to the next. It takes one again, the outermost level first, before a lane of it goes on.
// Shown by tests/adapters/run/slots_test.cpp and tests/property/runs_test.cpp.
struct turn_slot : fibers::slots::waiter {
    // A lane that waits for the slot, on its stack.
    struct lane_waiting {
        fibers::lane* who;
        lane_waiting* next = nullptr;
    };

    turn_slot(activation& whose, fork& of) noexcept;

    activation& turn;  // while a lane of it waits
    activation& loop;
    fork& from;
    const std::string_view path;
    turn_slot* const outer;     // null: no turn around it gives slots back
    std::uint32_t wanting = 1;  // lanes, and slots of inner turns, that go on or want to
    bool held = true;
    turn_slot* first_inner = nullptr;  // those that wait for this one, by rank
    turn_slot* next_inner = nullptr;
    lane_waiting* first_lane = nullptr;
    lane_waiting* last_lane = nullptr;
};

// Where `a` is below no such turn, all of these do nothing.

// Its lane is about to park in a wait. [lane]
void rest(activation& a) noexcept;

// What the lane waited for has come: it wants to go on. Nothing when it does not rest. [worker]
void want(activation& a) noexcept;

// The same, and waits until its turn is active. [lane]
void go_on(activation& a) noexcept;

// A lane below begins to go on, or has ended. [worker]
void lane_begins(turn_slot* below) noexcept;
void lane_ends(turn_slot* below) noexcept;

}  // namespace weir::runs
