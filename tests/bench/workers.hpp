// SPDX-License-Identifier: BSL-1.0
#pragma once

// Runtimes and work given to their workers, for programs that give up when anything fails.

#include <cstdlib>
#include <memory>
#include <semaphore>
#include <utility>

#include "fibers/runtime.hpp"

namespace weir::bench {

inline std::unique_ptr<fibers::runtime> make_runtime(unsigned workers) {
    fibers::status why{};
    auto made = fibers::runtime::create({.workers = workers}, why);
    if (made == nullptr) {
        std::abort();
    }
    return made;
}

// Runs `f` on the own stack of `w`, and waits for it. [not on a worker]
template <class F>
void on_worker(fibers::worker& w, F f) {
    struct errand : fibers::message {
        F what;
        std::binary_semaphore over{0};
        explicit errand(F g) : what{std::move(g)} {}
    } e{std::move(f)};
    e.deliver = [](fibers::message& m) noexcept {
        auto& self = static_cast<errand&>(m);
        self.what();
        self.over.release();
    };
    w.post(e);
    e.over.acquire();
}

// [worker]
inline void spawn(fibers::worker& w, void (*body)(void*) noexcept, void* argument) {
    if (w.spawn(body, argument) == nullptr) {
        std::abort();
    }
}

// Leaves so many warm lanes behind, whose stacks come up in random order. [not on a worker]
void shuffle_stacks(fibers::worker& w, std::size_t lanes);

}  // namespace weir::bench
