// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/expansion.hpp"
#include "adapters/plan/plan.hpp"

#include <cstdint>
#include <memory>

namespace weir::plan {

// What can be said of a node's loop before anything runs.
struct planned_loop {
    // Null: the node has no loop, its size hangs on an expression, or it was refused.
    std::shared_ptr<const expansion> instances;
    bool looped = false;
    bool size_known = false;   // true as well where it was refused: that is known too
    refusal why;               // message not empty: refused

    // How many instances the node has: 1 without a loop, 0 where it is not known.
    [[nodiscard]] std::uint64_t count() const noexcept {
        return !looped ? 1 : instances ? instances->count() : 0;
    }
    [[nodiscard]] std::uint64_t cap() const noexcept {   // 0: all at once
        return instances ? instances->max_concurrency() : 0;
    }
};

// [own stack] Expands a loop whose size is constant; expressions among its values stand for
// themselves, so count and cap are what a run will find, values and labels may differ.
// `strategy.when` is not looked at: it is a condition, and may make the loop none.
[[nodiscard]] planned_loop plan_loop(const node&, const expansion::options& = {});

// [own stack, any thread] A text as it stands: for those who expand before values are known.
[[nodiscard]] expansion::evaluator as_written();

}  // namespace weir::plan
