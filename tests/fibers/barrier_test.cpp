// SPDX-License-Identifier: BSL-1.0
#include <deque>
#include <string>

#include "fibers/barrier.hpp"
#include "fibers/event.hpp"
#include "tests/fibers/support.hpp"

using namespace weir::fibers;
using namespace weir::fibers::test;

namespace {

// A barrier with named parties; lanes write down what they were told.
struct meeting {
    explicit meeting(worker& home, bool cyclic = false)
        : w{home}, b{home, this, &meeting::decided, cyclic}, all{home} {}

    party& expect(std::size_t i) {
        while (parties.size() <= i) {
            parties.emplace_back();
        }
        REQUIRE(b.expect(parties[i]));
        return parties[i];
    }
    void arrive(std::size_t i, std::int64_t deadline = -1) {
        all.spawn([this, i, deadline] { told[i] = b.arrive(parties[i], deadline); order += std::to_string(i); });
    }
    static void decided(barrier& b, const decision& d) noexcept {
        auto& self = *static_cast<meeting*>(b.owner);
        self.decisions.push_back(d);
        self.order += "!";
        b.for_each_missing([&](const party& p) { self.missing.push_back(&p); });
    }

    worker& w;
    std::deque<party> parties;
    barrier b;
    decision told[64];
    std::vector<decision> decisions;
    std::vector<const party*> missing;
    std::string order;
    crew all;  // last: its end waits for the lanes
};

}  // namespace

TEST_CASE("a barrier releases all when the last has arrived, in order of arrival, after the decision") {
    world here{{.workers = worker_counts()}};
    here.run([](worker& w) {
        meeting m{w};
        for (std::size_t i = 0; i < 4; ++i) {
            m.expect(i);
        }
        m.b.open();
        for (std::size_t i : {2, 0, 3}) {
            m.arrive(i);
        }
        settle(w);
        CHECK(m.b.arrived() == 3);
        CHECK(m.b.expected() == 1);
        CHECK(m.order.empty());
        m.arrive(1);
        m.all.wait();
        CHECK(m.order == "!1203");
        REQUIRE(m.decisions.size() == 1);
        CHECK(m.decisions[0].kind == verdict::released);
        CHECK(m.decisions[0].arrived == 4);
        for (std::size_t i = 0; i < 4; ++i) {
            CHECK(m.told[i].kind == verdict::released);
            CHECK_FALSE(m.told[i].late);
        }
        CHECK_FALSE(m.b.in_use());
    });
}

TEST_CASE("nothing is decided before the barrier is open, nor while places are reserved") {
    world here;
    here.run([](worker& w) {
        meeting m{w};
        m.b.reserve(2);
        m.expect(0);
        m.arrive(0);
        settle(w);
        m.b.open();
        CHECK(m.b.state() == verdict::pending);
        m.b.settle();
        CHECK(m.b.state() == verdict::pending);
        m.expect(1);
        m.b.settle();
        CHECK(m.b.state() == verdict::pending);
        m.arrive(1);
        m.all.wait();
        CHECK(m.b.state() == verdict::released);
    });
}

TEST_CASE("a barrier that all have left is void, and whoever comes later passes") {
    world here;
    here.run([](worker& w) {
        meeting m{w};
        m.expect(0);
        m.expect(1);
        m.b.open();
        CHECK(m.b.withdraw(m.parties[0]));
        CHECK(m.parties[0].state() == party_state::withdrawn);
        CHECK(m.b.state() == verdict::pending);
        CHECK(m.b.withdraw(m.parties[1]));
        CHECK(m.b.state() == verdict::voided);
        CHECK_FALSE(m.b.withdraw(m.parties[1]));
        m.arrive(0);
        m.all.wait();
        CHECK(m.told[0].kind == verdict::voided);
        CHECK(m.told[0].late);
    });
}

TEST_CASE("a barrier opened for nobody is void") {
    world here;
    here.run([](worker& w) {
        meeting m{w};
        m.b.open();
        CHECK(m.b.state() == verdict::voided);
        party p;
        CHECK_FALSE(m.b.expect(p));
    });
}

TEST_CASE("the last one's withdrawal releases those who wait") {
    world here;
    here.run([](worker& w) {
        meeting m{w};
        m.expect(0);
        m.expect(1);
        m.b.open();
        m.arrive(0);
        settle(w);
        m.b.withdraw(m.parties[1]);
        m.all.wait();
        CHECK(m.told[0].kind == verdict::released);
        CHECK(m.told[0].arrived == 1);
    });
}

