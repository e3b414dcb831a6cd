// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/run/activation.hpp"
#include "adapters/run/order.hpp"

#include <cstdint>
#include <string>

namespace weir::runs {

class run;

// What a host orders while its run goes on, and the pause. [worker]
class control {
public:
    explicit control(run& owner) noexcept : run_{owner} {}

    // Does it, and tells in one control event what came of it; snapshots and progress tell
    // themselves. `root`: null when the run has ended. [own stack]
    void obey(order& what, activation* root);
    // The same when there was no memory for it.
    void refuse(order& what) noexcept;

    [[nodiscard]] bool paused() const noexcept { return paused_; }

    // Where something is about to start: waits until the run is not paused, or `a` is not to start
    // any more. [lane]
    void hold(activation& a) noexcept;
    // Ends that wait of one.
    static void let_go(activation& a) noexcept;

    // A run that is cancelled goes on, to its end.
    void end_pause(activation* root) noexcept;

private:
    struct held {
        fibers::lane* who;
        held* next = nullptr;
        bool woken = false;

        void wake() noexcept;
    };

    std::string carry_out(const order&, activation& root);
    std::string pause(activation& root) noexcept;
    std::string intervene(const order&, activation& root);
    std::string set_concurrency(const order&, activation& root);
    void tell(order&, std::string fault) noexcept;
    void tell_snapshot(order&, std::string picture) noexcept;
    void tell_progress(const order&);

    run& run_;
    held* first_ = nullptr;
    held* last_ = nullptr;
    std::int64_t paused_at_ = 0;
    bool paused_ = false;
};

}  // namespace weir::runs
