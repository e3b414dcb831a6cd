// SPDX-License-Identifier: BSL-1.0
#include <thread>
#include <vector>

#include "abi/cpp/tests/host.hpp"

using kind = weir::event_kind;
using end = weir::outcome;
using weir::status;

TEST(who_meets_goes_on_with_what_each_brought) {
    host h;
    weir::lane linux_ = h.lane("linux"), mac = h.lane("mac \"\u00e4\"");
    const weir::barrier built = h.meeting("built", {}, linux_, mac);
    CHECK(linux_.arrive(built, 1, {R"("weir.tar.gz")"}));
    CHECK(linux_.arrive(built, 1).code() == status::busy);
    CHECK(mac.arrive(built, 2, {R"({"a": ["]", 1]})"}));
    const told released = h.next();
    REQUIRE(weir::is_decision(released.event) && released.kind() == kind::barrier_released);
    for (std::uint64_t tag = 1; tag <= 2; ++tag) {
        const told done = h.next();
        CHECK(done.kind() == kind::barrier_done && done.tag() == tag &&
              done.outcome() == end::succeeded);
        CHECK(done.event.generation() == 1 && !done.event.late());
        CHECK(done.event.barrier() == built.handle() && done.event.scope() == h.scope.handle());
    }
    CHECK(linux_.finish(end::succeeded) && !linux_);
    CHECK(linux_.finish(end::succeeded).code() == status::stale);
}

/// The next ones, which may come in one batch.
static std::vector<weir::decision> decisions(host& h, std::size_t count) {
    std::vector<weir::decision> all;
    while (all.size() < count) {
        REQUIRE(h.queue.drain_wait(h.batch));
        for (const weir::event& each : h.batch) {
            if (weir::is_decision(each))
                all.push_back(weir::decision_of(each));
        }
    }
    return all;
}

static weir::decision decided(host& h) { return decisions(h, 1).front(); }

TEST(a_decision_has_values_by_lane) {
    host h;
    weir::lane a = h.lane("a \"\\\u00e4\xF0\x9F\x8C\x8A"), b = h.lane("b"), c = h.lane("c");
    const weir::barrier at = h.meeting("at", {}, a, b, c);
    CHECK(a.arrive(at, 1, {R"({"x": ["]", "\""]})"}) && c.arrive(at, 3) &&
          b.arrive(at, 2, {" 5\t"}));
    const weir::decision made = decided(h);
    CHECK(made.barrier == "at" && made.generation == 1 && made.arrived == 3);
    REQUIRE(made.values.size() == 2);
    CHECK(made.values[0].first == "build/a \"\\\u00e4\xF0\x9F\x8C\x8A");
    CHECK(made.values[0].second.find(R"(["]", "\""])") != std::string::npos);
    CHECK(made.values[1].first == "build/b" && made.values[1].second == "5");
}

TEST(a_break_says_who_is_to_blame_and_who_was_missing) {
    host h;
    weir::lane a = h.lane("a"), b = h.lane("b"), c = h.lane("c");
    const weir::barrier at = h.meeting("at", {}, a, b, c);
    CHECK(a.arrive(at, 1) && b.finish(end::failed));
    const weir::decision broken = decided(h);
    CHECK(broken.kind == kind::barrier_broken && broken.reason == weir::reason::failed);
    CHECK(broken.culprit == "build/b" && broken.arrived == 1 && broken.unnamed == 0);
    CHECK(broken.missing == std::vector<std::string>({"build/c"}));
    CHECK(c.arrive(at, 3));
    const told late = h.until(kind::barrier_done);
    CHECK(late.outcome() == end::failed && late.event.late() &&
          late.event.reason() == weir::reason::failed);
}

TEST(a_lane_that_is_dropped_fails_whom_it_was_to_meet) {
    host h;
    weir::lane a = h.lane("a");
    const weir::barrier at = made(h.scope.declare("at"));
    CHECK(a.expect(at));
    {
        weir::lane dropped = h.lane("dropped");
        CHECK(dropped.expect(at) && at.open());
    }
    const weir::decision broken = decided(h);
    CHECK(broken.culprit == "build/dropped" && broken.reason == weir::reason::cancelled);
}

TEST(an_arrival_is_taken_back_or_withdrawn) {
    host h;
    weir::lane a = h.lane("a"), b = h.lane("b");
    const weir::barrier at = h.meeting("at", {}, a, b);
    CHECK(a.retract(at).code() == status::not_expected);
    CHECK(a.arrive(at, 1) && a.retract(at));
    CHECK(h.until(kind::barrier_done).outcome() == end::cancelled);
    CHECK(a.arrive(at, 2) && a.withdraw(at));
    CHECK(h.until(kind::barrier_done).tag() == 2);
    CHECK(h.queue.drain(h.batch));
    CHECK(b.arrive(at, 3));
    CHECK(h.until(kind::barrier_done).outcome() == end::succeeded);
    CHECK(b.retract(at).code() == status::decided);
}

