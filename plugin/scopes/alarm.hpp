// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>

#include "fibers/timers.hpp"
#include "fibers/worker.hpp"

namespace weir::plugin {

class host_barrier;
class scope_tree;
struct host_party;

// The end of a wait, kept by a worker: the tree's lock is not held there. It deletes itself, after
// it has rung or once it was stopped.
class alarm : fibers::timer {
public:
    alarm(scope_tree& tree, fibers::worker& keeper, const void* whom,
          void (*ring)(void*) noexcept) noexcept;

    void set(std::int64_t deadline_ns) noexcept;  // [under the tree's lock]
    void stop() noexcept;  // [under the tree's lock] once; it does not ring any more

private:
    struct door : fibers::message {
        alarm* of = nullptr;
    };

    void rung() noexcept;

    scope_tree& tree_;
    fibers::worker& keeper_;
    const void* whom_;
    void (*ring_)(void*) noexcept;
    std::int64_t deadline_ = 0;
    door set_;
    door stop_;
};

}  // namespace weir::plugin
