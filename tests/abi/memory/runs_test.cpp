// SPDX-License-Identifier: BSL-1.0
// Whole runs, each with one request refused, or that one and all that follow until the run stands
// still: the run ends, once, with all that it owes its host, and the process goes on.
#include "tests/abi/memory/failing.hpp"
#include "tests/abi/memory/trials.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

using namespace weir::abi::test;

namespace {

// What was drained, without asking for memory.
struct tally {
    std::uint64_t seq = 0;
    bool gap = false;
    std::uint32_t started = 0, finished = 0;
    std::uint32_t nodes_started = 0, nodes_finished = 0;
    std::uint32_t steps_started = 0, steps_finished = 0, steps_cancelled = 0;
    std::uint32_t controls = 0, snapshots = 0;
    weir_outcome outcome = 0;
    weir_reason reason = 0;
};

constexpr std::size_t most_steps = 64;

// A host that keeps its books in arrays: it has no more memory than the library.
struct small_host {
    weir_runtime runtime = 0;
    weir_queue queue = 0;
    weir_plan plan = 0;
    weir_run run = 0;
    tally told;
    std::array<weir_step, most_steps> open{};
    std::array<weir_outcome, most_steps> how{};
    std::size_t opened = 0;
    std::uint32_t controls_accepted = 0, snapshots_accepted = 0;
    bool asked = false, paused = false;

    void note(const weir_event& e) {
        told.gap = told.gap || e.seq != told.seq + 1;
        told.seq = e.seq;
        told.started += e.kind == WEIR_EVENT_RUN_STARTED;
        told.nodes_started += e.kind == WEIR_EVENT_NODE_STARTED;
        told.nodes_finished += e.kind == WEIR_EVENT_NODE_FINISHED;
        told.steps_finished += e.kind == WEIR_EVENT_STEP_FINISHED;
        told.controls += e.kind == WEIR_EVENT_CONTROL;
        told.snapshots += e.kind == WEIR_EVENT_SNAPSHOT;
        if (e.kind == WEIR_EVENT_STEP_STARTED) {
            ++told.steps_started;
            const std::string_view path{e.path, e.path_length};
            how[opened] = path.ends_with("bad") ? WEIR_FAILED : WEIR_SUCCEEDED;
            open[opened++] = e.step;
        }
        if (e.kind == WEIR_EVENT_RUN_FINISHED) {
            ++told.finished;
            told.outcome = e.outcome;
            told.reason = e.reason;
        }
    }

    // False: nothing came.
    bool drain() {
        std::uint32_t all = 0;
        for (std::uint32_t count = 1; count != 0;) {
            std::array<weir_event, 8> events;
            if (weir_queue_drain(queue, events.data(), sizeof events[0], events.size(), &count) !=
                WEIR_OK) {
                return all != 0;
            }
            std::for_each_n(events.begin(), count, [&](const weir_event& e) { note(e); });
            all += count;
        }
        return all != 0;
    }

    // Steps called "bad" fail, all give an output.
    bool answer() {
        bool any = false;
        for (std::size_t i = 0; i < opened; ++i) {
            if (open[i] == 0) {
                continue;
            }
            constexpr std::string_view outputs = R"({"list": ["a", "b"], "n": 3})";
            const weir_status said =
                weir_step_finish(open[i], how[i], outputs.data(), outputs.size(), nullptr, 0);
            if (said != WEIR_E_NO_MEMORY) {
                open[i] = 0;
                any = true;
            }
        }
        return any;
    }

    // Control calls, once, when something is under way; who has paused a run must resume it.
    void ask() {
        if (!asked && opened != 0) {
            asked = true;
            paused = weir_run_pause(run, "tea", 3) == WEIR_OK;
            controls_accepted += paused;
            snapshots_accepted += weir_run_snapshot(run, 7) == WEIR_OK;
            (void)weir_step_progress(open[0], R"({"done": 1})", 11);
        }
        if (paused && weir_run_resume(run, nullptr, 0) == WEIR_OK) {
            ++controls_accepted;
            paused = false;
        }
    }