TEST(patience_of_one_or_of_the_barrier_ends) {
    host h({false, true});
    weir::lane a = h.lane("a"), b = h.lane("b");
    const weir::barrier one = h.meeting("one", {}, a, b);
    CHECK(a.arrive(one, 1, {{}, std::chrono::hours(1)}));
    told done = h.until(kind::barrier_done);
    CHECK(done.outcome() == end::failed && done.event.reason() == weir::reason::timed_out);
    weir::barrier_options how;
    how.timeout = std::chrono::hours(2);
    how.tag = 77;
    const weir::barrier all = h.meeting("all", how, a, b);
    CHECK(b.arrive(all, 2));
    const told broken = h.until(kind::barrier_broken);
    CHECK(broken.tag() == 77 && broken.event.reason() == weir::reason::timed_out);
}

TEST(many_lanes_arrive_by_one_call) {
    host h;
    constexpr std::uint32_t count = 1000;
    weir::barrier_options how;
    how.parties = count;
    how.cyclic = true;
    const weir::barrier at = made(h.scope.declare("at", how));
    std::vector<weir::lane> lanes;
    std::vector<weir_lane> handles;
    std::vector<std::uint64_t> tags;
    for (std::uint32_t i = 0; i < count; ++i) {
        lanes.push_back(h.lane({}));
        handles.push_back(lanes.back().handle());
        tags.push_back(i);
    }
    for (std::uint32_t round = 1; round <= 3; ++round) {
        const weir::arrived all = at.arrive_all(handles.data(), tags.data(), count);
        CHECK(all.said && all.accepted == count);
        for (std::uint32_t i = 0; i < count; ++i) {
            const told done = h.until(kind::barrier_done);
            CHECK(done.tag() == i && done.event.generation() == round);
        }
    }
    handles[1] = 0;
    const weir::arrived some = at.arrive_all(handles.data(), tags.data(), count);
    CHECK(some.said.code() == status::stale && some.accepted == 1);
}

TEST(hands_and_completions_decide) {
    host h;
    weir::lane a = h.lane("a"), b = h.lane("b");
    const weir::barrier released = h.meeting("released", {}, a, b),
                        broken = h.meeting("broken", {}, a, b);
    CHECK(a.arrive(released, 1) && released.release() &&
          released.release().code() == status::decided);
    CHECK(h.until(kind::barrier_released).event.reason() == weir::reason::by_hand);
    CHECK(a.arrive(broken, 1) && broken.break_now());
    CHECK(h.until(kind::barrier_broken).event.reason() == weir::reason::by_hand);
    weir::barrier_options how;
    how.completes = true;
    const weir::barrier completed = h.meeting("completed", how, a);
    CHECK(a.arrive(completed, 1));
    const std::uint32_t generation = h.until(kind::barrier_completing).event.generation();
    CHECK(completed.complete(generation, end::none).code() == status::invalid_argument);
    CHECK(completed.complete(generation, end::succeeded));
    CHECK(h.until(kind::barrier_done).outcome() == end::succeeded);
    CHECK(completed.complete(generation, end::failed).code() == status::decided);
}

TEST(reserved_places_hold_a_barrier_and_a_quorum_lets_go) {
    host h;
    weir::lane a = h.lane("a"), b = h.lane("b");
    const weir::barrier held = h.meeting("held", {}, a);
    CHECK(held.reserve(1) && a.arrive(held, 1));
    CHECK(made(held.describe()).view().find("reserved") != std::string_view::npos);
    CHECK(held.settle(2).code() == status::invalid_argument && held.settle(1));
    CHECK(h.until(kind::barrier_done).outcome() == end::succeeded);
    weir::barrier_options how;
    how.quorum = 1;
    how.stragglers_fail = true;
    const weir::barrier quorum = h.meeting("quorum", how, a, b);
    CHECK(a.arrive(quorum, 1));
    CHECK(h.until(kind::barrier_done).outcome() == end::succeeded);
    CHECK(b.arrive(quorum, 2));
    CHECK(h.until(kind::barrier_done).outcome() == end::failed);
}

TEST(scopes_below_see_barriers_above) {
    host h;
    const weir::barrier at = made(h.scope.declare("at"));
    CHECK(h.scope.declare("at").code() == status::exists);
    CHECK(h.scope.declare("").code() == status::invalid_argument);
    weir::scope below = made(h.scope.open_below("below", 5));
    CHECK(made(below.find("at")).handle() == at.handle());
    CHECK(below.find("none").code() == status::not_found);
    weir::lane parent = h.lane("parent");
    weir::lane child = made(below.open_lane_under(parent, "child"));
    CHECK(child.expect(at) && at.open() && child.arrive(at, 9));
    CHECK(h.until(kind::barrier_done).tag() == 9);
    CHECK(parent.finish(end::succeeded));
    CHECK(child.expect(at).code() == status::stale);
    CHECK(below.close());
    CHECK(h.until(kind::scope_closed).tag() == 5);
}

