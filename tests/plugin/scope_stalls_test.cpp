// SPDX-License-Identifier: BSL-1.0
#include "tests/plugin/sequential.hpp"

using namespace weir::plugin::test;

namespace {

weir_status open_with(const host& h, uint32_t flags, weir_scope parent, uint32_t reserved = 0) {
    auto options = sized<weir_scope_options>();
    options.flags = flags;
    options.parent = parent;
    options.reserved0 = reserved;
    weir_scope made = 0;
    return weir_scope_open(h.runtime, h.queue, &options, &made, nullptr);
}

}  // namespace

TEST_CASE("only a root says that its lanes are sequential, and nothing else is known to say") {
    scoped_host h;
    CHECK(open_with(h, 2, 0) == WEIR_E_INVALID_ARGUMENT);
    CHECK(open_with(h, 0, 0, 1) == WEIR_E_INVALID_ARGUMENT);
    CHECK(open_with(h, WEIR_SCOPE_SEQUENTIAL, h.scope) == WEIR_E_INVALID_ARGUMENT);
}

TEST_CASE("two barriers that wait for each other's lanes break, with the circle in words") {
    sequential_host h;
    const auto a = h.lane("a");
    const auto b = h.lane("b");
    const auto p = h.of("p", {a, b});
    const auto q = h.of("q", {a, b});
    REQUIRE(h.arrive(a, p, 1) == WEIR_OK);
    CHECK(h.take().empty());
    REQUIRE(h.arrive(b, q, 2) == WEIR_OK);
    const auto events = h.take();
    REQUIRE(story(events) == "p!1 1- q!1 2- ");
    CHECK(events[0].event.kind == WEIR_EVENT_BARRIER_BROKEN);
    CHECK(events[0].input ==
          R"({"missing":["build/b"],"message":"barrier 'p' waits for build/b, which waits at )"
          R"(barrier 'q' for build/a, which waits at barrier 'p'"})");
    CHECK(events[1].event.reason == WEIR_REASON_DEADLOCK);
    CHECK(events[2].input ==
          R"({"missing":["build/a"],"message":"barrier 'q' waits for build/a, which waits at )"
          R"(barrier 'p' for build/b, which waits at barrier 'q'"})");
    CHECK(h.described(p).find(R"("message":"barrier 'p' waits for build/b)") != std::string::npos);
    CHECK(weir_lane_finish(a, WEIR_FAILED) == WEIR_OK);
    CHECK(h.arrive(b, p, 3) == WEIR_OK);
    CHECK(story(h.take()) == "3- ");
}

TEST_CASE("without the host's word nothing is decided, and a lane may wait at several barriers") {
    scoped_host h;
    const auto a = h.lane("a");
    const auto b = h.lane("b");
    const auto p = h.barrier("p");
    const auto q = h.barrier("q");
    for (const auto lane : {a, b}) {
        for (const auto at : {p, q})
            REQUIRE(weir_lane_expect(lane, at) == WEIR_OK);
    }
    REQUIRE(weir_barrier_open(p) == WEIR_OK);
    REQUIRE(weir_barrier_open(q) == WEIR_OK);
    REQUIRE(h.arrive(a, p, 1) == WEIR_OK);
    REQUIRE(h.arrive(b, q, 2) == WEIR_OK);
    CHECK(h.take().empty());
    REQUIRE(h.arrive(b, p, 3) == WEIR_OK);
    REQUIRE(h.arrive(a, q, 4) == WEIR_OK);
    CHECK(story(h.take()) == "p= 1+ 3+ q= 4+ 2+ ");
}

