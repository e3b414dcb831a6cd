// SPDX-License-Identifier: BSL-1.0
#include "tests/plugin/scopes.hpp"

#include <atomic>
#include <thread>

using namespace weir::plugin::test;

TEST_CASE("lanes that a barrier expects go on together, and each is told once, with its tag") {
    scoped_host h;
    const auto gate = h.barrier("gate");
    const weir_lane lanes[] = {h.lane("a"), h.lane("b"), h.lane("c")};
    for (const auto lane : lanes)
        REQUIRE(weir_lane_expect(lane, gate) == WEIR_OK);
    REQUIRE(weir_barrier_open(gate) == WEIR_OK);
    CHECK(h.arrive(lanes[2], gate, 30) == WEIR_OK);
    CHECK(h.arrive(lanes[0], gate, 10) == WEIR_OK);
    CHECK(h.take().empty());
    CHECK(h.described(gate) ==
          R"({"barrier":"gate","state":"standing","generation":1,"waiting":["build/a","build/c"],)"
          R"("missing":["build/b"],"unnamed":0,"reserved":0,"open":true})");
    CHECK(h.arrive(lanes[1], gate, 20) == WEIR_OK);
    const auto events = h.take();
    REQUIRE(events.size() == 4);
    CHECK(events[0].event.kind == WEIR_EVENT_BARRIER_RELEASED);
    CHECK(events[0].event.arrived == 3);
    CHECK(events[0].path == "gate");
    CHECK(events[0].event.barrier == gate);
    CHECK(events[0].event.scope == h.scope);
    CHECK(ends(events) == "10+ 20+ 30+");
    for (std::size_t i = 0; i < events.size(); ++i) {
        CHECK(events[i].event.seq == i + 1);
        CHECK(events[i].event.generation == 1);
        CHECK(events[i].event.t_ns >= 0);
    }
    CHECK(h.take().empty());
}

TEST_CASE("a lane that fails breaks what it owed at once, and is named") {
    scoped_host h;
    const auto gate = h.barrier("gate");
    const auto a = h.lane("a");
    const auto b = h.lane("b");
    const auto below = h.lane("b1", 0, b);
    REQUIRE(weir_lane_expect(a, gate) == WEIR_OK);
    REQUIRE(weir_lane_expect(below, gate) == WEIR_OK);
    REQUIRE(weir_barrier_open(gate) == WEIR_OK);
    REQUIRE(h.arrive(a, gate, 1) == WEIR_OK);
    REQUIRE(weir_lane_finish(b, WEIR_FAILED) == WEIR_OK);
    const auto events = h.take();
    REQUIRE(events.size() == 2);
    CHECK(events[0].event.kind == WEIR_EVENT_BARRIER_BROKEN);
    CHECK(events[0].event.reason == WEIR_REASON_FAILED);
    CHECK(events[0].input == R"({"culprit":"build/b/b1"})");
    CHECK(ends(events) == "1-");
    CHECK(events[1].event.reason == WEIR_REASON_FAILED);
    CHECK(weir_lane_finish(below, WEIR_SUCCEEDED) == WEIR_E_STALE);
    CHECK(h.arrive(a, gate, 2) == WEIR_OK);
    CHECK(ends(h.take()) == "2-");
}

TEST_CASE("a lane that ends well without coming withdraws") {
    scoped_host h;
    const auto gate = h.barrier("gate");
    const auto a = h.lane("a");
    const auto b = h.lane("b");
    for (const auto lane : {a, b})
        REQUIRE(weir_lane_expect(lane, gate) == WEIR_OK);
    REQUIRE(weir_barrier_open(gate) == WEIR_OK);
    REQUIRE(h.arrive(a, gate, 1) == WEIR_OK);
    REQUIRE(weir_lane_finish(b, WEIR_SKIPPED) == WEIR_OK);
    CHECK(ends(h.take()) == "1+");
}

TEST_CASE("a lane that ends while it waits gets its event all the same, after its end") {
    scoped_host h;
    const auto gate = h.barrier("gate");
    const auto a = h.lane("a");
    const auto b = h.lane("b");
    for (const auto lane : {a, b})
        REQUIRE(weir_lane_expect(lane, gate) == WEIR_OK);
    REQUIRE(weir_barrier_open(gate) == WEIR_OK);
    REQUIRE(h.arrive(a, gate, 1) == WEIR_OK);
    REQUIRE(weir_lane_finish(a, WEIR_SUCCEEDED) == WEIR_OK);
    const auto events = h.take();
    CHECK(ends(events) == "1c");
    CHECK(events[0].event.barrier == gate);
    CHECK(events[0].event.generation == 1);
    REQUIRE(h.arrive(b, gate, 2) == WEIR_OK);
    CHECK(ends(h.take()) == "2+");
}