TEST(a_gate_hands_its_slots_out_in_order) {
    host h;
    weir::lane a = h.lane("a"), b = h.lane("b"), c = h.lane("c");
    CHECK(h.scope.open_gate("none", 0).code() == status::invalid_argument);
    const weir::gate at = made(h.scope.open_gate("at", 1));
    CHECK(a.take_slot(at, 1) && b.take_slot(at, 2) && c.take_slot(at, 3));
    CHECK(a.take_slot(at, 1).code() == status::busy);
    const told first = h.until(kind::slot_done);
    CHECK(first.tag() == 1 && first.outcome() == end::succeeded && first.path == "at");
    CHECK(first.event.barrier() == at.handle());
    CHECK(at.set_slots(2));
    CHECK(h.until(kind::slot_done).tag() == 2);
    CHECK(c.give_slot(at));
    CHECK(h.until(kind::slot_done).outcome() == end::cancelled);
    CHECK(c.give_slot(at).code() == status::bad_state && a.give_slot(at));
    CHECK(c.take_slot(at, 4));
    CHECK(h.until(kind::slot_done).tag() == 4);
    CHECK(at.set_slots(0).code() == status::invalid_argument);
}

TEST(who_waits_is_told_when_the_scope_closes) {
    host h;
    weir::lane a = h.lane("a"), b = h.lane("b");
    const weir::barrier at = h.meeting("at", {}, a, b);
    const weir::gate gate = made(h.scope.open_gate("gate", 1));
    CHECK(a.arrive(at, 1) && a.take_slot(gate, 2) && b.take_slot(gate, 3));
    CHECK(h.scope.close());
    int ended = 0;
    for (told each = h.next(); each.kind() != kind::scope_closed; each = h.next()) {
        ended += each.kind() == kind::barrier_done || each.kind() == kind::slot_done;
    }
    CHECK(ended == 3);
    CHECK(a.arrive(at, 5).code() == status::stale && at.open().code() == status::stale);
    CHECK(gate.set_slots(1).code() == status::stale);
}

TEST(lanes_arrive_from_many_threads) {
    host h;
    constexpr int count = 8, rounds = 200;
    weir::barrier_options how;
    how.parties = count;
    how.cyclic = true;
    const weir::barrier at = made(h.scope.declare("at", how));
    std::vector<weir::lane> lanes;
    for (int i = 0; i < count; ++i)
        lanes.push_back(h.lane({}));
    for (int round = 0; round < rounds; ++round) {
        std::thread other([&] {
            for (int i = 0; i < count / 2; ++i)
                CHECK(lanes[i].arrive(at, 0));
        });
        for (int i = count / 2; i < count; ++i)
            CHECK(lanes[i].arrive(at, 0));
        for (int i = 0; i < count; ++i)
            CHECK(h.until(kind::barrier_done).outcome() == end::succeeded);
        other.join();
    }
}

TEST(lanes_that_do_nothing_else_while_they_wait_are_told_of_a_circle) {
    host h;
    weir::scope circle = made(weir::scope::open(h.runtime, h.queue, "circle", 0, true));
    weir::lane a = made(circle.open_lane("a")), b = made(circle.open_lane("b"));
    const weir::barrier p = made(circle.declare("p")), q = made(circle.declare("q"));
    for (const weir::barrier* at : {&p, &q})
        CHECK(a.expect(*at) && b.expect(*at) && at->open());
    CHECK(a.arrive(p, 1));
    CHECK(a.arrive(q, 2).code() == status::busy);
    CHECK(b.arrive(q, 2));
    const std::vector<weir::decision> both = decisions(h, 2);
    const weir::decision& broken = both.front();
    CHECK(broken.barrier == "p" && broken.reason == weir::reason::deadlock);
    CHECK(broken.message ==
          "barrier 'p' waits for circle/b, which waits at barrier 'q' for circle/a, which waits at "
          "barrier 'p'");
    CHECK(both.back().barrier == "q");
}

TEST(what_is_wrong_is_refused_and_nothing_worse) {
    host h;
    weir::lane a = h.lane("a");
    const weir::barrier at = h.meeting("at", {}, a);
    CHECK(a.arrive(at, 1, {"{"}).code() == status::not_json);
    CHECK(a.arrive(at, 1, {"\"\xff\""}).code() == status::not_utf8);
    CHECK(h.scope.open_lane("\xff").code() == status::not_utf8);
    CHECK(a.arrive(weir::barrier(), 1).code() == status::stale);
    CHECK(weir::lane().arrive(at, 1).code() == status::stale);
    CHECK(a.finish(end::none).code() == status::invalid_argument && a);
    CHECK(h.lane("b").arrive(at, 1).code() == status::not_expected);
    CHECK(weir::scope().open_lane("x").code() == status::stale);
    CHECK(weir::scope::open(weir::runtime(), h.queue).code() == status::stale);
}
