// SPDX-License-Identifier: BSL-1.0
// Barriers with a quorum, with a completion, with a patience of their own; generations.
#include "tests/fibers/meeting.hpp"

using namespace weir::fibers;
using namespace weir::fibers::test;

TEST_CASE("a quorum releases those who have come; who comes later passes, and is told so") {
    world here{{.workers = worker_counts()}};
    here.run([](worker& w) {
        meeting m{w, {.quorum = 2}};
        for (std::size_t i = 0; i < 4; ++i) {
            m.expect(i);
        }
        m.b.reserve();
        m.b.open();
        m.arrive(3);
        m.arrive(1);
        settle(w);
        CHECK(m.b.state() == verdict::pending);
        m.b.settle();
        settle(w);
        CHECK(m.order == "!31");
        m.arrive(0);
        m.all.wait();
        CHECK(m.told[3].kind == verdict::released);
        CHECK(m.told[3].arrived == 2);
        CHECK_FALSE(m.told[3].late);
        CHECK(m.told[0].kind == verdict::released);
        CHECK(m.told[0].late);
        CHECK(m.missing == std::vector<const party*>{&m.parties[0], &m.parties[2]});
    });
}

TEST_CASE("a quorum outlives a failure, and breaks when too few are left, by whoever failed last") {
    world here;
    here.run([](worker& w) {
        meeting m{w, {.quorum = 2}};
        for (std::size_t i = 0; i < 4; ++i) {
            m.expect(i);
        }
        m.b.open();
        m.arrive(0);
        m.arrive(1);
        CHECK(m.b.fail(m.parties[3], reason::failed));
        CHECK(m.b.state() == verdict::pending);
        settle(w);
        CHECK(m.b.state() == verdict::released);

        meeting few{w, {.quorum = 3}};
        for (std::size_t i = 0; i < 4; ++i) {
            few.expect(i);
        }
        few.b.open();
        few.arrive(0);
        settle(w);
        CHECK(few.b.fail(few.parties[0], reason::cancelled));
        settle(w);
        CHECK(few.told[0].kind == verdict::pending);
        CHECK(few.told[0].why == reason::cancelled);
        CHECK(few.told[0].culprit == &few.parties[0]);
        few.arrive(1);
        settle(w);
        CHECK(few.b.fail(few.parties[2], reason::failed));
        few.all.wait();
        CHECK(few.told[1].kind == verdict::broken);
        CHECK(few.told[1].why == reason::failed);
        CHECK(few.told[1].culprit == &few.parties[2]);
    });
}

TEST_CASE("a quorum tells of each party that it outlives, before anything comes of that") {
    world here;
    here.run([](worker& w) {
        static std::vector<reason> lost;
        lost.clear();
        meeting m{w, {.quorum = 2, .lost = [](barrier_core& b, party& p, reason why) noexcept {
                          CHECK(p.state() == party_state::failed);
                          CHECK(b.state() == verdict::pending);
                          lost.push_back(why);
                      }}};
        for (std::size_t i = 0; i < 3; ++i) {
            m.expect(i);
        }
        m.b.open();
        m.arrive(0);
        settle(w);
        CHECK(m.b.fail(m.parties[0], reason::timed_out));
        CHECK(m.b.fail(m.parties[1], reason::failed));
        CHECK(lost == std::vector{reason::timed_out, reason::failed});
        CHECK(m.b.state() == verdict::broken);
        m.all.wait();
    });
}

TEST_CASE("a quorum that is being released breaks when one of it fails, not when another does") {
    world here;
    here.run([](worker& w) {
        for (const bool of_it : {true, false}) {
            meeting m{w, {.quorum = 2, .complete = [](barrier_core&) noexcept {}}};
            for (std::size_t i = 0; i < 4; ++i) {
                m.expect(i);
            }
            m.b.open();
            m.arrive(0);
            m.arrive(1);
            settle(w);
            REQUIRE(m.b.where() == phase::releasing);
            CHECK(m.b.fail(m.parties[of_it ? 0 : 3], reason::failed));
            m.b.finish(1);
            m.all.wait();
            CHECK(m.told[1].kind == (of_it ? verdict::broken : verdict::released));
        }
    });
}

