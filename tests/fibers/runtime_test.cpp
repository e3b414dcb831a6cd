// SPDX-License-Identifier: BSL-1.0
#include <atomic>
#include <fstream>
#include <set>
#include <string>
#include <thread>

#include <signal.h>
#include <sys/resource.h>

#include "fibers/event.hpp"
#include "tests/fibers/support.hpp"

using namespace weir::fibers;
using namespace weir::fibers::test;

TEST_CASE("options out of range and a lack of descriptors are a status") {
    status why{};
    CHECK(runtime::create({.stack_size = 4096}, why) == nullptr);
    CHECK(why == status::bad_option);
    CHECK(runtime::create({.stack_size = std::size_t{1} << 40}, why) == nullptr);
    CHECK(why == status::bad_option);
    CHECK(runtime::create({.workers = 100'000}, why) == nullptr);
    CHECK(why == status::bad_option);

    rlimit before{};
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
    const rlimit none{0, before.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &none);
    auto made = runtime::create({}, why);
    ::setrlimit(RLIMIT_NOFILE, &before);
    CHECK(made == nullptr);
    CHECK(why == status::no_descriptor);
}

TEST_CASE("a runtime that nobody used goes without a trace, several at a time") {
    const unsigned workers = worker_counts();
    world first{{.workers = workers}};
    world second{{.workers = workers, .clock = clock_kind::virtual_}};
    world third{{.workers = 1, .clock = clock_kind::manual}};
}

TEST_CASE("threads have names and take no signals") {
    world here{{.workers = 2}};
    std::set<std::string> names;
    for (std::size_t i = 0; i < 2; ++i) {
        here.run(here->at(i), [&](worker&) {
            std::string name;
            std::getline(std::ifstream{"/proc/thread-self/comm"}, name);
            names.insert(name);
            sigset_t blocked;
            ::pthread_sigmask(SIG_BLOCK, nullptr, &blocked);
            CHECK(::sigismember(&blocked, SIGTERM) == 1);
        });
    }
    CHECK(names == std::set<std::string>{"weir-0", "weir-1"});
}

TEST_CASE("messages of one thread are delivered in order, all of them, from many threads at once") {
    world here{{.workers = worker_counts()}};
    worker& w = here->place();
    constexpr int threads = 4;
    constexpr int each = 2000;
    struct numbered : message {
        int thread;
        int number;
        std::vector<int>* seen;
        std::atomic<int>* left;
        std::binary_semaphore* over;
    };
    std::vector<int> seen(threads, 0);
    std::atomic<int> left{threads * each};
    std::binary_semaphore over{0};
    std::vector<numbered> all(threads * each);
    std::vector<std::jthread> hosts;
    for (int t = 0; t < threads; ++t) {
        hosts.emplace_back([&, t] {
            for (int n = 0; n < each; ++n) {
                numbered& m = all[static_cast<std::size_t>(t * each + n)];
                m.thread = t;
                m.number = n;
                m.seen = &seen;
                m.left = &left;
                m.over = &over;
                m.deliver = [](message& plain) noexcept {
                    auto& self = static_cast<numbered&>(plain);
                    int& next = (*self.seen)[static_cast<std::size_t>(self.thread)];
                    next = next == self.number ? next + 1 : -1'000'000;
                    if (--*self.left == 0) {
                        self.over->release();
                    }
                };
                w.post(m);
            }
        });
    }
    here.wait(over);
    CHECK(seen == std::vector<int>(threads, each));
}

TEST_CASE(
    "a host thread ends what a lane waits for, again and again, with the worker asleep or not") {
    world here{{.workers = worker_counts()}};
    worker& w = here->place();
    struct answer : message {
        event* what;
    } a;
    a.deliver = [](message& m) noexcept { static_cast<answer&>(m).what->set(1); };
    std::atomic<int> asked{0};
    std::jthread host{[&] {
        for (int i = 1; i <= 3000; ++i) {
            while (asked.load(std::memory_order_acquire) < i) {
                std::this_thread::yield();
            }
            w.post(a);
        }
    }};
    here.run(w, [&](worker&) {
        event e{w};
        a.what = &e;
        for (int i = 1; i <= 3000; ++i) {
            asked.store(i, std::memory_order_release);
            e.wait();
            e.reset();
        }
    });
}

TEST_CASE("runs are spread over the workers by their lanes") {
    world here{{.workers = 3}};
    std::set<worker*> homes;
    for (int i = 0; i < 3; ++i) {
        homes.insert(&here->place());
    }
    CHECK(homes.size() == 3);
    worker& busy = here->at(1);
    here.run(busy, [&](worker& w) {
        crew all{w};
        all.spawn([] {});
        for (int i = 0; i < 6; ++i) {
            CHECK(&here->place() != &busy);
        }
    });
}

TEST_CASE("lanes of two workers tell each other things by messages") {
    world here{{.workers = 2, .clock = GENERATE(clock_kind::real, clock_kind::virtual_)}};
    worker& a = here->at(0);
    worker& b = here->at(1);
    struct ball : message {
        event* hit;
    };
    ball there;
    ball back;
    std::binary_semaphore over{0};
    struct player {
        worker* self;
        worker* other;
        ball* out;
        ball* in;
        bool serves;
        std::binary_semaphore* over;
    };
    auto play = [](void* p) noexcept {
        auto& me = *static_cast<player*>(p);
        for (int i = 0; i < 500; ++i) {
            event hit{*me.self};
            me.in->hit = &hit;
            if (me.serves) {
                me.other->post(*me.out);
            }
            hit.wait();
            if (!me.serves) {
                me.other->post(*me.out);
            }
        }
        me.over->release();
    };
    there.deliver = back.deliver = [](message& m) noexcept { static_cast<ball&>(m).hit->set(); };
    player first{&a, &b, &there, &back, true, &over};
    player second{&b, &a, &back, &there, false, &over};
    here.on_worker(b, [&] { REQUIRE(b.spawn(play, &second) != nullptr); });
    here.on_worker(b, [] {});
    here.on_worker(a, [&] { REQUIRE(a.spawn(play, &first) != nullptr); });
    over.acquire();
    over.acquire();
}

TEST_CASE("virtual time stands still while a host owes an answer") {
    world here{{.workers = worker_counts(), .clock = clock_kind::virtual_}};
    worker& w = here->place();
    struct answer : message {
        worker* w;
        event* e;
        std::int64_t at;
    } a;
    a.w = &w;
    a.deliver = [](message& m) noexcept {
        auto& self = static_cast<answer&>(m);
        self.at = self.w->now();
        self.w->unhold();
        self.e->set();
    };
    std::atomic<bool> asked{false};
    std::jthread host{[&] {
        while (!asked) {
            std::this_thread::yield();
        }
        w.post(a);
    }};
    here.run(w, [&](worker&) {
        crew all{w};
        weir::fibers::sleep nap{w};
        all.spawn([&] { nap.for_ns(1'000'000); });
        event e{w};
        a.e = &e;
        const std::int64_t from = w.now();
        w.hold();
        asked = true;
        e.wait();
        CHECK(a.at == from);
        all.wait();
        CHECK(w.now() == from + 1'000'000);
    });
}

TEST_CASE("virtual time goes to the first timer of all workers") {
    world here{{.workers = 2, .clock = clock_kind::virtual_}};
    struct sleeper {
        worker* w;
        std::vector<std::int64_t>* woke;
        std::int64_t ns;
        std::int64_t step;
        std::binary_semaphore over{0};
    };
    std::vector<std::int64_t> at_a;
    std::vector<std::int64_t> at_b;
    sleeper a{&here->at(0), &at_a, 10'000'000'000, 3'000'000};
    sleeper b{&here->at(1), &at_b, 10'000'000'000, 7'000'000};
    for (sleeper* s : {&a, &b}) {
        here.on_worker(*s->w, [s] {
            s->w->hold();
            REQUIRE(s->w->spawn(
                        [](void* p) noexcept {
                            auto& self = *static_cast<sleeper*>(p);
                            weir::fibers::sleep nap{*self.w};
                            for (std::int64_t at = self.step; at <= self.ns; at += self.step) {
                                nap.until(at);
                                self.woke->push_back(self.w->now() - at);
                            }
                            self.over.release();
                        },
                        s) != nullptr);
        });
    }
    for (sleeper* s : {&a, &b}) {
        here.on_worker(*s->w, [s] { s->w->unhold(); });
    }
    a.over.acquire();
    b.over.acquire();
    CHECK(at_a == std::vector<std::int64_t>(10'000 / 3, 0));
    CHECK(at_b == std::vector<std::int64_t>(10'000 / 7, 0));
}

TEST_CASE("a manual clock moves when told, and timers fire in order") {
    world here{{.workers = worker_counts(), .clock = clock_kind::manual}};
    worker& w = here->place();
    CHECK(here->now() == 0);
    std::vector<int> order;
    std::binary_semaphore rang{0};
    struct alarm : timer {
        int name = 0;
        std::vector<int>* order = nullptr;
        std::binary_semaphore* rang = nullptr;  // of the last that one move of the clock reaches
    } alarms[3];
    here.on_worker(w, [&] {
        for (int i = 0; i < 3; ++i) {
            alarms[i].name = i;
            alarms[i].order = &order;
            alarms[i].fire = [](timer& t) noexcept {
                auto& self = static_cast<alarm&>(t);
                self.order->push_back(self.name);
                if (self.rang != nullptr) {
                    self.rang->release();
                }
            };
            w.arm(alarms[i], 1000 - i * 100);
        }
        alarms[2].rang = alarms[0].rang = &rang;
    });
    here->advance(850);
    here.wait(rang);
    here.on_worker(w, [&] { CHECK(order == std::vector{2}); });
    here->advance(-5);
    here->advance(1'000'000'000);
    here.wait(rang);
    here.on_worker(w, [&] { CHECK(order == std::vector{2, 1, 0}); });
    CHECK(here->now() == 1'000'000'850);
}