TEST_CASE("a number of parties is filled by whoever comes; one more is a stranger") {
    scoped_host h;
    const auto gate = h.barrier("gate", 2);
    const auto a = h.lane("a");
    const auto b = h.lane("b");
    const auto c = h.lane("c");
    CHECK(h.arrive(a, gate, 1) == WEIR_OK);
    CHECK(h.arrive(a, gate, 1) == WEIR_E_BUSY);
    CHECK(h.arrive(b, gate, 2) == WEIR_OK);
    CHECK(ends(h.take()) == "1+ 2+");
    CHECK(h.arrive(c, gate, 3) == WEIR_E_NOT_EXPECTED);
}

TEST_CASE("a quorum of a number releases; stragglers pass or fail as declared") {
    scoped_host h;
    const auto lenient = h.barrier("lenient", 3, 0, 2);
    const auto strict = h.barrier("strict", 3, WEIR_BARRIER_STRAGGLERS_FAIL, 2);
    const weir_lane lanes[] = {h.lane("a"), h.lane("b"), h.lane("c")};
    for (const auto gate : {lenient, strict}) {
        CHECK(h.arrive(lanes[0], gate, 1) == WEIR_OK);
        CHECK(h.arrive(lanes[1], gate, 2) == WEIR_OK);
    }
    CHECK(ends(h.take()) == "1+ 2+ 1+ 2+");
    CHECK(h.arrive(lanes[2], lenient, 3) == WEIR_OK);
    CHECK(h.arrive(lanes[2], strict, 3) == WEIR_OK);
    CHECK(ends(h.take()) == "3+l 3-l");
}

TEST_CASE("values are handed to all with the release, in the order of expectation") {
    scoped_host h;
    const auto gate = h.barrier("gate");
    const weir_lane lanes[] = {h.lane("a"), h.lane("b"), h.lane("c")};
    for (const auto lane : lanes)
        REQUIRE(weir_lane_expect(lane, gate) == WEIR_OK);
    REQUIRE(weir_barrier_open(gate) == WEIR_OK);
    CHECK(h.arrive(lanes[2], gate, 3, -1, R"({"v":3})") == WEIR_OK);
    CHECK(h.arrive(lanes[0], gate, 1, -1, "not json") == WEIR_E_NOT_JSON);
    CHECK(h.arrive(lanes[0], gate, 1, -1, "\"x\"") == WEIR_OK);
    CHECK(h.arrive(lanes[1], gate, 2) == WEIR_OK);
    CHECK(h.take()[0].input == R"({"values":{"build/a":"x","build/c":{"v":3}}})");
}

TEST_CASE("a completion is asked for once, and its failure is everybody's") {
    scoped_host h;
    const auto gate = h.barrier("gate", 2, WEIR_BARRIER_COMPLETES | WEIR_BARRIER_CYCLIC);
    const weir_lane lanes[] = {h.lane("a"), h.lane("b")};
    for (uint32_t generation = 1; generation <= 2; ++generation) {
        CHECK(h.arrive(lanes[0], gate, 1) == WEIR_OK);
        CHECK(h.arrive(lanes[1], gate, 2) == WEIR_OK);
        const auto asked = h.take();
        REQUIRE(asked.size() == 1);
        CHECK(asked[0].event.kind == WEIR_EVENT_BARRIER_COMPLETING);
        CHECK(asked[0].event.generation == generation);
        CHECK(weir_lane_retract(lanes[0], gate) == WEIR_E_DECIDED);
        CHECK(weir_barrier_complete(gate, generation + 1, WEIR_SUCCEEDED) == WEIR_E_DECIDED);
        CHECK(weir_barrier_complete(gate, generation,
                                    generation == 1 ? WEIR_SUCCEEDED : WEIR_FAILED) == WEIR_OK);
        CHECK(weir_barrier_complete(gate, generation, WEIR_SUCCEEDED) == WEIR_E_DECIDED);
        CHECK(ends(h.take()) == (generation == 1 ? "1+ 2+" : "1- 2-"));
    }
}