TEST_CASE("a lane that waits is busy, wherever, until that is decided") {
    sequential_host h;
    const auto a = h.lane("a");
    const auto b = h.lane("b");
    const auto p = h.of("p", {a, b});
    const auto q = h.of("q", {a, b});
    const auto g = h.gate("g", 1);
    REQUIRE(h.arrive(a, p, 1) == WEIR_OK);
    CHECK(h.arrive(a, q, 2) == WEIR_E_BUSY);
    CHECK(h.arrive(a, q, 2, 1000, "\"v\"") == WEIR_E_BUSY);
    CHECK(weir_lane_take_slot(a, g, 3) == WEIR_E_BUSY);
    uint32_t accepted = 9;
    const uint64_t tag = 4;
    CHECK(weir_lanes_arrive(&a, &tag, 1, q, &accepted) == WEIR_E_BUSY);
    CHECK(accepted == 0);
    REQUIRE(weir_lane_retract(a, p) == WEIR_OK);
    REQUIRE(weir_lane_take_slot(b, g, 5) == WEIR_OK);
    REQUIRE(weir_lane_take_slot(a, g, 6) == WEIR_OK);
    CHECK(h.arrive(a, p, 7) == WEIR_E_BUSY);
    REQUIRE(weir_lane_give_slot(b, g) == WEIR_OK);
    REQUIRE(h.arrive(a, q, 8) == WEIR_OK);
    REQUIRE(h.arrive(b, q, 9) == WEIR_OK);
    CHECK(story(h.take()) == "1c 5+ 6+ q= 8+ 9+ ");
}

TEST_CASE("three lanes in a ring: every barrier of it breaks, in the order of declaration") {
    sequential_host h;
    const auto a = h.lane("a");
    const auto b = h.lane("b");
    const auto c = h.lane("c");
    const auto r = h.of("r", {c, a});
    const auto q = h.of("q", {b, c});
    const auto p = h.of("p", {a, b});
    REQUIRE(h.arrive(a, p, 1) == WEIR_OK);
    REQUIRE(h.arrive(b, q, 2) == WEIR_OK);
    CHECK(h.take().empty());
    REQUIRE(h.arrive(c, r, 3) == WEIR_OK);
    const auto events = h.take();
    CHECK(story(events) == "r!1 3- q!1 2- p!1 1- ");
    CHECK(events[0].input.find("barrier 'r' waits for build/a, which waits at barrier 'p' for "
                               "build/b, which waits at barrier 'q' for build/c, which waits at "
                               "barrier 'r'\"") != std::string::npos);
}

TEST_CASE("a barrier used again in sequence, before all have left its first use") {
    // Both lanes name p, then q; b has p behind q.
    sequential_host h;
    const auto a = h.lane("a");
    const auto b = h.lane("b");
    const auto c = h.lane("c");
    const auto p = h.of("p", {a, b, c}, WEIR_BARRIER_CYCLIC);
    const auto q = h.of("q", {a, b});
    for (uint64_t turn = 0; turn < 3; ++turn) {
        for (const auto lane : {a, b, c})
            REQUIRE(h.arrive(lane, p, 1) == WEIR_OK);
        CHECK(story(h.take()) == "p= 1+ 1+ 1+ ");
    }
    REQUIRE(h.arrive(c, p, 2) == WEIR_OK);
    REQUIRE(h.arrive(a, p, 3) == WEIR_OK);
    CHECK(h.take().empty());
    REQUIRE(h.arrive(b, q, 4) == WEIR_OK);
    CHECK(story(h.take()) == "p!2 3- 2- q!1 4- ");
}

TEST_CASE("slots that lanes keep at a barrier: who is missing queues for one") {
    sequential_host h;
    const auto a = h.lane("a");
    const auto b = h.lane("b");
    const auto c = h.lane("c");
    const auto p = h.of("p", {a, b, c});
    const auto g = h.gate("g", 2);
    for (uint64_t i = 0; const auto lane : {a, b, c})
        REQUIRE(weir_lane_take_slot(lane, g, i++) == WEIR_OK);
    CHECK(story(h.take()) == "0+ 1+ ");
    REQUIRE(h.arrive(a, p, 10) == WEIR_OK);
    CHECK(h.take().empty());
    REQUIRE(h.arrive(b, p, 11) == WEIR_OK);
    const auto events = h.take();
    CHECK(story(events) == "p!2 10- 11- ");
    CHECK(events[0].input ==
          R"({"missing":["build/c"],"message":"barrier 'p' waits for build/c, which waits for a )"
          R"(slot of gate 'g', held by build/a, which waits at barrier 'p'"})");
    REQUIRE(weir_lane_finish(a, WEIR_FAILED) == WEIR_OK);
    CHECK(story(h.take()) == "2+ ");
}