TEST_CASE("a quorum that nobody failed to make, but too few are left for, is unreachable") {
    world here;
    here.run([](worker& w) {
        meeting m{w, {.quorum = 2}};
        m.expect(0);
        m.expect(1);
        m.b.open();
        m.arrive(0);
        settle(w);
        m.b.withdraw(m.parties[1]);
        m.all.wait();
        CHECK(m.told[0].why == reason::unreachable);
        CHECK(m.told[0].culprit == nullptr);

        meeting nobody{w, {.quorum = 2}};
        nobody.expect(0);
        nobody.expect(1);
        nobody.b.open();
        nobody.b.withdraw(nobody.parties[0]);
        CHECK(nobody.b.state() == verdict::broken);

        meeting more{w, {.quorum = 5}};
        more.expect(0);
        more.b.open();
        CHECK(more.b.result().why == reason::unreachable);
    });
}

TEST_CASE("a waiter whose own deadline ends does not break a quorum that others can make") {
    world here{{.clock = clock_kind::virtual_}};
    here.run([](worker& w) {
        meeting m{w, {.quorum = 2}};
        for (std::size_t i = 0; i < 3; ++i) {
            m.expect(i);
        }
        m.b.open();
        m.arrive(0, w.now() + 100);
        weir::fibers::sleep nap{w};
        nap.for_ns(200);
        CHECK(m.told[0].why == reason::timed_out);
        CHECK(m.told[0].kind == verdict::pending);
        m.arrive(1);
        m.arrive(2);
        m.all.wait();
        CHECK(m.told[1].kind == verdict::released);
    });
}

TEST_CASE("the completion runs once, before anybody goes on, and values are seen in plan order") {
    world here{{.workers = worker_counts()}};
    here.run([](worker& w) {
        meeting m{w, {.complete = [](barrier_core& b) noexcept {
                      auto& self = *static_cast<meeting*>(b.owner);
                      self.order += "c";
                      b.for_each_arrived(
                          [&](const party& p) { self.order += std::to_string(self.index(p)); });
                  }}};
        for (std::size_t i = 0; i < 3; ++i) {
            m.expect(i);
        }
        m.b.open();
        for (std::size_t i : {2, 0, 1}) {
            m.arrive(i);
        }
        settle(w);
        CHECK(m.order == "c012");
        CHECK(m.b.where() == phase::releasing);
        CHECK(m.b.state() == verdict::pending);
        CHECK_FALSE(m.b.retract(m.parties[0]));
        CHECK_FALSE(m.b.withdraw(m.parties[0]));
        m.b.finish(m.b.generation());
        m.b.finish(m.b.generation(), reason::failed);
        m.all.wait();
        CHECK(m.order == "c012!201");
        CHECK(m.told[0].kind == verdict::released);
    });
}

TEST_CASE("a completion that fails is everybody's failure") {
    world here;
    here.run([](worker& w) {
        meeting m{w, {.complete = [](barrier_core& b) noexcept {
                      b.finish(b.generation(), reason::failed);
                  }}};
        m.expect(0);
        m.expect(1);
        m.b.open();
        m.arrive(0);
        m.arrive(1);
        m.all.wait();
        for (std::size_t i : {0, 1}) {
            CHECK(m.told[i].kind == verdict::broken);
            CHECK(m.told[i].why == reason::failed);
            CHECK(m.told[i].arrived == 2);
        }
    });
}

TEST_CASE("time does not run out while a barrier is being released") {
    world here{{.clock = clock_kind::virtual_}};
    here.run([](worker& w) {
        meeting m{w, {.complete = [](barrier_core&) noexcept {}}};
        m.b.set_timeout(100);
        m.expect(0);
        m.expect(1);
        m.b.open();
        m.arrive(0, w.now() + 50);
        m.arrive(1);
        weir::fibers::sleep nap{w};
        nap.for_ns(1000);
        CHECK(m.b.where() == phase::releasing);
        m.b.finish(m.b.generation());
        m.all.wait();
        CHECK(m.told[0].kind == verdict::released);
    });
}

