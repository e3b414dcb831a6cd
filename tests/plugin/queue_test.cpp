// SPDX-License-Identifier: BSL-1.0
#include "tests/plugin/library.hpp"

using namespace weir::plugin::test;

namespace {

const std::string two_steps = pipeline(stage("a", step("x") + ", " + step("y")));

}  // namespace

TEST_CASE("the descriptor is raised once for the first event after a drain that found nothing") {
    host h;
    CHECK_FALSE(h.wait(0));
    h.start(two_steps);
    CHECK(weir_runtime_poll(h.runtime, 0, nullptr) == WEIR_OK);
    CHECK(h.wait(0));
    const auto first = h.take();
    REQUIRE_FALSE(first.empty());
    CHECK(h.wait(0));  // not armed: it stays as it was
    CHECK(h.take().empty());
    CHECK_FALSE(h.wait(0));  // armed
    CHECK(weir_step_finish(first.back().event.step, WEIR_SUCCEEDED, nullptr, 0, nullptr, 0) ==
          WEIR_OK);
    CHECK_FALSE(h.wait(0));  // nothing has happened yet: nobody polled
    CHECK(weir_runtime_poll(h.runtime, 0, nullptr) == WEIR_OK);
    CHECK(h.wait(0));
    h.until_finished(1);
}

TEST_CASE("a wake raises the descriptor without an event, until the next empty drain") {
    host h;
    CHECK(weir_queue_wake(h.queue) == WEIR_OK);
    CHECK(weir_queue_wake(h.queue) == WEIR_OK);
    CHECK(h.wait(0));
    CHECK(h.take().empty());
    CHECK_FALSE(h.wait(0));
}

TEST_CASE("events come in order whatever the capacity, and a longer stride leaves zeros") {
    struct wider {
        weir_event event;
        unsigned char later[24];
    };
    host h;
    const auto run = h.start(two_steps, WEIR_RUN_SIMULATE, 77);
    std::vector<told> all;
    std::array<wider, 3> some;
    for (bool over = false; !over;) {
        weir_runtime_poll(h.runtime, 0, nullptr);
        std::memset(some.data(), 0xAA, sizeof some);
        uint32_t count = 0;
        REQUIRE(weir_queue_drain(h.queue, &some[0].event, sizeof(wider), 3, &count) == WEIR_OK);
        REQUIRE(count <= 3);
        for (uint32_t i = 0; i < count; ++i) {
            for (const auto byte : some[i].later)
                CHECK(byte == 0);
            over = over || some[i].event.kind == WEIR_EVENT_RUN_FINISHED;
            all.emplace_back(some[i].event);
        }
        if (count == 0)
            h.wait(1);
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
        CHECK(all[i].event.seq == i + 1);
        CHECK(all[i].event.tag == 77);
        CHECK(all[i].event.run == run);
    }
}

TEST_CASE("what an event points to stays until the next drain") {
    host h;
    h.start(two_steps);
    weir_runtime_poll(h.runtime, 0, nullptr);
    std::array<weir_event, 32> events{};
    uint32_t count = 0;
    REQUIRE(weir_queue_drain(h.queue, events.data(), sizeof(weir_event), 32, &count) == WEIR_OK);
    REQUIRE(count > 2);
    const weir_event& started = events[count - 1];
    const std::string path(started.path, started.path_length),
        input(started.input, started.input_length);
    // The run goes on, and ends, meanwhile.
    CHECK(weir_run_cancel(started.run, nullptr, 0) == WEIR_OK);
    CHECK(weir_step_finish(started.step, WEIR_CANCELLED, nullptr, 0, nullptr, 0) == WEIR_OK);
    for (int i = 0; i < 9; ++i)
        weir_runtime_poll(h.runtime, 0, nullptr);
    CHECK(std::string(started.path, started.path_length) == path);
    CHECK(std::string(started.input, started.input_length) == input);
    CHECK(started.json[started.json_length] == '\0');
    // The last event's too, although its run is over.
    REQUIRE(weir_queue_drain(h.queue, events.data(), sizeof(weir_event), 32, &count) == WEIR_OK);
    CHECK(events[count - 1].kind == WEIR_EVENT_RUN_FINISHED);
    CHECK(std::string(events[count - 1].json).find("cancelled") != std::string::npos);
    CHECK(std::string(events[count - 2].path, events[count - 2].path_length) == "a");
}

TEST_CASE("a queue to which a run still sends is busy; with undrained events it may go") {
    host h;
    h.start(two_steps);
    CHECK(weir_queue_destroy(h.queue) == WEIR_E_BUSY);
    const auto started = h.until(WEIR_EVENT_STEP_STARTED);
    CHECK(weir_queue_destroy(h.queue) == WEIR_E_BUSY);
    CHECK(weir_run_cancel(started.event.run, nullptr, 0) == WEIR_OK);
    CHECK(weir_step_finish(started.event.step, WEIR_CANCELLED, nullptr, 0, nullptr, 0) == WEIR_OK);
    weir_runtime_poll(h.runtime, 0, nullptr);
    CHECK(weir_queue_destroy(h.queue) == WEIR_OK);  // run.finished was not taken
    CHECK(weir_queue_destroy(h.queue) == WEIR_E_STALE);
    h.queue = 0;
}