TEST_CASE("gates alone: the youngest wait ends, and the others get what they wait for") {
    sequential_host h;
    const auto a = h.lane("a");
    const auto b = h.lane("b");
    const auto f = h.gate("f", 1);
    const auto g = h.gate("g", 1);
    REQUIRE(weir_lane_take_slot(a, f, 1) == WEIR_OK);
    REQUIRE(weir_lane_take_slot(b, g, 2) == WEIR_OK);
    REQUIRE(weir_lane_take_slot(b, f, 3) == WEIR_OK);
    CHECK(story(h.take()) == "1+ 2+ ");
    REQUIRE(weir_lane_take_slot(a, g, 4) == WEIR_OK);
    const auto events = h.take();
    REQUIRE(story(events) == "4- ");
    CHECK(events[0].event.reason == WEIR_REASON_DEADLOCK);
    CHECK(events[0].event.kind == WEIR_EVENT_SLOT_DONE);
    REQUIRE(weir_lane_give_slot(a, f) == WEIR_OK);
    CHECK(story(h.take()) == "3+ ");
}

TEST_CASE("some are stuck while others go on") {
    sequential_host h;
    const weir_lane lane[] = {h.lane("a"), h.lane("b"), h.lane("c"), h.lane("d")};
    const auto p = h.of("p", {lane[0], lane[1]});
    const auto q = h.of("q", {lane[0], lane[1]});
    const auto other = h.of("other", {lane[2], lane[3]});
    const auto behind = h.of("behind", {lane[0], lane[2]});
    REQUIRE(h.arrive(lane[2], other, 3) == WEIR_OK);
    REQUIRE(h.arrive(lane[0], p, 1) == WEIR_OK);
    REQUIRE(h.arrive(lane[1], q, 2) == WEIR_OK);
    CHECK(story(h.take()) == "p!1 1- q!1 2- ");
    REQUIRE(h.arrive(lane[3], other, 4) == WEIR_OK);
    CHECK(story(h.take()) == "other= 3+ 4+ ");
    REQUIRE(h.arrive(lane[2], behind, 5) == WEIR_OK);
    REQUIRE(h.arrive(lane[0], behind, 6) == WEIR_OK);
    CHECK(story(h.take()) == "behind= 6+ 5+ ");
}

TEST_CASE("who waits behind a circle is not in it, and goes on when it is broken") {
    sequential_host h;
    const auto a = h.lane("a");
    const auto b = h.lane("b");
    const auto c = h.lane("c");
    const auto behind = h.of("behind", {c, a});
    const auto p = h.of("p", {a, b});
    const auto q = h.of("q", {a, b});
    REQUIRE(h.arrive(c, behind, 3) == WEIR_OK);
    REQUIRE(h.arrive(a, p, 1) == WEIR_OK);
    REQUIRE(h.arrive(b, q, 2) == WEIR_OK);
    CHECK(story(h.take()) == "p!1 1- q!1 2- ");
    REQUIRE(h.arrive(a, behind, 4) == WEIR_OK);
    CHECK(story(h.take()) == "behind= 3+ 4+ ");
}

