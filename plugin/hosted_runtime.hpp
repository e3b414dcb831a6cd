// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "fibers/locks.hpp"
#include "fibers/runtime.hpp"
#include "plugin/host_log.hpp"
#include "plugin/process.hpp"

#include <atomic>
#include <cstdint>
#include <limits>
#include <memory>
#include <thread>
#include <utility>

namespace weir::plugin {

// A runtime as a host holds it. It ends in `end`, whoever else still looks at it.
class hosted_runtime {
public:
    hosted_runtime(weir_log_function to, void* log_context, std::uint32_t log_level)
        : log_{to, log_context, log_level} {}

    // Once, before anybody else knows of it.
    void begin(std::unique_ptr<fibers::runtime> core) noexcept { core_ = std::move(core); }

    [[nodiscard]] host_log& log() noexcept { return log_; }

    [[nodiscard]] fibers::runtime& core() noexcept {
        return *core_;
    }  // while a run is under way, or the seat is held

    // What runs of it lock each other out by.
    [[nodiscard]] const std::shared_ptr<fibers::locks>& locks() const noexcept { return locks_; }

    // A child after fork has none of the runtime's threads.
    [[nodiscard]] bool is_foreign() const noexcept { return process_.is_foreign(); }

    // A run is under way from one to the other. False: the runtime is ending. [any thread]
    [[nodiscard]] bool enter() noexcept {
        if (runs_.fetch_add(1) >= 0)
            return true;
        runs_.fetch_sub(1);
        return false;
    }
    void leave() noexcept { runs_.fetch_sub(1); }
    [[nodiscard]] std::int64_t runs() const noexcept { return runs_; }

    // A call that may end the last run and looks at the runtime a moment longer: `end` waits for
    // it. Begins while that run is under way. [any thread]
    void begin_call() noexcept { ++calls_; }
    void end_call() noexcept { --calls_; }

    // One thread at a time polls, or ends it. [any thread]
    [[nodiscard]] bool take_seat() noexcept { return !seat_taken_.exchange(true); }
    void give_seat() noexcept { seat_taken_ = false; }

    // Joins the threads, for good; the seat stays taken. False: runs go on, or somebody polls. [any
    // thread, blocks]
    [[nodiscard]] bool end() noexcept {
        if (!take_seat())
            return false;
        std::int64_t none = 0;
        if (!runs_.compare_exchange_strong(none, ended)) {
            give_seat();
            return false;
        }
        while (calls_ != 0)
            std::this_thread::yield();
        core_.reset();
        log_.say(WEIR_LOG_DEBUG, "runtime ended");
        log_.close();
        return true;
    }

private:
    static constexpr std::int64_t ended = std::numeric_limits<std::int64_t>::min() / 2;

    host_log log_;
    std::unique_ptr<fibers::runtime> core_;
    const std::shared_ptr<fibers::locks> locks_ = std::make_shared<fibers::locks>();
    std::atomic<std::int64_t> runs_{0};
    std::atomic<std::uint32_t> calls_{0};
    std::atomic<bool> seat_taken_{false};
    const birthplace process_;
};

}  // namespace weir::plugin
