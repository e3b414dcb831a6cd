// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/run/run.hpp"
#include "fibers/worker.hpp"
#include "tests/adapters/run/story.hpp"

#include <map>
#include <mutex>
#include <string>

namespace weir::runs::test {

// A host that keeps what it is told and answers when the test says so. [any thread]
class scripted final : public host {
public:
    bool post(event&& e) noexcept override {
        const std::lock_guard lock{mutex_};
        const bool last = e.type == event_type::run_finished;
        told_.all.emplace_back(e);
        if (last) {
            over_ = true;
        }
        return true;
    }
    std::uint64_t open_step(step_call& call) noexcept override {
        const std::lock_guard lock{mutex_};
        if (full) {
            return 0;
        }
        open_[++handles_] = &call;
        return handles_;
    }
    bool close_step(std::uint64_t handle) noexcept override {
        const std::lock_guard lock{mutex_};
        return open_.erase(handle) == 1;
    }
    step_call* find_step(std::uint64_t handle) noexcept override {
        const std::lock_guard lock{mutex_};
        const auto found = open_.find(handle);
        return found == open_.end() ? nullptr : found->second;
    }
    void closing() noexcept override {
        const std::lock_guard lock{mutex_};
        closed_ = true;
    }

    // False: no try of the step is open.
    bool answer(std::string_view path, outcome how, std::string outputs = {},
                std::string message = {}) {
        return answer(handle_of(path), how, std::move(outputs), std::move(message));
    }
    bool answer(std::uint64_t handle, outcome how, std::string outputs = {},
                std::string message = {}) {
        step_call* call = nullptr;
        {
            const std::lock_guard lock{mutex_};
            const auto found = open_.find(handle);
            if (found == open_.end()) {
                return false;
            }
            call = found->second;
            open_.erase(found);
        }
        call->how = how;
        call->outputs = std::move(outputs);
        call->message = std::move(message);
        call->home->post(*call);
        return true;
    }
    // Any step that is open: its handle, or 0.
    [[nodiscard]] std::uint64_t any(std::uint64_t draw = 0) {
        const std::lock_guard lock{mutex_};
        if (open_.empty()) {
            return 0;
        }
        return std::next(open_.begin(), static_cast<std::ptrdiff_t>(draw % open_.size()))->first;
    }
    [[nodiscard]] std::size_t open_steps() {
        const std::lock_guard lock{mutex_};
        return open_.size();
    }
    // The last event has come: the run may go.
    [[nodiscard]] bool over() const noexcept {
        const std::lock_guard lock{mutex_};  // whoever posted the event has let go
        return over_;
    }

    // Cancels unless the run has said that it takes no more calls.
    void cancel(run& r, std::string why) {
        const std::lock_guard lock{mutex_};
        if (!closed_) {
            r.cancel(std::move(why));
        }
    }

    // Once it is over, or from the thread that polls.
    [[nodiscard]] const story& told() const noexcept { return told_; }

    bool full = false;

private:
    std::uint64_t handle_of(std::string_view path) {
        const std::lock_guard lock{mutex_};
        for (auto r = told_.all.rbegin(); r != told_.all.rend(); ++r) {
            if (r->type == event_type::step_started && r->path == path) {
                return r->step;
            }
        }
        return 0;
    }

    mutable std::mutex mutex_;
    std::map<std::uint64_t, step_call*> open_;
    std::uint64_t handles_ = 0;
    story told_;
    bool closed_ = false;
    bool over_ = false;
};

}  // namespace weir::runs::test
