// SPDX-License-Identifier: BSL-1.0
#include "tests/abi/table/world.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cstring>

namespace weir::abi::test {

namespace {

constexpr unsigned char paint = 0xA5;

void nothing_to_wake(void*) {}
void nothing_to_take(void*, const weir_event*, uint32_t, uint32_t) {}

std::string_view text_for(std::string_view role) {
    return role == "document"   ? a_document
           : role == "strategy" ? "matrix: {os: [a, b, c]}"
           : role == "json"     ? "[1, 2.5]"
           : role == "object"   ? R"({"a": 2.5})"
           : role == "known"    ? "barrier"
                                : "words";
}

}  // namespace

word world::runtime() {
    weir_runtime_options options{};
    options.struct_size = sizeof options;
    options.flags = WEIR_RUNTIME_POLLED;
    options.clock = WEIR_CLOCK_VIRTUAL;
    weir_runtime made = 0;
    REQUIRE(weir_runtime_create(&options, &made, nullptr) == WEIR_OK);
    return made;
}

word world::run_of(const std::string& document) {
    weir_plan plan = 0;
    REQUIRE(weir_plan_load(document.data(), document.size(), nullptr, &plan, nullptr, nullptr) ==
            WEIR_OK);
    weir_run run = 0;
    REQUIRE(weir_run_start(handle("runtime"), plan, handle("queue"), nullptr, &run, nullptr) ==
            WEIR_OK);
    REQUIRE(weir_plan_release(plan) == WEIR_OK);
    return run;
}

// Answers the steps that start, or gives the last of them.
void world::drain(weir_step* step) {
    (void)weir_runtime_poll(handle("runtime"), 0, nullptr);
    for (uint32_t count = 1; count != 0;) {
        weir_event events[16];
        REQUIRE(weir_queue_drain(handle("queue"), events, sizeof events[0], 16, &count) == WEIR_OK);
        for (uint32_t i = 0; i < count; ++i) {
            if (events[i].kind != WEIR_EVENT_STEP_STARTED) {
                continue;
            }
            if (step) {
                *step = events[i].step;
            } else {
                (void)weir_step_finish(events[i].step, WEIR_CANCELLED, nullptr, 0, nullptr, 0);
            }
        }
    }
}

word world::step() {
    (void)handle("run");
    weir_step open = 0;
    drain(&open);
    REQUIRE(open != 0);
    return open;
}

word world::scope() {
    weir_scope made = 0;
    REQUIRE(weir_scope_open(handle("runtime"), handle("queue"), nullptr, &made, nullptr) ==
            WEIR_OK);
    return made;
}

word world::lane(const char* name) {
    weir_lane made = 0;
    REQUIRE(weir_lane_open(handle("scope"), 0, name, static_cast<uint32_t>(std::strlen(name)), 0,
                           &made) == WEIR_OK);
    return made;
}

// Two lanes are expected: "lane", and one that does not come.
word world::barrier(uint32_t flags, const char* name) {
    weir_barrier_options options{};
    options.struct_size = sizeof options;
    options.flags = flags;
    weir_barrier made = 0;
    REQUIRE(weir_barrier_declare(handle("scope"), name, static_cast<uint32_t>(std::strlen(name)),
                                 &options, &made, nullptr) == WEIR_OK);
    REQUIRE(weir_lane_expect(handle("lane"), made) == WEIR_OK);
    REQUIRE(weir_lane_expect(handle("lane.absent"), made) == WEIR_OK);
    return made;
}

word world::queue_in_use() {
    weir_queue made = 0;
    REQUIRE(weir_queue_create(nullptr, &made, nullptr) == WEIR_OK);
    return made;
}

word world::make(std::string_view role) {
    if (role.starts_with("runtime")) {
        return runtime();
    }
    if (role == "queue.dispatched") {
        const word made = queue_in_use();
        REQUIRE(weir_queue_dispatch(made, nothing_to_take, nullptr) == WEIR_OK);
        return made;
    }
    if (role.starts_with("queue")) {
        return queue_in_use();
    }
    if (role == "plan") {
        weir_plan made = 0;
        REQUIRE(weir_plan_load(a_document.data(), a_document.size(), nullptr, &made, nullptr,
                               nullptr) == WEIR_OK);
        return made;
    }
    if (role == "run") {
        return run_of(std::string{a_document});
    }
    if (role == "step") {
        return step();
    }
    if (role == "text") {
        weir_text made = 0;
        REQUIRE(weir_plan_describe(handle("plan"), WEIR_FORMAT_TREE, &made) == WEIR_OK);
        return made;
    }
    if (role == "scope") {
        return scope();
    }
    if (role.starts_with("lane")) {
        return lane(role == "lane" ? "lane" : "absent");
    }
    if (role == "barrier") {
        return barrier(0, "barrier");
    }
    if (role == "barrier.arrived") {
        const word made = barrier(0, "arrived");
        REQUIRE(weir_lane_arrive(handle("lane"), made, nullptr, 0, -1, 1) == WEIR_OK);
        return made;
    }
    if (role == "barrier.reserved") {
        const word made = barrier(0, "reserved");
        REQUIRE(weir_barrier_reserve(made, 3) == WEIR_OK);
        return made;
    }
    if (role == "barrier.completing") {
        const word made = barrier(WEIR_BARRIER_COMPLETES, "completing");
        for (const char* who : {"lane", "lane.absent"}) {
            REQUIRE(weir_lane_arrive(handle(who), made, nullptr, 0, -1, 1) == WEIR_OK);
        }
        REQUIRE(weir_barrier_open(made) == WEIR_OK);
        weir_event event{};
        uint32_t count = 0;
        REQUIRE(weir_queue_drain(handle("queue"), &event, sizeof event, 1, &count) == WEIR_OK);
        REQUIRE(event.kind == WEIR_EVENT_BARRIER_COMPLETING);
        generation_ = event.generation;
        return made;
    }
    if (role == "gate" || role == "gate.held") {
        weir_gate made = 0;
        REQUIRE(weir_gate_open(handle("scope"), nullptr, 0, 1, &made, nullptr) == WEIR_OK);
        if (role == "gate.held") {
            REQUIRE(weir_lane_take_slot(handle("lane"), made, 1) == WEIR_OK);
        }
        return made;
    }
    weir_loop made = 0;
    REQUIRE(role == "loop");
    const auto strategy = text_for("strategy");
    REQUIRE(weir_loop_open(strategy.data(), static_cast<uint32_t>(strategy.size()), nullptr, &made,
                           nullptr, nullptr, nullptr, nullptr) == WEIR_OK);
    return made;
}

word world::handle(std::string_view role) {
    if (role.ends_with('?')) {
        role.remove_suffix(1);
    }
    if (const auto found = handles_.find(role); found != handles_.end()) {
        return found->second;
    }
    const word made = make(role);
    handles_.emplace(role, made);
    return made;
}

word world::argument(std::string_view role, std::size_t at) {
    const std::map<std::string_view, word> plain{
        {"events", as_word(events_)},
        {"instances", as_word(instances_)},
        {"statistics", as_word(&statistics_)},
        {"error", as_word(&error_)},
        {"lanes", as_word(lanes_)},
        {"tags", as_word(tags_)},
        {"out", as_word(outs_.bytes[at])},
        {"out?", as_word(outs_.bytes[at])},
        {"accepted", as_word(outs_.bytes[at])},
        {"one", 1},
        {"number", 1},
        {"places", 1},
        {"slots", 1},
        {"tag", 1},
        {"outcome", WEIR_SUCCEEDED},
        {"format", WEIR_FORMAT_TREE},
        {"timeout", static_cast<word>(-1)},
        {"capacity", capacity},
        {"generation", generation_},
        {"abi", WEIR_ABI_MAJOR << 16 | WEIR_ABI_MINOR},
        {"wake", reinterpret_cast<word>(&nothing_to_wake)},
        {"take", reinterpret_cast<word>(&nothing_to_take)},
        {"context", 0},
    };
    if (const auto found = plain.find(role); found != plain.end()) {
        return found->second;
    }
    return 0;  // options
}

words world::good(const function& of) {
    for (const std::string& role : of.roles) {
        if (is_handle(role)) {
            (void)handle(role);
        }
    }
    if (of.takes("known")) {
        (void)handle("barrier");
    }
    if (of.takes("lanes")) {
        lanes_[0] = handle("lane");
    }
    words all = good_but_handles(of);
    for (std::size_t i = 0; i < of.roles.size(); ++i) {
        if (is_handle(of.roles[i])) {
            all[i] = handle(of.roles[i]);
        }
    }
    return all;
}

words world::good_but_handles(const function& of) {
    words all;
    for (std::size_t i = 0; i < of.roles.size(); ++i) {
        const std::string& role = of.roles[i];
        if (is_handle(role)) {
            all.push_back(0);
        } else if (is_text(role)) {
            all.push_back(as_word(text_for(role).data()));
            all.push_back(text_for(role).size());
            ++i;
        } else if (role == "stride") {
            all.push_back(of.takes("events") ? sizeof(weir_event) : sizeof(weir_instance));
        } else {
            all.push_back(argument(role, i));
        }
    }
    statistics_.struct_size = sizeof statistics_;
    error_.struct_size = sizeof error_;
    touch_up();
    return all;
}

void world::touch_up() {
    std::memset(&outs_, paint, sizeof outs_);
    std::memset(events_, paint, sizeof events_);
    std::memset(instances_, paint, sizeof instances_);
}

bool world::untouched() const {
    const auto painted = [](const auto& object) {
        const auto* const bytes = reinterpret_cast<const unsigned char*>(&object);
        return std::all_of(bytes, bytes + sizeof object, [](auto b) { return b == paint; });
    };
    return painted(outs_) && painted(events_) && painted(instances_);
}

bool world::end() {
    words all;
    for (const auto& [role, handle] : handles_) {
        all.push_back(handle);
    }
    const auto made = made_by_calls();
    all.insert(all.end(), made.begin(), made.end());
    let_go(all);
    for (int turn = 0; turn < 4 && handles_.contains("runtime") && handles_.contains("queue");
         ++turn) {
        drain(nullptr);
    }
    bool well = true;
    for (const word one : all) {
        well = weir_runtime_destroy_wait(one) != WEIR_E_BUSY && well;
    }
    for (const word one : all) {
        well = weir_queue_destroy(one) != WEIR_E_BUSY && well;
    }
    CHECK(well);
    handles_.clear();
    return well;
}

void world::end_made() {
    const words made = made_by_calls();
    let_go(made);
    for (const word one : made) {
        (void)weir_runtime_destroy_wait(one);
        (void)weir_queue_destroy(one);
    }
    touch_up();
}

void world::let_go(const words& all) {
    for (const word one : all) {
        (void)weir_queue_dispatch_end_wait(one);
        (void)weir_run_cancel(one, nullptr, 0);
        (void)weir_step_finish(one, WEIR_CANCELLED, nullptr, 0, nullptr, 0);
        (void)weir_scope_close(one);
        (void)weir_loop_close(one);
        (void)weir_text_release(one);
        (void)weir_plan_release(one);
    }
}

// What a call wrote, if it may be a handle.
std::vector<word> world::made_by_calls() const {
    std::vector<word> all;
    for (const auto& bytes : outs_.bytes) {
        word made = 0;
        std::memcpy(&made, bytes, sizeof made);
        all.push_back(made);
    }
    return all;
}

}  // namespace weir::abi::test
