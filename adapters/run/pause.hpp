// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "fibers/lane.hpp"
#include "fibers/timers.hpp"
#include "fibers/worker.hpp"

#include <cstdint>

namespace weir::runs {

// A lane that waits for a time only, such as between two tries of a step; `cancel` ends the wait.
class pause : fibers::timer {
public:
    explicit pause(fibers::worker& home) : home_{home} {
        fire = [](fibers::timer& t) noexcept { static_cast<pause&>(t).lane_->unpark(); };
    }

    void until(std::int64_t deadline_ns) {  // [lane]
        lane_ = home_.current();
        home_.arm(*this, deadline_ns);
        lane_->park();
    }

    void cancel() noexcept {  // [worker] nothing when the wait is over
        if (!armed())
            return;
        home_.disarm(*this);
        lane_->unpark();
    }

private:
    fibers::worker& home_;
    fibers::lane* lane_ = nullptr;
};

}  // namespace weir::runs