TEST_CASE("the shortest circle breaks, and no other") {
    sequential_host h;
    const weir_lane lane[] = {h.lane("a"), h.lane("b"), h.lane("c"), h.lane("d")};
    const auto p = h.of("p", {lane[0], lane[1], lane[2]});
    const auto q = h.of("q", {lane[1], lane[3]});
    const auto r = h.of("r", {lane[2], lane[0]});
    const auto s = h.of("s", {lane[3], lane[0]});
    REQUIRE(h.arrive(lane[1], q, 2) == WEIR_OK);
    REQUIRE(h.arrive(lane[3], s, 4) == WEIR_OK);
    REQUIRE(h.arrive(lane[2], r, 3) == WEIR_OK);
    CHECK(h.take().empty());
    REQUIRE(h.arrive(lane[0], p, 1) == WEIR_OK);
    CHECK(story(h.take()) == "p!1 1- r!1 3- ");
}

TEST_CASE("the last who could have come ends: what is left is a stall") {
    sequential_host h;
    const weir_lane lane[] = {h.lane("a"), h.lane("b"), h.lane("c")};
    const auto p = h.of("p", {lane[0], lane[1], lane[2]});
    const auto q = h.of("q", {lane[1], lane[0]});
    REQUIRE(h.arrive(lane[0], p, 1) == WEIR_OK);
    REQUIRE(h.arrive(lane[1], q, 2) == WEIR_OK);
    CHECK(h.take().empty());
    SECTION("as it ends well") {
        REQUIRE(weir_lane_finish(lane[2], WEIR_SUCCEEDED) == WEIR_OK);
        CHECK(story(h.take()) == "p!1 1- q!1 2- ");
    }
    SECTION("as it withdraws") {
        REQUIRE(weir_lane_withdraw(lane[2], p) == WEIR_OK);
        CHECK(story(h.take()) == "p!1 1- q!1 2- ");
    }
    SECTION("but when it fails, that is the reason") {
        REQUIRE(weir_lane_finish(lane[2], WEIR_FAILED) == WEIR_OK);
        CHECK(story(h.take()) == "p= 1- ");
    }
}

TEST_CASE("what holds a barrier open is no stall until it is gone") {
    sequential_host h;
    const auto a = h.lane("a");
    const auto b = h.lane("b");
    const auto q = h.of("q", {a, b});
    SECTION("a place that is reserved") {
        const auto p = h.barrier("p");
        for (const auto lane : {a, b})
            REQUIRE(weir_lane_expect(lane, p) == WEIR_OK);
        REQUIRE(weir_barrier_reserve(p, 1) == WEIR_OK);
        REQUIRE(weir_barrier_open(p) == WEIR_OK);
        REQUIRE(h.arrive(a, p, 1) == WEIR_OK);
        REQUIRE(h.arrive(b, q, 2) == WEIR_OK);
        CHECK(h.take().empty());
        REQUIRE(weir_barrier_settle(p, 1) == WEIR_OK);
        CHECK(story(h.take()) == "q!1 2- p!1 1- ");
    }
    SECTION("somebody without a name") {
        const auto p = h.barrier("p", 2);
        REQUIRE(weir_lane_expect(b, p) == WEIR_OK);
        REQUIRE(h.arrive(a, p, 1) == WEIR_OK);
        REQUIRE(h.arrive(b, q, 2) == WEIR_OK);
        CHECK(h.take().empty());
        REQUIRE(h.arrive(h.lane("c"), p, 3) == WEIR_OK);
        CHECK(story(h.take()) == "q!1 2- p!2 1- 3- ");
    }
    SECTION("that it is not open") {
        const auto p = h.barrier("p");
        for (const auto lane : {a, b})
            REQUIRE(weir_lane_expect(lane, p) == WEIR_OK);
        REQUIRE(h.arrive(a, p, 1) == WEIR_OK);
        REQUIRE(h.arrive(b, q, 2) == WEIR_OK);
        CHECK(h.take().empty());
        REQUIRE(weir_barrier_open(p) == WEIR_OK);
        CHECK(story(h.take()) == "q!1 2- p!1 1- ");
    }
    SECTION("that it is being completed") {
        const auto c = h.lane("c");
        const auto p = h.of("p", {a, c}, WEIR_BARRIER_COMPLETES);
        const auto r = h.of("r", {a, b, c});
        REQUIRE(h.arrive(a, p, 1) == WEIR_OK);
        REQUIRE(h.arrive(b, q, 2) == WEIR_OK);
        REQUIRE(h.arrive(c, p, 3) == WEIR_OK);
        CHECK(h.take().back().event.kind == WEIR_EVENT_BARRIER_COMPLETING);
        REQUIRE(weir_barrier_complete(p, 1, WEIR_SUCCEEDED) == WEIR_OK);
        CHECK(story(h.take()) == "p= 1+ 3+ ");
        REQUIRE(h.arrive(c, r, 4) == WEIR_OK);
        CHECK(h.take().empty());
        REQUIRE(h.arrive(a, r, 5) == WEIR_OK);
        CHECK(story(h.take()) == "q!1 2- r!2 5- 4- ");
    }
}

