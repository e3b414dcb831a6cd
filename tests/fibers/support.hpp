// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <catch2/catch_all.hpp>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <semaphore>
#include <string>
#include <vector>

#include <poll.h>

#include "fibers/join.hpp"
#include "fibers/runtime.hpp"

namespace weir::fibers::test {

inline std::size_t entries(const char* folder) {
    std::size_t n = 0;
    for ([[maybe_unused]] const auto& e : std::filesystem::directory_iterator{folder}) {
        ++n;
    }
    return n;
}

// Threads of runtimes; a sanitizer has one of its own.
inline std::size_t workers_alive() {
    std::size_t n = 0;
    for (const auto& task : std::filesystem::directory_iterator{"/proc/self/task"}) {
        std::string name;
        std::getline(std::ifstream{task.path() / "comm"}, name);
        n += name.starts_with("weir-") ? 1 : 0;
    }
    return n;
}

// A runtime for one test. It fails the test if threads or descriptors are left behind.
class world {
public:
    explicit world(runtime_options options = {})
        : threads_{workers_alive()}, descriptors_{entries("/proc/self/fd")} {
        if (options.stack_size == 0) {
            options.stack_size = 256 << 10;  // a failing CHECK formats on the lane
        }
        status why{};
        runtime_ = runtime::create(options, why);
        REQUIRE(why == status::ok);
    }
    ~world() {
        runtime_.reset();
        // A joined thread may be seen for a moment longer.
        for (int i = 0; i < 1000 && workers_alive() > threads_; ++i) {
            ::poll(nullptr, 0, 1);
        }
        CHECK(workers_alive() <= threads_);
        CHECK(entries("/proc/self/fd") <= descriptors_);
    }

    runtime& rt() { return *runtime_; }
    runtime* operator->() { return runtime_.get(); }

    // Polls until `over`, or just waits, where threads do the work.
    void wait(std::binary_semaphore& over) {
        if (!runtime_->polled()) {
            over.acquire();
            return;
        }
        for (bool more = true; !over.try_acquire(); more = runtime_->poll()) {
            if (!more) {
                pollfd on{runtime_->descriptor(), POLLIN, 0};
                ::poll(&on, 1, 1);
            }
        }
    }

    // Runs `f` on the own stack of `w`, and waits for it.
    void on_worker(worker& w, std::function<void()> f) {
        struct errand : message {
            std::function<void()> what;
            std::binary_semaphore over{0};
        } e;
        e.what = std::move(f);
        e.deliver = [](message& m) noexcept {
            auto& self = static_cast<errand&>(m);
            self.what();
            self.over.release();
        };
        w.post(e);
        wait(e.over);
    }

    // Runs `f` on a lane, and waits for its end.
    void run(worker& w, std::function<void(worker&)> f) {
        struct body {
            worker* w;
            std::function<void(worker&)> what;
            std::binary_semaphore over{0};
        } b{&w, std::move(f)};
        on_worker(w, [&] {
            REQUIRE(w.spawn(
                        [](void* p) noexcept {
                            auto& self = *static_cast<body*>(p);
                            self.what(*self.w);
                            self.over.release();
                        },
                        &b) != nullptr);
        });
        wait(b.over);
    }
    void run(std::function<void(worker&)> f) { run(runtime_->place(), std::move(f)); }

private:
    std::size_t threads_;
    std::size_t descriptors_;
    std::unique_ptr<runtime> runtime_;
};

// Spawns lanes from callables, and joins them. Catch2's assertions are one thread's at a time:
// where several workers run, lanes of one only may use them. [lane]
class crew {
public:
    explicit crew(worker& w) : w_{w}, all_{w} {}
    ~crew() { all_.wait(); }

    void spawn(std::function<void()> f) {
        all_.add();
        auto* m = new member{this, std::move(f)};
        const lane* made = w_.spawn(
            [](void* p) noexcept {
                std::unique_ptr<member> self{static_cast<member*>(p)};
                self->what();
                join& all = self->home->all_;
                self.reset();
                all.done();
            },
            m);
        if (made == nullptr) {
            std::abort();
        }
    }
    void wait() { all_.wait(); }

private:
    struct member {
        crew* home;
        std::function<void()> what;
    };
    worker& w_;
    join all_;
};

// Two turns for everybody who is ready now.
inline void settle(worker& w) {
    for (int i = 0; i < 2; ++i) {
        w.current()->yield();
    }
}

inline auto worker_counts() {
    return GENERATE(0U, 1U, 2U, 4U);
}

}  // namespace weir::fibers::test