TEST_CASE("a lane arrives again at a cyclic barrier once its event has been drained") {
    scoped_host h;
    const auto gate = h.barrier("gate", 2, WEIR_BARRIER_CYCLIC);
    const weir_lane lanes[] = {h.lane("a"), h.lane("b")};
    for (uint64_t n = 0; n < 100; ++n) {
        REQUIRE(h.arrive(lanes[0], gate, 2 * n) == WEIR_OK);
        REQUIRE(h.arrive(lanes[1], gate, 2 * n + 1) == WEIR_OK);
        REQUIRE(h.arrive(lanes[0], gate, 0) == WEIR_E_BUSY);
        const auto events = h.take();
        REQUIRE(events.size() == 3);
        REQUIRE(events[0].event.generation == n + 1);
        REQUIRE(ends(events) == std::to_string(2 * n) + "+ " + std::to_string(2 * n + 1) + "+");
    }
}

TEST_CASE("an arrival can be taken back, and one that is too late cannot") {
    scoped_host h;
    const auto gate = h.barrier("gate", 2);
    const weir_lane lanes[] = {h.lane("a"), h.lane("b")};
    CHECK(weir_lane_retract(lanes[0], gate) == WEIR_E_NOT_EXPECTED);
    REQUIRE(h.arrive(lanes[0], gate, 1) == WEIR_OK);
    CHECK(weir_lane_retract(lanes[0], gate) == WEIR_OK);
    CHECK(weir_lane_retract(lanes[0], gate) == WEIR_E_NOT_EXPECTED);
    CHECK(ends(h.take()) == "1c");
    REQUIRE(h.arrive(lanes[0], gate, 2) == WEIR_OK);
    REQUIRE(h.arrive(lanes[1], gate, 3) == WEIR_OK);
    CHECK(weir_lane_retract(lanes[0], gate) == WEIR_E_DECIDED);
    CHECK(weir_lane_withdraw(lanes[0], gate) == WEIR_E_DECIDED);
    CHECK(ends(h.take()) == "2+ 3+");
}

TEST_CASE("reservations hold a barrier until they are settled") {
    scoped_host h;
    const auto gate = h.barrier("gate");
    const auto a = h.lane("a");
    REQUIRE(weir_lane_expect(a, gate) == WEIR_OK);
    REQUIRE(weir_barrier_reserve(gate, 2) == WEIR_OK);
    REQUIRE(weir_barrier_open(gate) == WEIR_OK);
    REQUIRE(h.arrive(a, gate, 1) == WEIR_OK);
    CHECK(weir_barrier_settle(gate, 3) == WEIR_E_INVALID_ARGUMENT);
    CHECK(weir_barrier_settle(gate, 1) == WEIR_OK);
    CHECK(h.take().empty());
    const auto b = h.lane("b");
    REQUIRE(weir_lane_expect(b, gate) == WEIR_OK);
    CHECK(weir_barrier_settle(gate, 1) == WEIR_OK);
    CHECK(h.take().empty());
    REQUIRE(h.arrive(b, gate, 2) == WEIR_OK);
    CHECK(ends(h.take()) == "1+ 2+");
    CHECK(weir_barrier_reserve(gate, 1) == WEIR_E_DECIDED);
}

TEST_CASE("a child's lanes meet at the parent's barrier, and never the reverse") {
    scoped_host h;
    const auto gate = h.barrier("gate");
    const auto below = h.child("child");
    const auto a = h.lane("a");
    const auto b = h.lane("b", below);
    weir_barrier found = 0;
    REQUIRE(weir_barrier_find(below, "gate", 4, &found) == WEIR_OK);
    CHECK(found == gate);
    CHECK(weir_barrier_find(below, "gatr", 4, &found) == WEIR_E_NOT_FOUND);
    weir_barrier own = 0;
    REQUIRE(weir_barrier_declare(below, "own", 3, nullptr, &own, nullptr) == WEIR_OK);
    CHECK(weir_barrier_find(h.scope, "own", 3, &found) == WEIR_E_NOT_FOUND);
    CHECK(weir_lane_expect(a, own) == WEIR_E_INVALID_ARGUMENT);
    REQUIRE(weir_lane_expect(a, gate) == WEIR_OK);
    REQUIRE(weir_lane_expect(b, gate) == WEIR_OK);
    REQUIRE(weir_barrier_open(gate) == WEIR_OK);
    REQUIRE(h.arrive(a, gate, 1) == WEIR_OK);
    REQUIRE(h.arrive(b, gate, 2) == WEIR_OK);
    CHECK(ends(h.take()) == "1+ 2+");
    REQUIRE(weir_scope_close(below) == WEIR_OK);
    CHECK(weir_lane_finish(b, WEIR_SUCCEEDED) == WEIR_E_STALE);
    CHECK(weir_barrier_open(own) == WEIR_E_STALE);
    CHECK(scoped_host::last_of(h.until(WEIR_EVENT_SCOPE_CLOSED)).path == "child");
}