TEST_CASE("a lane below that does not wait can still move the one above") {
    sequential_host h;
    const auto a = h.lane("a");
    const auto b = h.lane("b");
    const auto below = h.lane("below", 0, b);
    const auto deep = h.lane("deep", 0, below);
    const auto p = h.of("p", {a, b});
    const auto q = h.of("q", {a, b});
    const auto r = h.of("r", {a, below});
    REQUIRE(h.arrive(below, r, 3) == WEIR_OK);
    REQUIRE(h.arrive(b, q, 2) == WEIR_OK);
    REQUIRE(h.arrive(a, p, 1) == WEIR_OK);
    CHECK(h.take().empty());
    SECTION("it ends") {
        REQUIRE(weir_lane_finish(deep, WEIR_SUCCEEDED) == WEIR_OK);
        CHECK(story(h.take()) == "p!1 1- q!1 2- ");
    }
    SECTION("it waits, too") {
        const auto s = h.of("s", {a, deep});
        REQUIRE(h.arrive(deep, s, 4) == WEIR_OK);
        CHECK(story(h.take()) == "p!1 1- q!1 2- ");
    }
}

TEST_CASE("a lane that waits nowhere can move, though all below it wait") {
    sequential_host h;
    const auto a = h.lane("a");
    const auto b = h.lane("b");
    const auto below = h.lane("below", 0, b);
    const auto p = h.of("p", {a, b});
    const auto q = h.of("q", {a, below});
    REQUIRE(h.arrive(a, p, 1) == WEIR_OK);
    REQUIRE(h.arrive(below, q, 2) == WEIR_OK);
    CHECK(h.take().empty());
    REQUIRE(h.arrive(b, p, 3) == WEIR_OK);
    CHECK(story(h.take()) == "p= 1+ 3+ ");
}

TEST_CASE("an arrival that is taken back in time dissolves what would have been a stall") {
    sequential_host h;
    const auto a = h.lane("a");
    const auto b = h.lane("b");
    const auto p = h.of("p", {a, b});
    const auto q = h.of("q", {a, b});
    REQUIRE(h.arrive(a, p, 1) == WEIR_OK);
    SECTION("and is expected again") {
        REQUIRE(weir_lane_retract(a, p) == WEIR_OK);
    }
    SECTION("and has withdrawn") {
        REQUIRE(weir_lane_withdraw(a, p) == WEIR_OK);
    }
    CHECK(story(h.take()) == "1c ");
    REQUIRE(h.arrive(b, q, 2) == WEIR_OK);
    CHECK(h.take().empty());
    REQUIRE(h.arrive(a, q, 3) == WEIR_OK);
    CHECK(story(h.take()) == "q= 3+ 2+ ");
}

TEST_CASE("a stall does not wait for a timeout, which does not come any more") {
    sequential_host h{WEIR_CLOCK_VIRTUAL};
    const auto a = h.lane("a");
    const auto b = h.lane("b");
    const auto p = h.of("p", {a, b}, 0, 0, 1'000'000);
    const auto q = h.of("q", {a, b});
    REQUIRE(h.arrive(a, p, 1) == WEIR_OK);
    REQUIRE(h.arrive(b, q, 2, 2'000'000) == WEIR_OK);
    const auto events = h.take();
    CHECK(story(events) == "p!1 1- q!1 2- ");
    CHECK(events[0].event.t_ns == 0);
    REQUIRE(weir_runtime_poll(h.runtime, 0, nullptr) == WEIR_OK);
    CHECK(h.take().empty());
}

