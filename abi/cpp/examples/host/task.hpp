// SPDX-License-Identifier: BSL-1.0
// A task: a thread and a lane.
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>
#include <weir/weir.hpp>

#include "abi/cpp/examples/host/scenario.hpp"

class day;

/// Where tasks say how they stand: a day is small enough for one lock.
struct board {
    std::mutex mutex;
    std::condition_variable changed;

    template <typename Change>
    void change(Change change) {
        const std::lock_guard lock(mutex);
        change();
        changed.notify_all();
    }

    template <typename Until>
    void wait(Until until) {
        std::unique_lock lock(mutex);
        changed.wait(lock, until);
    }
};

/// How one arrival ended.
struct meeting {
    std::string barrier;
    std::uint32_t generation = 0;
    weir::outcome outcome = weir::outcome::none;
};

class task {
public:
    task(const planned_task& planned, weir::lane lane, board& on)
        : planned_(planned), lane_(std::move(lane)), board_(on) {}

    const std::string& name() const { return planned_.name; }

    /// What its thread does. The lane ends as the task does, before anybody is told.
    void run(day& today);

    /// Another one asks it to end.
    void cancel() {
        board_.change([&] { cancelled_ = true; });
    }

    /// An arrival of it has ended; called by the dispatcher.
    void told(const weir::event& done) {
        board_.change([&] { ended_ = meeting{at_, done.generation(), done.outcome()}; });
    }

    /// Once its thread was joined.
    weir::outcome outcome() const { return outcome_; }
    const std::vector<meeting>& met() const { return met_; }

private:
    weir::outcome take(day& today, const planned_step& step);
    weir::outcome wait_for(const task& other);
    weir::outcome work(milliseconds takes);
    weir::outcome meet(day& today, const planned_step& step);
    weir::outcome arrive(day& today, weir::barrier at, const planned_step& step);

    planned_task planned_;
    weir::lane lane_;
    weir::outcome outcome_ = weir::outcome::none;
    std::vector<meeting> met_;

    board& board_;  // guards what follows
    bool cancelled_ = false;
    bool done_ = false;
    std::string at_;
    std::optional<meeting> ended_;
};