TEST_CASE("a failure breaks the barrier at once, for all, with its culprit, and late arrivals see it") {
    world here{{.workers = worker_counts()}};
    here.run([](worker& w) {
        meeting m{w};
        for (std::size_t i = 0; i < 4; ++i) {
            m.expect(i);
        }
        m.b.open();
        m.arrive(0);
        m.arrive(1);
        settle(w);
        CHECK(m.b.fail(m.parties[2], reason::failed));
        CHECK(m.parties[2].state() == party_state::failed);
        CHECK_FALSE(m.b.fail(m.parties[3], reason::cancelled));
        settle(w);
        m.arrive(3);
        m.all.wait();
        CHECK(m.order == "!013");
        CHECK(m.missing == std::vector<const party*>{&m.parties[3]});
        for (std::size_t i : {0, 1, 3}) {
            CHECK(m.told[i].kind == verdict::broken);
            CHECK(m.told[i].why == reason::failed);
            CHECK(m.told[i].culprit == &m.parties[2]);
            CHECK(m.told[i].arrived == 2);
            CHECK(m.told[i].late == (i == 3));
        }
    });
}

TEST_CASE("a waiter's own failure breaks the barrier too") {
    world here;
    here.run([](worker& w) {
        meeting m{w};
        m.expect(0);
        m.expect(1);
        m.b.open();
        m.arrive(0);
        settle(w);
        CHECK(m.b.fail(m.parties[0], reason::cancelled));
        m.all.wait();
        CHECK(m.told[0].culprit == &m.parties[0]);
        CHECK(m.told[0].why == reason::cancelled);
    });
}

