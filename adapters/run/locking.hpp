// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/run/activation.hpp"
#include "fibers/locks.hpp"

#include <string_view>

namespace weir::runs {

// Permits that a node keeps until it ends.
struct lock_hold {
    lock_hold(fibers::locks::owner& whose, std::string_view of, std::string_view step,
              std::string_view called)
        : request{&whose, called}, key{of}, path{step} {}

    fibers::locks::request request;
    const std::string_view key;
    const std::string_view path;  // of the step that took them
    activation* holder = nullptr;
    lock_hold* next = nullptr;  // of the same holder
    lock_hold* next_of_run = nullptr;
    lock_hold* previous_of_run = nullptr;
};

// A lane that waits for a lock. On its stack.
struct lock_wait {
    lock_hold& hold;
    bool let_in = false;  // its holder got the lock meanwhile: it passes, too
};

// Takes a lock for its holder, the run or the stage instance, and waits for it if need be. What its
// holder, or one around that, has already lets it pass at once. [lane]
[[nodiscard]] outcome run_lock(activation&);

// A wait for a lock ends without it. Nothing when it was granted meanwhile. [worker]
void end_wait_for_lock(activation&) noexcept;

// Gives back what the node holds. It ends. [lane]
void give_locks_back(activation& holder) noexcept;

}  // namespace weir::runs