TEST_CASE("scopes of different trees never meet") {
    scoped_host one;
    scoped_host other;
    const auto gate = one.barrier("gate");
    const auto lane = other.lane("a");
    CHECK(weir_lane_expect(lane, gate) == WEIR_E_INVALID_ARGUMENT);
    CHECK(one.arrive(lane, gate, 1) == WEIR_E_INVALID_ARGUMENT);
    weir_lane made = 0;
    CHECK(weir_lane_open(one.scope, lane, nullptr, 0, 0, &made) == WEIR_E_INVALID_ARGUMENT);
}

TEST_CASE("closing a scope cancels who waits; its last event comes last, and handles are stale") {
    scoped_host h;
    const auto gate = h.barrier("gate");
    const auto a = h.lane("a");
    const auto b = h.lane("b");
    for (const auto lane : {a, b})
        REQUIRE(weir_lane_expect(lane, gate) == WEIR_OK);
    REQUIRE(weir_barrier_open(gate) == WEIR_OK);
    REQUIRE(h.arrive(a, gate, 1) == WEIR_OK);
    CHECK(weir_queue_destroy(h.queue) == WEIR_E_BUSY);
    CHECK(weir_runtime_destroy_wait(h.runtime) == WEIR_E_BUSY);
    REQUIRE(weir_scope_close(h.scope) == WEIR_OK);
    CHECK(weir_scope_close(h.scope) == WEIR_E_STALE);
    const auto events = h.take();
    CHECK(ends(events) == "1-");
    CHECK(events.back().event.kind == WEIR_EVENT_SCOPE_CLOSED);
    CHECK(events.back().path == "build");
    for (const auto handle : {h.scope, gate, a, b}) {
        CHECK(weir_scope_close(handle) == WEIR_E_STALE);
        CHECK(weir_barrier_open(handle) == WEIR_E_STALE);
        CHECK(weir_lane_finish(handle, WEIR_SUCCEEDED) == WEIR_E_STALE);
    }
}

TEST_CASE("events of a scope that nobody drains go with the queue") {
    scoped_host h;
    const auto gate = h.barrier("gate", 1);
    const auto a = h.lane("a");
    REQUIRE(h.arrive(a, gate, 1) == WEIR_OK);
    REQUIRE(weir_scope_close(h.scope) == WEIR_OK);
    CHECK(weir_queue_destroy(h.queue) == WEIR_OK);
    REQUIRE(weir_queue_create(nullptr, &h.queue, nullptr) == WEIR_OK);
}