TEST_CASE("one queue serves runs of several runtimes, and each runtime several queues") {
    host one, two;
    const auto plan = load(two_steps);
    auto options = sized<weir_run_options>();
    options.flags = WEIR_RUN_SIMULATE;
    weir_run run = 0;
    for (int i = 0; i < 3; ++i) {
        REQUIRE(weir_run_start(two.runtime, plan, one.queue, &options, &run, nullptr) == WEIR_OK);
        REQUIRE(weir_run_start(one.runtime, plan, one.queue, &options, &run, nullptr) == WEIR_OK);
    }
    REQUIRE(weir_run_start(one.runtime, plan, two.queue, &options, &run, nullptr) == WEIR_OK);
    CHECK(weir_plan_release(plan) == WEIR_OK);
    std::size_t finished = 0;
    while (finished < 7) {
        for (auto* h : {&one, &two}) {
            for (const auto& t : h->take())
                finished += t.event.kind == WEIR_EVENT_RUN_FINISHED;
        }
    }
}

TEST_CASE("every kind of event has its JSON, which says the same as the struct") {
    host h{0, WEIR_QUEUE_JSON, WEIR_CLOCK_VIRTUAL};
    const auto barrier = [](const std::string& id, const std::string& ref) {
        return "{step: {identifier: " + id + ", name: " + id +
               ", type: Barrier, spec: {barrierRef: " + ref + "}}}";
    };
    const auto looped = [](const std::string& of, const std::string& strategy) {
        return of.substr(0, of.size() - 2) + ", strategy: " + strategy + "}}";
    };
    const auto document = pipeline(
        "{parallel: [" +
            stage("a", step("x") + ", " + barrier("m", "one") + ", " + barrier("n", "two")) + ", " +
            stage("b",
                  barrier("m", "one") + ", " +
                      looped(step("y"), "{repeat: {times: 3, maxConcurrency: 1}}") + ", " +
                      looped("{stepGroup: {identifier: g, name: g, steps: [" + barrier("n", "two") +
                                 "]}}",
                             "{repeat: {items: <+execution.steps.x.output.outputVariables.l>}}")) +
            "]}",
        "flowControl: {barriers: [{identifier: one, name: one}, {identifier: two, name: two}]}, ");
    const auto run = h.start(document);
    std::vector<told> all;
    for (bool over = false; !over;) {
        for (auto& t : h.take()) {
            if (t.event.kind == WEIR_EVENT_STEP_STARTED && t.path != "b/y_1") {
                weir_step_finish(t.event.step, WEIR_SUCCEEDED, nullptr, 0, nullptr, 0);
            }
            if (t.event.kind == WEIR_EVENT_STEP_STARTED && t.path == "b/y_1")
                weir_run_cancel(run, "why \"not\"\n\x01", 11);
            if (t.event.kind == WEIR_EVENT_STEP_CANCEL) {
                weir_step_finish(t.event.step, WEIR_CANCELLED, nullptr, 0, nullptr, 0);
            }
            over = over || t.event.kind == WEIR_EVENT_RUN_FINISHED;
            all.push_back(std::move(t));
        }
    }
    for (const auto& t : all) {
        INFO(t.json);
        const auto has = [&](const std::string& part) {
            return t.json.find(part) != std::string::npos;
        };
        CHECK(t.json.front() == '{');
        CHECK(t.json.back() == '}');
        CHECK(has("\"type\":\"" + std::string{weir_event_name(t.event.kind)} + "\""));
        CHECK(has("\"seq\":" + std::to_string(t.event.seq) + ","));
        CHECK(has("\"t_ns\":" + std::to_string(t.event.t_ns) + ","));
        CHECK(has("\"run\":\"p\""));
        if (t.event.outcome != 0)
            CHECK(has("\"outcome\":\"" + std::string{weir_outcome_name(t.event.outcome)} + "\""));
        if (t.event.attempt != 0)
            CHECK(has("\"attempt\":" + std::to_string(t.event.attempt)));
        if (!t.path.empty())
            CHECK(has("\"" + t.path + "\""));
        CHECK(has("\"late\":true") == ((t.event.flags & WEIR_EVENT_LATE) != 0));
        CHECK((t.event.step != 0) ==
              (t.event.kind >= WEIR_EVENT_STEP_STARTED && t.event.kind <= WEIR_EVENT_STEP_CANCEL));
        CHECK(t.event.scope == 0);
    }
    for (const auto kind :
         {WEIR_EVENT_RUN_STARTED, WEIR_EVENT_NODE_STARTED, WEIR_EVENT_STEP_STARTED,
          WEIR_EVENT_STEP_FINISHED, WEIR_EVENT_STEP_CANCEL, WEIR_EVENT_BARRIER_EXPECTED,
          WEIR_EVENT_BARRIER_RESERVED, WEIR_EVENT_BARRIER_SETTLED, WEIR_EVENT_BARRIER_ARRIVED,
          WEIR_EVENT_BARRIER_RELEASED, WEIR_EVENT_BARRIER_BROKEN, WEIR_EVENT_SLOT_WAITING,
          WEIR_EVENT_SLOT_TAKEN, WEIR_EVENT_SLOT_GIVEN, WEIR_EVENT_CONTROL,
          WEIR_EVENT_NODE_FINISHED, WEIR_EVENT_RUN_FINISHED}) {
        INFO(weir_event_name(kind));
        CHECK(std::ranges::any_of(all, [&](const told& t) { return t.event.kind == kind; }));
    }
}

TEST_CASE("without WEIR_QUEUE_JSON there is none") {
    host h{0, 0};
    h.start(two_steps, WEIR_RUN_SIMULATE);
    for (const auto& t : h.until_finished())
        CHECK(t.event.json == nullptr);
}
