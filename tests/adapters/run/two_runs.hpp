// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "fibers/locks.hpp"
#include "tests/adapters/run/world.hpp"

#include <cstdlib>
#include <memory>
#include <string>

namespace weir::runs::test {

// Two runs in one runtime, which share its locks.
struct two_runs {
    two_runs(const std::string& first, const std::string& second) {
        one.start(first, {.id = "one", .locks = shared});
        other = std::make_unique<run>(load(second), one.runtime().at(0), host,
                                      run_options{.id = "other", .locks = shared});
        other->start();
        one.poll();
    }
    ~two_runs() {
        host.cancel(*other, "the test is over");
        one.poll();
        while (const auto handle = host.any()) {
            host.answer(handle, outcome::cancelled);
            one.poll();
        }
        if (!host.over())
            std::abort();
    }

    std::shared_ptr<weir::fibers::locks> shared = std::make_shared<weir::fibers::locks>();
    scripted host;
    world one;
    std::unique_ptr<run> other;
};

}  // namespace weir::runs::test
