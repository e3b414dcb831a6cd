// SPDX-License-Identifier: BSL-1.0
#include <atomic>
#include <thread>

#include "fibers/event.hpp"
#include "tests/fibers/support.hpp"

using namespace weir::fibers;
using namespace weir::fibers::test;

namespace {

// A lane that goes round until told to stop.
struct runner {
    worker* w;
    std::atomic<int> rounds{0};
    int limit;
    static void body(void* p) noexcept {
        auto& self = *static_cast<runner*>(p);
        while (self.rounds.fetch_add(1) + 1 < self.limit) {
            self.w->current()->yield();
        }
    }
};

struct start : message {
    runner* what;
    static void deliver_it(message& m) noexcept {
        auto& self = static_cast<start&>(m);
        if (self.what->w->spawn(&runner::body, self.what) == nullptr) {
            std::abort();
        }
    }
};

bool readable(int descriptor) {
    pollfd on{descriptor, POLLIN, 0};
    return ::poll(&on, 1, 0) == 1;
}

}  // namespace

TEST_CASE("a runtime can be polled by many threads, one at a time, and leaves nothing in them") {
    world first{{.workers = 0}};
    world second{{.workers = 0}};
    runner a{&first->place(), {}, 2000};
    runner b{&second->place(), {}, 2000};
    start go_a{{nullptr, &start::deliver_it}, &a};
    start go_b{{nullptr, &start::deliver_it}, &b};
    a.w->post(go_a);
    b.w->post(go_b);
    for (int generation = 0; generation < 20; ++generation) {
        std::vector<std::jthread> hosts;
        for (int t = 0; t < 5; ++t) {
            hosts.emplace_back([&] {
                for (int i = 0; i < 20; ++i) {
                    first->poll(3);
                    second->poll(5);
                }
            });
        }
    }
    while (first->poll() || second->poll()) {
    }
    CHECK(a.rounds == 2000);
    CHECK(b.rounds == 2000);
}

TEST_CASE("a poll's budget is counted in switches") {
    world here{{.workers = 0}};
    runner r{&here->place(), {}, 100};
    start go{{nullptr, &start::deliver_it}, &r};
    r.w->post(go);
    CHECK(here->poll(10));
    CHECK(r.rounds == 10);
    CHECK(here->poll(10));
    CHECK(r.rounds == 20);
    CHECK_FALSE(here->poll());
    CHECK(r.rounds == 100);
}

TEST_CASE("the descriptor is readable when something came after the last poll") {
    world here{{.workers = 0}};
    CHECK_FALSE(here->poll());
    CHECK_FALSE(readable(here->descriptor()));
    for (int i = 0; i < 3; ++i) {
        runner r{&here->place(), {}, 2};
        start go{{nullptr, &start::deliver_it}, &r};
        r.w->post(go);
        CHECK(readable(here->descriptor()));
        CHECK_FALSE(here->poll());
        CHECK(r.rounds == 2);
        CHECK_FALSE(readable(here->descriptor()));
    }
}

TEST_CASE("a polling host is told when to come back") {
    world here{{.workers = 0, .clock = clock_kind::manual}};
    worker& w = here->place();
    bool fired = false;
    struct alarm : timer {
        bool* fired;
    } a;
    a.fired = &fired;
    a.fire = [](timer& t) noexcept { *static_cast<alarm&>(t).fired = true; };
    here.on_worker(w, [&] { w.arm(a, 5'000'000'000); });
    here->poll();
    int polls = 0;
    while (!fired) {
        const std::int64_t next = here->next_deadline();
        REQUIRE(next > here->now());
        REQUIRE(next <= 5'000'000'000);
        here->advance(next - here->now());
        here->poll();
        REQUIRE(++polls < 6);
    }
    CHECK(here->now() == 5'000'000'000);
    CHECK(here->next_deadline() == -1);
}

TEST_CASE("an exception thrown and caught on a lane stays there when another thread polls") {
    world here{{.workers = 0}};
    worker& w = here->place();
    struct thrower {
        worker* w;
        int caught = 0;
    } state{&w};
    struct begin : message {
        thrower* what;
    } go;
    go.what = &state;
    go.deliver = [](message& m) noexcept {
        auto& self = *static_cast<begin&>(m).what;
        for (int i = 0; i < 4; ++i) {
            if (self.w->spawn(
                    [](void* p) noexcept {
                        auto& t = *static_cast<thrower*>(p);
                        for (int n = 0; n < 50; ++n) {
                            try {
                                throw n;
                            } catch (int value) {
                                t.caught += value == n ? 1 : 0;
                            }
                            t.w->current()->yield();
                        }
                    },
                    &self) == nullptr) {
                std::abort();
            }
        }
    };
    w.post(go);
    try {
        throw 1;
    } catch (int) {
        while (here->poll(7)) {
            std::jthread{[&] { here->poll(5); }}.join();
            CHECK(std::current_exception() != nullptr);
        }
    }
    CHECK(state.caught == 200);
}