TEST_CASE("a lane's patience and a barrier's, on a virtual clock") {
    scoped_host h{0, WEIR_CLOCK_VIRTUAL};
    const auto gate = h.barrier("gate", 3);
    const auto a = h.lane("a");
    const auto b = h.lane("b");
    REQUIRE(h.arrive(a, gate, 1, 5'000'000'000) == WEIR_OK);
    REQUIRE(h.arrive(b, gate, 2, 7'000'000'000) == WEIR_OK);
    auto events = h.until(WEIR_EVENT_BARRIER_DONE);
    CHECK(events[0].event.kind == WEIR_EVENT_BARRIER_BROKEN);
    CHECK(events[0].event.reason == WEIR_REASON_TIMED_OUT);
    CHECK(events[0].event.t_ns == 5'000'000'000);
    CHECK(events[0].input == R"({"culprit":"build/a","unnamed":1})");

    const auto patient = h.barrier("patient", 2, 0, 0, 1'000'000'000);
    REQUIRE(h.arrive(a, patient, 3) == WEIR_OK);
    events = h.until(WEIR_EVENT_BARRIER_BROKEN);
    CHECK(events.back().event.t_ns == 6'000'000'000);
    CHECK(events.back().input == R"({"unnamed":1})");

    const auto met = h.barrier("met", 2, 0, 0, 1'000'000'000);
    h.take();
    REQUIRE(h.arrive(a, met, 4, 10'000'000'000) == WEIR_OK);
    REQUIRE(h.arrive(b, met, 5, 10'000'000'000) == WEIR_OK);
    CHECK(ends(h.until(WEIR_EVENT_BARRIER_DONE)) == "4+");
}

TEST_CASE("a patience that ends takes one out of a quorum, and leaves the others to it") {
    scoped_host h{0, WEIR_CLOCK_VIRTUAL};
    const auto gate = h.barrier("gate", 3, 0, 2);
    const weir_lane lanes[] = {h.lane("a"), h.lane("b"), h.lane("c")};
    REQUIRE(h.arrive(lanes[0], gate, 1, 1000) == WEIR_OK);
    CHECK(ends(h.until(WEIR_EVENT_BARRIER_DONE)) == "1t");
    REQUIRE(h.arrive(lanes[1], gate, 2) == WEIR_OK);
    REQUIRE(h.arrive(lanes[2], gate, 3) == WEIR_OK);
    CHECK(ends(h.take()) == "2+ 3+");
}

TEST_CASE("many lanes arrive from many threads, each is told once, and nothing is lost") {
    scoped_host h{1};
    constexpr std::size_t threads = 4;
    constexpr std::size_t each = 250;
    const auto gate = h.barrier("gate", threads * each, WEIR_BARRIER_CYCLIC);
    std::vector<weir_lane> lanes;
    for (std::size_t i = 0; i < threads * each; ++i)
        lanes.push_back(h.lane(std::to_string(i)));
    for (int generation = 1; generation <= 20; ++generation) {
        std::atomic<int> refused{0};
        std::vector<std::jthread> hosts;
        for (std::size_t t = 0; t < threads; ++t) {
            hosts.emplace_back([&, t] {
                for (std::size_t i = t * each; i < (t + 1) * each; ++i)
                    refused += h.arrive(lanes[i], gate, i) != WEIR_OK ? 1 : 0;
            });
        }
        hosts.clear();
        REQUIRE(refused == 0);
        std::vector<bool> told(threads * each);
        std::size_t count = 0;
        while (count < told.size()) {
            for (const auto& t : h.take(256)) {
                if (t.event.kind != WEIR_EVENT_BARRIER_DONE)
                    continue;
                REQUIRE_FALSE(told[t.event.tag]);
                told[t.event.tag] = true;
                ++count;
            }
        }
        REQUIRE(h.take().empty());
    }
}

TEST_CASE("lanes that end while others drain leave nothing behind") {
    scoped_host h{1};
    for (int round = 0; round < 50; ++round) {
        const auto gate = h.barrier("gate" + std::to_string(round), 40);
        std::vector<weir_lane> lanes;
        for (int i = 0; i < 40; ++i) {
            lanes.push_back(h.lane(std::to_string(i)));
        }
        std::atomic<int> refused{0};
        std::jthread ender{[&] {
            for (std::size_t i = 0; i < lanes.size(); ++i) {
                const auto how = i % 7 == 0 ? WEIR_FAILED : WEIR_SUCCEEDED;
                if (weir_lane_arrive(lanes[i], gate, nullptr, 0, -1, i) != WEIR_OK ||
                    weir_lane_finish(lanes[i], how) != WEIR_OK) {
                    ++refused;
                }
            }
        }};
        std::size_t done = 0;
        while (done < 40 && refused == 0) {
            for (const auto& t : h.take(7)) {
                done += t.event.kind == WEIR_EVENT_BARRIER_DONE ? 1 : 0;
            }
        }
        ender.join();
        CHECK(done == 40);
        CHECK(refused == 0);
    }
}

TEST_CASE("a value that nests a hundred thousand deep is handed over as it is") {
    scoped_host h;
    const auto b = h.barrier("q");
    const auto a = h.lane("a");
    CHECK(weir_lane_expect(a, b) == WEIR_OK);
    CHECK(weir_barrier_open(b) == WEIR_OK);
    const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
    CHECK(h.arrive(a, b, 1, -1, deep) == WEIR_OK);
    const auto events = h.until(WEIR_EVENT_BARRIER_DONE);
    CHECK(events.front().input == "{\"values\":{\"build/a\":" + deep + "}}");
}
