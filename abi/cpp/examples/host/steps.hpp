// SPDX-License-Identifier: BSL-1.0
// What a task does: the steps of examples/scenario/README.md.
#pragma once

#include <cstdint>
#include <mutex>
#include <weir/weir.hpp>

#include "abi/cpp/examples/host/day.hpp"
#include "abi/cpp/examples/host/scenario.hpp"
#include "abi/cpp/examples/host/task.hpp"

inline void task::run(day& today) {
    outcome_ = weir::outcome::succeeded;
    for (const planned_step& step : planned_.steps) {
        outcome_ = take(today, step);
        if (outcome_ != weir::outcome::succeeded)
            break;
    }
    today.refused(lane_.finish(outcome_));
    board_.change([&] { done_ = true; });
}

inline weir::outcome task::take(day& today, const planned_step& step) {
    if (step.what == "work")
        return work(step.takes);
    if (step.what == "meet")
        return meet(today, step);
    task* const other = today.find(step.task);
    if (other == nullptr || (step.what != "cancel" && step.what != "join")) {
        return weir::outcome::failed;  // "fail", and what nobody knows
    }
    if (step.what == "cancel")
        other->cancel();
    return wait_for(*other);
}

inline weir::outcome task::wait_for(const task& other) {
    bool done = false;
    board_.wait([&] { return (done = other.done_) || cancelled_; });
    return done ? weir::outcome::succeeded : weir::outcome::cancelled;
}

inline weir::outcome task::work(milliseconds takes) {
    std::unique_lock lock(board_.mutex);
    const bool early = board_.changed.wait_for(lock, takes, [&] { return cancelled_; });
    return early ? weir::outcome::cancelled : weir::outcome::succeeded;
}

inline weir::outcome task::meet(day& today, const planned_step& step) {
    weir::outcome how = weir::outcome::succeeded;
    for (int times = 0; times < step.times && how == weir::outcome::succeeded; ++times) {
        how = arrive(today, today.barrier(step.at), step);
    }
    return how;
}

/// Arrives and waits. One that is cancelled takes its arrival back, and still hears how it ended.
inline weir::outcome task::arrive(day& today, weir::barrier at, const planned_step& step) {
    weir::arrive_options how;
    how.value = step.value;
    if (step.patience.count() > 0)
        how.patience = step.patience;
    board_.change([&] { at_ = step.at, ended_.reset(); });
    const auto tag = static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(this));
    if (today.refused(lane_.arrive(at, tag, how)))
        return weir::outcome::failed;

    bool ended = false;
    board_.wait([&] { return (ended = ended_.has_value()) || cancelled_; });
    if (!ended) {
        static_cast<void>(lane_.retract(at));  // too late is well: then the decision counts
        board_.wait([&] { return ended_.has_value(); });
    }
    met_.push_back(*ended_);
    return met_.back().outcome;
}