TEST_CASE("a waiter's deadline breaks the barrier for all, exactly then, and names what was missing") {
    world here{{.workers = worker_counts(), .clock = clock_kind::virtual_}};
    here.run([](worker& w) {
        meeting m{w};
        const std::int64_t from = w.now();
        for (std::size_t i = 0; i < 3; ++i) {
            m.expect(i);
        }
        m.b.open();
        m.arrive(0, from + 7'000'000'123);
        m.arrive(1, from + 5'000'000'001);
        m.all.wait();
        CHECK(w.now() == from + 5'000'000'001);
        for (std::size_t i : {0, 1}) {
            CHECK(m.told[i].kind == verdict::broken);
            CHECK(m.told[i].why == reason::timed_out);
            CHECK(m.told[i].culprit == &m.parties[1]);
        }
        CHECK(m.missing == std::vector<const party*>{&m.parties[2]});
    });
}

TEST_CASE("a deadline that was moved or that has been overtaken by a release does nothing") {
    world here{{.clock = clock_kind::virtual_}};
    here.run([](worker& w) {
        meeting m{w};
        m.expect(0);
        m.expect(1);
        m.b.open();
        m.arrive(0, w.now() + 1000);
        settle(w);
        CHECK(m.b.set_deadline(m.parties[0], w.now() + 5000));
        CHECK_FALSE(m.b.set_deadline(m.parties[1], 1));
        weir::fibers::sleep nap{w};
        CHECK(nap.for_ns(2000));
        CHECK(m.b.state() == verdict::pending);
        m.arrive(1, w.now() + 10);
        m.all.wait();
        CHECK(m.b.state() == verdict::released);
        CHECK(nap.for_ns(10'000));
        CHECK(m.decisions.size() == 1);
    });
}

TEST_CASE("a deadline in the past breaks at the next turn, but not an arrival that completes the barrier") {
    world here{{.clock = clock_kind::virtual_}};
    here.run([](worker& w) {
        weir::fibers::sleep nap{w};
        nap.for_ns(100);
        meeting m{w};
        m.expect(0);
        m.expect(1);
        m.b.open();
        m.arrive(0, 50);
        m.all.wait();
        CHECK(m.told[0].why == reason::timed_out);
        CHECK(w.now() == 100);
        meeting alone{w};
        alone.expect(0);
        alone.b.open();
        alone.arrive(0, 50);
        alone.all.wait();
        CHECK(alone.told[0].kind == verdict::released);
    });
}

TEST_CASE("an arrival can be taken back until the decision") {
    world here;
    here.run([](worker& w) {
        meeting m{w};
        for (std::size_t i = 0; i < 3; ++i) {
            m.expect(i);
        }
        m.b.open();
        m.arrive(0);
        m.arrive(1);
        settle(w);
        CHECK(m.b.retract(m.parties[0]));
        CHECK_FALSE(m.b.retract(m.parties[0]));
        CHECK(m.b.arrived() == 1);
        CHECK(m.b.expected() == 2);
        settle(w);
        CHECK(m.told[0].kind == verdict::pending);
        CHECK(m.order == "0");
        m.arrive(2);
        settle(w);
        CHECK(m.b.state() == verdict::pending);
        m.arrive(0);
        m.all.wait();
        CHECK(m.order == "0!012");
        CHECK_FALSE(m.b.retract(m.parties[0]));
        CHECK(m.parties[0].state() == party_state::arrived);
    });
}

TEST_CASE("coming and going many times leaves order and count right") {
    world here;
    here.run([](worker& w) {
        meeting m{w};
        for (std::size_t i = 0; i < 20; ++i) {
            m.expect(i);
        }
        m.b.open();
        for (std::size_t i = 0; i < 10; ++i) {
            m.arrive(i);
        }
        settle(w);
        for (int n = 0; n < 200; ++n) {
            m.b.retract(m.parties[3]);
            settle(w);
            m.arrive(3);
            settle(w);
            REQUIRE(m.b.arrived() == 10);
        }
        m.order.clear();
        m.b.release_now();
        m.all.wait();
        CHECK(m.order == "!0124567893");
    });
}

TEST_CASE("an arrival after one's own is answered with the same decision, and is not late") {
    world here;
    here.run([](worker& w) {
        meeting m{w};
        m.expect(0);
        m.b.open();
        m.arrive(0);
        m.all.wait();
        m.arrive(0);
        m.all.wait();
        CHECK(m.told[0].kind == verdict::released);
        CHECK_FALSE(m.told[0].late);
        CHECK(m.decisions.size() == 1);
    });
}

TEST_CASE("one who waits can withdraw, and may be expected again") {
    world here;
    here.run([](worker& w) {
        meeting m{w};
        m.expect(0);
        m.expect(1);
        m.b.open();
        m.arrive(0);
        settle(w);
        CHECK(m.b.withdraw(m.parties[0]));
        settle(w);
        CHECK(m.told[0].kind == verdict::pending);
        m.arrive(0);
        settle(w);
        CHECK(m.told[0].kind == verdict::pending);
        CHECK(m.told[0].late);
        m.expect(0);
        m.arrive(0);
        m.arrive(1);
        m.all.wait();
        CHECK(m.told[0].kind == verdict::released);
    });
}

TEST_CASE("break and release by hand") {
    world here;
    here.run([](worker& w) {
        meeting broken{w};
        broken.expect(0);
        broken.expect(1);
        broken.arrive(0);
        settle(w);
        broken.b.break_now(reason::deadlock);
        broken.b.release_now();
        broken.all.wait();
        CHECK(broken.told[0].why == reason::deadlock);
        CHECK(broken.told[0].culprit == nullptr);

        meeting released{w};
        released.expect(0);
        released.expect(1);
        released.arrive(0);
        settle(w);
        released.b.release_now();
        released.arrive(1);
        released.all.wait();
        CHECK(released.told[0].why == reason::by_hand);
        CHECK(released.told[1].kind == verdict::released);
        CHECK(released.told[1].late);
    });
}

TEST_CASE("a party that goes while it is expected withdraws") {
    world here;
    here.run([](worker& w) {
        meeting m{w};
        m.expect(0);
        m.b.open();
        {
            party guest;
            m.b.expect(guest);
            m.arrive(0);
            settle(w);
            CHECK(m.b.state() == verdict::pending);
        }
        CHECK(m.b.state() == verdict::released);
        m.all.wait();
    });
}

TEST_CASE("a cyclic barrier decides each generation once and breaks for good") {
    world here{{.workers = worker_counts()}};
    here.run([](worker& w) {
        meeting m{w, true};
        for (std::size_t i = 0; i < 5; ++i) {
            m.expect(i);
        }
        m.b.open();
        int passes[5] = {};
        for (std::size_t i = 0; i < 5; ++i) {
            m.all.spawn([&, i] {
                for (;;) {
                    if (i == 4 && passes[i] == 100) {
                        m.b.fail(m.parties[i], reason::failed);
                        return;
                    }
                    const decision d = m.b.arrive(m.parties[i]);
                    if (d.kind != verdict::released) {
                        CHECK(d.kind == verdict::broken);
                        CHECK(d.generation == 101);
                        return;
                    }
                    ++passes[i];
                    CHECK(d.generation == static_cast<std::uint32_t>(passes[i]));
                    CHECK(d.arrived == 5);
                }
            });
        }
        m.all.wait();
        for (int n : passes) {
            CHECK(n == 100);
        }
        REQUIRE(m.decisions.size() == 101);
        for (std::uint32_t g = 0; g < 101; ++g) {
            CHECK(m.decisions[g].generation == g + 1);
        }
    });
}
