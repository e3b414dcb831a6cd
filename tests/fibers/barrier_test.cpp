// SPDX-License-Identifier: BSL-1.0
#include "tests/fibers/meeting.hpp"

using namespace weir::fibers;
using namespace weir::fibers::test;

TEST_CASE(
    "a barrier releases all when the last has arrived, in order of arrival, after the decision") {
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
        lane_party p;
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

TEST_CASE(
    "a failure breaks the barrier at once, for all, with its culprit, and late arrivals see it") {
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

TEST_CASE(
    "a waiter's deadline breaks the barrier for all, exactly then, and names what was missing") {
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

TEST_CASE(
    "a deadline in the past breaks at the next turn, but not an arrival that completes the "
    "barrier") {
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
