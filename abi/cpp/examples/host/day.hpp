// SPDX-License-Identifier: BSL-1.0
// A scenario's tasks, under way: each a thread, and a dispatcher that tells them how they met.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>
#include <weir/weir.hpp>

#include "abi/cpp/examples/host/scenario.hpp"
#include "abi/cpp/examples/host/task.hpp"

class day {
public:
    explicit day(const scenario& planned) : planned_(planned) {}

    /// Does all tasks; says what should not have gone wrong, or nothing.
    std::string carry_out(const weir::runtime& on, const weir::queue& to) {
        weir::result<weir::scope> opened = weir::scope::open(on, to, planned_.name);
        if (!opened)
            return std::string(opened.error().text());
        scope_ = std::move(*opened);
        const auto take = [this](weir::event_view events) {
            for (const weir::event& each : events)
                told(each);
        };
        weir::result<weir::dispatcher> dispatcher = weir::dispatcher::start(to, take);
        if (!dispatcher)
            return std::string(dispatcher.error().text());
        if (prepare())
            do_tasks();
        refused(scope_.close());
        board_.wait([&] { return closed_ || !wrong_.empty(); });
        refused(dispatcher->end_wait());
        return wrong_;
    }

    /// Remembers a refusal, the first of all; false without one.
    template <typename T>
    bool refused(const weir::result<T>& said) {
        if (said)
            return false;
        board_.change([&] {
            if (wrong_.empty())
                wrong_ = said.error().text();
        });
        return true;
    }

    weir::barrier barrier(const std::string& name) const {
        const auto found = barriers_.find(name);
        return found == barriers_.end() ? weir::barrier() : found->second;
    }

    task* find(const std::string& name) {
        for (const auto& each : tasks_) {
            if (each->name() == name)
                return each.get();
        }
        return nullptr;
    }

    /// Once it was carried out.
    const scenario& planned() const { return planned_; }
    const std::vector<std::unique_ptr<task>>& tasks() const { return tasks_; }
    const std::vector<weir::decision>& decisions() const { return decisions_; }

private:
    /// Lanes and barriers: all are expected before the first starts.
    bool prepare() {
        for (const planned_barrier& each : planned_.barriers) {
            weir::barrier_options how;
            how.cyclic = each.cyclic;
            weir::result<weir::barrier> made = scope_.declare(each.name, how);
            if (!made)
                return !refused(weir::result<void>(static_cast<weir_status>(made.code())));
            barriers_[each.name] = *made;
        }
        for (const planned_task& each : planned_.tasks) {
            if (!enlist(each))
                return false;
        }
        for (const auto& [name, each] : barriers_) {
            if (refused(each.open()))
                return false;
        }
        return true;
    }

    bool enlist(const planned_task& planned) {
        weir::result<weir::lane> lane = scope_.open_lane(planned.name);
        if (!lane)
            return !refused(weir::result<void>(static_cast<weir_status>(lane.code())));
        for (const planned_step& step : planned.steps) {
            if (!step.at.empty() && refused(lane->expect(barrier(step.at))))
                return false;
        }
        tasks_.push_back(std::make_unique<task>(planned, std::move(*lane), board_));
        return true;
    }

    void do_tasks() {
        std::vector<std::thread> threads;
        for (const auto& each : tasks_)
            threads.emplace_back([&] { each->run(*this); });
        for (std::thread& each : threads)
            each.join();
    }

    /// On the dispatcher's thread.
    void told(const weir::event& event) {
        if (event.kind() == weir::event_kind::barrier_done) {
            reinterpret_cast<task*>(static_cast<std::uintptr_t>(event.tag()))->told(event);
        } else if (weir::is_decision(event)) {
            decisions_.push_back(weir::decision_of(event));
        } else if (event.kind() == weir::event_kind::scope_closed) {
            board_.change([&] { closed_ = true; });
        }
    }

    const scenario& planned_;
    weir::scope scope_;
    std::map<std::string, weir::barrier> barriers_;
    std::vector<std::unique_ptr<task>> tasks_;
    std::vector<weir::decision> decisions_;  // the dispatcher's, until that has ended
    board board_;                            // guards what follows
    bool closed_ = false;
    std::string wrong_;
};