    void go_on() {
        for (bool moved = true; moved;) {
            (void)weir_runtime_poll(runtime, 0, nullptr);
            moved = drain();
            ask();
            moved = answer() || moved;
        }
    }
};

struct run_attempt {
    weir_status status = 0;
    bool short_of_something = false;
    long blocks = 0;
    const char* fault = nullptr;
};

const char* fault_in(const small_host& h, weir_outcome expected, bool short_of_something) {
    const tally& t = h.told;
    if (t.started != 1 || t.finished != 1) {
        return "run.started and run.finished come not once each";
    }
    if (t.gap) {
        return "there is a gap in the events' numbers";
    }
    if (t.nodes_started != t.nodes_finished) {
        return "nodes that started have not finished, or the reverse";
    }
    if (t.steps_started != t.steps_finished) {
        return "steps that started have not finished, or the reverse";
    }
    if (t.controls != h.controls_accepted || t.snapshots != h.snapshots_accepted) {
        return "a call that was accepted has not been answered";
    }
    if (t.reason == WEIR_REASON_NO_MEMORY) {
        return !short_of_something        ? "it ended for want of memory that there was"
               : t.outcome != WEIR_FAILED ? "a run without memory did not fail"
                                          : nullptr;
    }
    return t.outcome == expected ? nullptr : "it ended otherwise than with memory, without a word";
}

std::string read(const std::string& name) {
    std::ifstream in{WEIR_SOURCE_DIR "/tests/abi/memory/" + name};
    std::stringstream text;
    text << in.rdbuf();
    REQUIRE(!text.str().empty());
    return text.str();
}

weir_status load(const std::string& document, weir_plan& plan) {
    static const std::string child = read("child.yaml");
    weir_load_options how{};
    how.struct_size = sizeof how;
    how.flags = WEIR_LOAD_RUNNABLE;
    how.resolve = [](void*, const weir_reference*, weir_resolution* found) {
        found->text = child.data();
        found->text_length = child.size();
        return WEIR_OK;
    };
    return weir_plan_load(document.data(), document.size(), &how, &plan, nullptr, nullptr);
}

run_attempt try_run(const std::string& document, std::uint32_t flags, weir_outcome expected,
                    std::size_t at, bool for_good) {
    run_attempt made;
    {
        small_host h;
        weir_runtime_options polled{};
        polled.struct_size = sizeof polled;
        polled.flags = WEIR_RUNTIME_POLLED;
        polled.clock = WEIR_CLOCK_VIRTUAL;
        weir_queue_options json{};
        json.struct_size = sizeof json;
        json.flags = flags & WEIR_QUEUE_JSON;
        weir_run_options how{};
        how.struct_size = sizeof how;
        how.flags = WEIR_RUN_SLOTS_RELEASE;
        bool well = weir_runtime_create(&polled, &h.runtime, nullptr) == WEIR_OK &&
                    weir_queue_create(&json, &h.queue, nullptr) == WEIR_OK &&
                    load(document, h.plan) == WEIR_OK;
        {
            const shortage now{at, for_good};
            made.status = weir_run_start(h.runtime, h.plan, h.queue, &how, &h.run, nullptr);
            if (made.status == WEIR_OK) {
                h.go_on();
            }
            made.short_of_something = now.came();
        }
        if (made.status == WEIR_OK) {
            h.go_on();
            made.fault = fault_in(h, expected, made.short_of_something);
        } else if (made.status != WEIR_E_NO_MEMORY || !made.short_of_something) {
            made.fault = "it was not started, and not for want of memory";
        }
        well = well && weir_plan_release(h.plan) == WEIR_OK;
        well = weir_runtime_destroy_wait(h.runtime) == WEIR_OK && well;
        well = weir_queue_destroy(h.queue) == WEIR_OK && well;
        if (!well && !made.fault) {
            made.fault = "what was there before cannot be ended any more";
        }
    }
    made.blocks = blocks_in_use();
    return made;
}

const char* fault_of(const std::string& document, std::uint32_t flags, weir_outcome expected,
                     bool for_good, place& here) {
    run_attempt last;
    last.short_of_something = true;
    for (here.at = 0; last.short_of_something; ++here.at) {
        last = try_run(document, flags, expected, here.at, for_good);
        here.status = last.status;
        for (int times = 0; times < 5 && !last.fault; ++times) {
            const auto again = try_run(document, flags, expected, here.at, for_good);
            if (again.blocks <= last.blocks) {
                break;
            }
            last = again;
            last.fault = times == 4 ? "it leaves memory behind" : last.fault;
        }
        if (last.fault) {
            return last.fault;
        }
    }
    return nullptr;
}

}  // namespace

TEST_CASE("whatever runs out in a run, it ends once, with all that it owes, and says why") {
    const auto [name, expected] = GENERATE(table<std::string, weir_outcome>({
        {"meeting.yaml", WEIR_SUCCEEDED},
        {"failing.yaml", WEIR_CANCELLED},
        {"children.yaml", WEIR_SUCCEEDED},
    }));
    const bool for_good = GENERATE(false, true);
    const std::uint32_t flags = GENERATE(0U, WEIR_QUEUE_JSON);
    const std::string document = read(name);
    const place end =
        tried([&, expected = expected](
                  place& here) { return fault_of(document, flags, expected, for_good, here); },
              120);
    INFO(name << ", request " << end.at << (for_good ? " and all after it" : "")
              << (flags != 0 ? ", with JSON: " : ": ") << weir_status_name(end.status));
    CHECK(std::string{end.fault ? end.fault : ""} == "");
    CHECK(end.at > 100);
}

TEST_CASE("the log says which run ended for want of memory") {
    std::string said;
    said.reserve(256);
    small_host h;
    weir_runtime_options options{};
    options.struct_size = sizeof options;
    options.flags = WEIR_RUNTIME_POLLED;
    options.clock = WEIR_CLOCK_VIRTUAL;
    options.log = [](void* context, uint32_t, const char* message, uint32_t length) {
        static_cast<std::string*>(context)->append(message, length);
    };
    options.log_context = &said;
    const std::string document = read("meeting.yaml");
    REQUIRE(weir_runtime_create(&options, &h.runtime, nullptr) == WEIR_OK);
    REQUIRE(weir_queue_create(nullptr, &h.queue, nullptr) == WEIR_OK);
    REQUIRE(weir_plan_load(document.data(), document.size(), nullptr, &h.plan, nullptr, nullptr) ==
            WEIR_OK);
    REQUIRE(weir_run_start(h.runtime, h.plan, h.queue, nullptr, &h.run, nullptr) == WEIR_OK);
    {
        const shortage now{0, true};
        h.go_on();
    }
    h.go_on();
    CHECK(h.told.reason == WEIR_REASON_NO_MEMORY);
    CHECK(said == "memory ran out: run 'p' ends");
    REQUIRE(weir_plan_release(h.plan) == WEIR_OK);
    REQUIRE(weir_runtime_destroy_wait(h.runtime) == WEIR_OK);
    REQUIRE(weir_queue_destroy(h.queue) == WEIR_OK);
}
