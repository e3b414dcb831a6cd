// SPDX-License-Identifier: BSL-1.0
#include "tests/fibers/meeting.hpp"

using namespace weir::fibers;
using namespace weir::fibers::test;

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
            lane_party guest;
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
        meeting m{w, {.cyclic = true}};
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