TEST_CASE("who is cancelled while a barrier is being released breaks it") {
    world here;
    here.run([](worker& w) {
        meeting m{w, {.complete = [](barrier_core&) noexcept {}}};
        m.expect(0);
        m.expect(1);
        m.b.open();
        m.arrive(0);
        m.arrive(1);
        settle(w);
        CHECK(m.b.fail(m.parties[1], reason::cancelled));
        m.b.finish(m.b.generation());
        m.all.wait();
        CHECK(m.told[0].kind == verdict::broken);
        CHECK(m.told[0].culprit == &m.parties[1]);
    });
}

TEST_CASE("a barrier's patience begins with its first arrival, and anew when all went back") {
    world here{{.workers = worker_counts(), .clock = clock_kind::virtual_}};
    here.run([](worker& w) {
        meeting m{w};
        m.b.set_timeout(1000);
        m.expect(0);
        m.expect(1);
        m.expect(2);
        m.b.open();
        weir::fibers::sleep nap{w};
        nap.for_ns(5000);
        m.arrive(0);
        nap.for_ns(900);
        CHECK(m.b.retract(m.parties[0]));
        nap.for_ns(900);
        const std::int64_t from = w.now();
        m.arrive(1);
        nap.for_ns(400);
        m.arrive(0);
        m.all.wait();
        CHECK(w.now() == from + 1000);
        CHECK(m.told[1].why == reason::timed_out);
        CHECK(m.told[1].culprit == nullptr);
        CHECK(m.missing == std::vector<const party*>{&m.parties[2]});
    });
}

TEST_CASE("a patience that is changed counts at once, from the first arrival") {
    world here{{.clock = clock_kind::virtual_}};
    here.run([](worker& w) {
        meeting m{w};
        m.expect(0);
        m.expect(1);
        m.b.open();
        m.b.set_timeout(1000);
        const std::int64_t from = w.now();
        m.arrive(0);
        weir::fibers::sleep nap{w};
        nap.for_ns(600);
        m.b.set_timeout(-1);
        nap.for_ns(600);
        CHECK(m.b.state() == verdict::pending);
        m.b.set_timeout(500);  // counted from now: nobody was counting
        m.all.wait();
        CHECK(w.now() == from + 1700);
    });
}

TEST_CASE("who had not come when a generation was released by hand owes its arrival to that one") {
    world here;
    here.run([](worker& w) {
        meeting m{w, {.cyclic = true}};
        m.expect(0);
        m.expect(1);
        m.b.open();
        m.arrive(0);
        settle(w);
        m.b.release_now();
        settle(w);
        CHECK(m.told[0].generation == 1);
        m.arrive(1);
        settle(w);
        CHECK(m.told[1].generation == 1);
        CHECK(m.told[1].late);
        CHECK(m.told[1].why == reason::by_hand);
        CHECK(m.b.arrived() == 0);
        m.arrive(1);
        m.arrive(0);
        m.all.wait();
        for (std::size_t i : {0, 1}) {
            CHECK(m.told[i].generation == 2);
            CHECK(m.told[i].arrived == 2);
            CHECK_FALSE(m.told[i].late);
        }
    });
}

TEST_CASE("a late cancel does not hit the next generation") {
    world here;
    here.run([](worker& w) {
        meeting m{w, {.cyclic = true}};
        m.expect(0);
        m.expect(1);
        m.b.open();
        m.arrive(0);
        const std::uint32_t token = m.b.generation();
        m.arrive(1);
        settle(w);
        m.arrive(0);
        settle(w);
        CHECK(m.b.arrived() == 1);
        CHECK_FALSE(m.b.retract(m.parties[0], token));
        CHECK_FALSE(m.b.fail(m.parties[0], reason::cancelled, token));
        CHECK(m.b.arrived() == 1);
        CHECK(m.b.retract(m.parties[0], m.b.generation()));
    });
}
