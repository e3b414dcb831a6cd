// SPDX-License-Identifier: BSL-1.0
// What hosts do to a library: forks, dying threads, closed streams, exceptions, overflows.
#include <cerrno>
#include <csignal>
#include <exception>
#include <fstream>
#include <stdexcept>
#include <thread>

#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fibers/event.hpp"
#include "tests/fibers/support.hpp"

using namespace weir::fibers;
using namespace weir::fibers::test;

namespace {

// How a child process that does `f` ends. It has this thread alone.
template <class F>
int child(F&& f) {
    const pid_t made = ::fork();
    REQUIRE(made >= 0);
    if (made == 0) {
        ::signal(SIGSEGV, SIG_DFL);  // the test framework's own
        ::signal(SIGABRT, SIG_DFL);
        f();
        ::_exit(0);
    }
    int status = 0;
    REQUIRE(::waitpid(made, &status, 0) == made);
    return status;
}

std::size_t mappings() {
    std::ifstream maps{"/proc/self/maps"};
    std::size_t n = 0;
    for (std::string line; std::getline(maps, line);) {
        ++n;
    }
    return n;
}

struct nothing : message {
    explicit nothing(std::atomic<int>& n) : count{n} {
        deliver = [](message& m) noexcept { ++static_cast<nothing&>(m).count; };
    }
    std::atomic<int>& count;
};

// Runs a lane to its end in a runtime of its own.
bool works(unsigned workers) {
    status why{};
    const auto made = runtime::create({.workers = workers}, why);
    if (!made) {
        return false;
    }
    std::atomic<int> done{0};
    struct errand : message {
        worker* at = nullptr;
        std::atomic<int>* done = nullptr;
    } e;
    e.at = &made->at(0);
    e.done = &done;
    e.deliver = [](message& m) noexcept {
        auto& self = static_cast<errand&>(m);
        (void)self.at->spawn(
            [](void* p) noexcept {
                auto& of = *static_cast<errand*>(p);
                of.at->current()->yield();
                ++*of.done;
            },
            &self);
    };
    e.at->post(e);
    while (done == 0) {
        if (workers == 0) {
            made->poll();
        } else {
            std::this_thread::yield();
        }
    }
    return true;
}

// Deeper than any stack of ours is high.
[[gnu::noinline]] int use_up_the_stack(int frames) {
    volatile char here[1024];
    here[0] = static_cast<char>(frames);
    return frames == 0 ? here[0] : use_up_the_stack(frames - 1) + here[0];
}

}  // namespace

TEST_CASE("each lane has its own exceptions, whoever runs in between") {
    world here{{.workers = worker_counts()}};
    here.run([](worker& w) {
        int wrong = 0;
        {
            crew all{w};
            for (int i = 0; i < 50; ++i) {
                all.spawn([&, i] {
                    for (int n = 0; n < 20; ++n) {
                        std::exception_ptr kept;
                        try {
                            throw std::runtime_error{std::to_string(i)};
                        } catch (...) {
                            kept = std::current_exception();
                        }
                        w.current()->yield();
                        wrong += std::current_exception() || std::uncaught_exceptions() != 0;
                        try {
                            std::rethrow_exception(kept);
                        } catch (const std::runtime_error& e) {
                            wrong += e.what() != std::to_string(i);
                        }
                    }
                });
            }
        }
        CHECK(wrong == 0);
    });
}

TEST_CASE("a thread that posts keeps its errno") {
    world here{{.workers = worker_counts()}};
    std::atomic<int> delivered{0};
    nothing m{delivered};
    errno = E2BIG;
    here->at(0).post(m);
    const int after = errno;
    here.on_worker(here->at(0), [] {});
    CHECK(after == E2BIG);
    CHECK(delivered == 1);
}

TEST_CASE("threads may post and end at once, and leave nothing behind") {
    world here{{.workers = worker_counts()}};
    std::atomic<int> delivered{0};
    std::vector<std::unique_ptr<nothing>> messages;
    for (int i = 0; i < 200; ++i) {
        messages.push_back(std::make_unique<nothing>(delivered));
        std::thread{[&] { here->at(0).post(*messages.back()); }}.join();
    }
    here.on_worker(here->at(0), [] {});
    CHECK(delivered == 200);
}

