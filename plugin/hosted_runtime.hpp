// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "fibers/runtime.hpp"

#include <atomic>
#include <memory>

#include <unistd.h>

namespace weir::plugin {

// A runtime as a host holds it.
class hosted_runtime {
public:
    explicit hosted_runtime(std::unique_ptr<fibers::runtime> core) noexcept : core_{std::move(core)} {}

    [[nodiscard]] fibers::runtime& core() noexcept { return *core_; }

    // A child after fork has none of the runtime's threads.
    [[nodiscard]] bool is_foreign() const noexcept { return process_ != ::getpid(); }

    std::atomic<std::size_t> runs{0};   // under way
    std::atomic<bool> polling{false};

private:
    std::unique_ptr<fibers::runtime> core_;
    const pid_t process_ = ::getpid();
};

}  // namespace weir::plugin