TEST_CASE("a quorum that nobody can make up any more") {
    sequential_host h;
    const weir_lane lane[] = {h.lane("a"), h.lane("b"), h.lane("c"), h.lane("d")};
    const auto p = h.of("p", {lane[0], lane[1], lane[2], lane[3]}, 0, 2);
    const auto q = h.of("q", {lane[0], lane[1], lane[2]});
    REQUIRE(h.arrive(lane[0], p, 1) == WEIR_OK);
    REQUIRE(h.arrive(lane[1], q, 2) == WEIR_OK);
    REQUIRE(h.arrive(lane[2], q, 3) == WEIR_OK);
    CHECK(h.take().empty());
    REQUIRE(weir_lane_finish(lane[3], WEIR_FAILED) == WEIR_OK);
    CHECK(story(h.take()) == "p!1 1- q!2 2- 3- ");
}

TEST_CASE("a scope that closes takes the last who could move: those above learn of it") {
    sequential_host h;
    const auto inner = h.child("inner");
    const auto a = h.lane("a");
    const auto b = h.lane("b");
    const auto guest = h.lane("guest", inner);
    const auto p = h.of("p", {a, b, guest}, 0, 2);
    const auto q = h.of("q", {a, b});
    REQUIRE(h.arrive(a, p, 1) == WEIR_OK);
    REQUIRE(h.arrive(b, q, 2) == WEIR_OK);
    CHECK(h.take().empty());
    REQUIRE(weir_scope_close(inner) == WEIR_OK);
    CHECK(story(h.take()) == "inner= p!1 1- q!1 2- ");
}

TEST_CASE("closing a root decides nothing but its own end") {
    sequential_host h;
    const auto a = h.lane("a");
    const auto b = h.lane("b");
    const auto idle = h.lane("idle");
    const auto p = h.of("p", {a, b, idle});
    const auto q = h.of("q", {a, b});
    REQUIRE(h.arrive(a, p, 1) == WEIR_OK);
    REQUIRE(h.arrive(b, q, 2) == WEIR_OK);
    REQUIRE(weir_scope_close(h.scope) == WEIR_OK);
    for (const auto& t : h.take())
        CHECK(t.event.reason != WEIR_REASON_DEADLOCK);
}

TEST_CASE("a circle of ten thousand is decided at once, and told in few words") {
    constexpr uint64_t many = 10'000;
    sequential_host h;
    std::vector<weir_lane> lanes;
    std::vector<weir_barrier> barriers;
    for (uint64_t i = 0; i < many; ++i)
        lanes.push_back(h.lane(std::to_string(i)));
    for (uint64_t i = 0; i < many; ++i)
        barriers.push_back(h.of(std::to_string(i), {lanes[i], lanes[(i + 1) % many]}));
    for (uint64_t i = 0; i + 1 < many; ++i)
        REQUIRE(h.arrive(lanes[i], barriers[i], i) == WEIR_OK);
    CHECK(h.take().empty());
    REQUIRE(h.arrive(lanes[many - 1], barriers[many - 1], many - 1) == WEIR_OK);
    const auto events = h.take(3 * many);
    REQUIRE(events.size() == 2 * many);
    for (uint64_t i = 0; i < many; ++i) {
        REQUIRE(events[2 * i].path == std::to_string(i));
        REQUIRE(events[2 * i].event.reason == WEIR_REASON_DEADLOCK);
        REQUIRE(events[2 * i].input.size() < 2000);
    }
    CHECK(events[0].input.find("barrier '16', and so on through 9984 more, back to barrier '0'") !=
          std::string::npos);
}