#ifndef __SANITIZE_ADDRESS__  // which takes what the cancelled frames left behind for an error
TEST_CASE("a polling thread may be cancelled while it waits; others go on with the runtime") {
    world here{{.workers = 0}};
    std::atomic<bool> waits{false};
    pthread_t poller{};
    struct both {
        runtime& rt;
        std::atomic<bool>& waits;
    } given{here.rt(), waits};
    REQUIRE(pthread_create(
                &poller, nullptr,
                [](void* p) -> void* {
                    auto& self = *static_cast<both*>(p);
                    for (;;) {
                        while (self.rt.poll()) {
                        }
                        self.waits = true;
                        pollfd on{self.rt.descriptor(), POLLIN, 0};
                        ::poll(&on, 1, -1);
                    }
                },
                &given) == 0);
    while (!waits) {
        std::this_thread::yield();
    }
    REQUIRE(pthread_cancel(poller) == 0);
    REQUIRE(pthread_join(poller, nullptr) == 0);
    bool ran = false;
    here.run([&](worker& w) {
        w.current()->yield();
        ran = true;
    });
    CHECK(ran);
}
#endif

TEST_CASE("a child after fork ends, or makes a runtime of its own; the parent's goes on") {
    world here{{.workers = worker_counts()}};
    here.run([](worker& w) { w.current()->yield(); });
    CHECK(child([] {}) == 0);
#ifndef __SANITIZE_THREAD__
    CHECK(child([] {
              if (!works(0) || !works(1)) {
                  ::_exit(1);
              }
          }) == 0);
#endif
    bool ran = false;
    here.run([&](worker& w) {
        w.current()->yield();
        ran = true;
    });
    CHECK(ran);
}

#ifndef __SANITIZE_THREAD__
TEST_CASE("with the standard streams closed, no descriptor of ours takes their place") {
    const int ended = child([] {
        ::close(0);
        ::close(1);
        ::close(2);
        status why{};
        const auto threads = runtime::create({.workers = 2}, why);
        const auto polled = runtime::create({.workers = 0}, why);
        if (!threads || !polled || !works(1)) {
            ::_exit(1);
        }
        for (int fd = 0; fd < 3; ++fd) {
            if (::write(fd, "12345678", 8) != -1 || errno != EBADF) {
                ::_exit(2);
            }
        }
    });
    CHECK(WIFEXITED(ended));
    CHECK(WEXITSTATUS(ended) == 0);
}
#endif

TEST_CASE("hundreds of runtimes come and go, and no thread, descriptor or mapping stays") {
    const auto round = [] {
        for (int i = 0; i < 100; ++i) {
            world here{{.workers = static_cast<unsigned>(i % 3)}};
            here.run([](worker& w) { w.current()->yield(); });
        }
    };
    round();
    const auto before = mappings();
    round();
    round();
    CHECK(mappings() <= before + 8);  // the allocator's, and the sanitizers'
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST_CASE("a guarded stack that overflows ends the process, and touches nobody else's") {
    const int ended = child([] {
        status why{};
        const auto made = runtime::create({.workers = 0, .guarded_stacks = 4}, why);
        struct errand : message {
            worker* at = nullptr;
        } e;
        e.at = &made->at(0);
        e.deliver = [](message& m) noexcept {
            (void)static_cast<errand&>(m).at->spawn(
                [](void*) noexcept { use_up_the_stack(100'000); }, nullptr);
        };
        e.at->post(e);
        made->poll();
    });
    CHECK(WIFSIGNALED(ended));
    CHECK(WTERMSIG(ended) == SIGSEGV);
}

TEST_CASE("a runtime that is destroyed with lanes that nothing wakes says so and aborts") {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const int ended = child([&] {
        ::dup2(ends[1], 2);
        status why{};
        auto made = runtime::create({.workers = 0}, why);
        struct errand : message {
            worker* at = nullptr;
        } e;
        e.at = &made->at(0);
        e.deliver = [](message& m) noexcept {
            auto& at = *static_cast<errand&>(m).at;
            (void)at.spawn([](void* p) noexcept { static_cast<worker*>(p)->current()->park(); },
                           &at);
        };
        e.at->post(e);
        while (made->poll()) {
        }
        made.reset();
    });
    ::close(ends[1]);
    char said[256] = {};
    CHECK(::read(ends[0], said, sizeof said - 1) > 0);
    ::close(ends[0]);
    CHECK(WIFSIGNALED(ended));
    CHECK(WTERMSIG(ended) == SIGABRT);
    CHECK(std::string{said}.find("1 of its lanes are parked") != std::string::npos);
}
#endif
