// SPDX-License-Identifier: BSL-1.0
// Loops and gates of a host.
#include "adapters/plan/json.hpp"
#include "tests/plugin/scopes.hpp"

using namespace weir;
using namespace weir::plugin::test;

namespace {

struct opened {
    explicit opened(const std::string& strategy, uint32_t flags = 0, uint64_t most = 0,
                    std::string_view dialect = {}) {
        auto options = sized<weir_loop_options>();
        options.flags = flags;
        options.most = most;
        options.dialect = dialect.data();
        options.dialect_length = static_cast<uint32_t>(dialect.size());
        error.struct_size = sizeof error;
        status = weir_loop_open(strategy.data(), static_cast<uint32_t>(strategy.size()), &options,
                                &loop, &count, &concurrency, &diagnostics, &error);
    }
    ~opened() {
        CHECK(weir_loop_close(loop) == WEIR_OK);
        CHECK(weir_text_release(diagnostics) == WEIR_OK);
    }

    // "E0401@1:9 W0401@1:1"
    [[nodiscard]] std::string findings() const {
        const char* text = nullptr;
        uint32_t length = 0;
        REQUIRE(weir_text_view(diagnostics, &text, &length) == WEIR_OK);
        std::string all;
        for (const json& d : json::parse(std::string_view{text, length})) {
            all += (all.empty() ? "" : " ") + d["code"].get<std::string>() + "@" +
                   d["line"].dump() + ":" + d["column"].dump();
        }
        return all;
    }

    // "_0 {...}; _1 {...}"
    std::string next(uint32_t capacity) {
        std::vector<weir_instance> some(capacity);
        uint32_t got = 0;
        REQUIRE(weir_loop_next(loop, some.data(), sizeof(weir_instance), capacity, &got) ==
                WEIR_OK);
        std::string text;
        for (uint32_t i = 0; i < got; ++i) {
            text += (i == 0 ? "" : "; ") + std::to_string(some[i].index) + " " +
                    std::string(some[i].suffix, some[i].suffix_length) + " " +
                    std::string(some[i].values, some[i].values_length);
        }
        return text;
    }

    weir_loop loop = 0;
    uint64_t count = 0, concurrency = 0;
    weir_text diagnostics = 0;
    weir_error error{};
    weir_status status = 0;
};

weir_gate gate_of(weir_scope scope, uint32_t slots) {
    weir_gate made = 0;
    REQUIRE(weir_gate_open(scope, "cap", 3, slots, &made, nullptr) == WEIR_OK);
    return made;
}

// "7+ 8c": the tags of the waits that ended, with how.
std::string slots_in(const std::vector<told>& events) {
    std::string text;
    for (const told& t : events) {
        if (t.event.kind != WEIR_EVENT_SLOT_DONE)
            continue;
        CHECK(t.path == "cap");
        text += (text.empty() ? "" : " ") + std::to_string(t.event.tag);
        text += t.event.outcome == WEIR_SUCCEEDED ? "+" : "c";
    }
    return text;
}

}  // namespace

TEST_CASE("a strategy is walked in pieces, in YAML or JSON, with or without its key") {
    opened m{
        "matrix: {os: [linux, mac], arch: [x86, arm], exclude: [{os: mac, arch: x86}]}\n"
        "maxConcurrency: 2"};
    CHECK(std::string{m.error.text} == "");
    REQUIRE(m.status == WEIR_OK);
    CHECK(m.count == 3);
    CHECK(m.concurrency == 2);
    CHECK(m.next(2) == R"(0 _0_0 {"os":"linux","arch":"x86"}; 1 _0_1 {"os":"linux","arch":"arm"})");
    CHECK(m.next(2) == R"(2 _1_1 {"os":"mac","arch":"arm"})");
    CHECK(m.next(2).empty());

    opened r{R"({"strategy": {"repeat": {"times": 2}}})"};
    REQUIRE(r.status == WEIR_OK);
    CHECK(r.next(9) == "0 _0 {}; 1 _1 {}");
}

TEST_CASE("a million combinations are walked without being made first") {
    std::string axis = "[";
    for (int i = 0; i < 1000; ++i)
        axis += (i == 0 ? "" : ",") + std::to_string(i);
    axis += "]";
    opened m{"matrix: {a: " + axis + ", b: " + axis + "}"};
    REQUIRE(m.status == WEIR_OK);
    CHECK(m.count == 1'000'000);
    CHECK(m.next(1) == R"(0 _0_0 {"a":"0","b":"0"})");
}

TEST_CASE("a strategy that cannot be walked is refused, with the reason and the place") {
    const auto refused = [](const std::string& text, uint64_t most = 0) {
        const opened o{text, 0, most};
        CHECK(o.status == WEIR_E_DOCUMENT);
        CHECK(o.loop == 0);
        return std::string{o.error.text};
    };
    using Catch::Matchers::ContainsSubstring;
    CHECK_THAT(refused("matrix: {a: <+x.y>}"), ContainsSubstring("known only at run time"));
    CHECK_THAT(refused("repeat: {times: 5}", 4), ContainsSubstring("at 1:"));
    CHECK_THAT(refused("matrix: ["), ContainsSubstring("E0"));
    CHECK_THAT(refused(""), ContainsSubstring("E0"));
    CHECK_THAT(refused("while: {}"), ContainsSubstring("E0"));
    CHECK_THAT(refused("nonsense: 1"), ContainsSubstring("nonsense"));
}

TEST_CASE("what a text does not say outright stands as it is written, or is refused") {
    opened m{"matrix: {a: [<+x.y>, b], nodeName: \"n-<+matrix.a>-<+z>-<+strategy.iteration>\"}"};
    REQUIRE(m.status == WEIR_OK);
    CHECK(m.findings().empty());
    CHECK(m.next(9) == R"(0 _n___x_y____z__0 {"a":"<+x.y>"}; 1 _n_b___z__1 {"a":"b"})");

    const opened size{"matrix:\n  a: <+x.y>"};
    CHECK(size.status == WEIR_E_DOCUMENT);
    CHECK(size.findings() == "E0404@2:6");
    const opened cap{"repeat: {times: 2, maxConcurrency: <+x>}"};
    CHECK(cap.status == WEIR_OK);
    CHECK(cap.concurrency == 0);
    CHECK(cap.findings() == "W0406@1:36");
}

TEST_CASE("a loop may be written as other engines have it") {
    opened g{"matrix: {os: [a, b], include: [{os: A, fast: true}]}", 0, 0, "github"};
    REQUIRE(g.status == WEIR_OK);
    CHECK(g.next(9) == R"(0  (a, true) {"os":"a","fast":true}; 1  (b) {"os":"b"})");
    opened l{"parallel: 2", 0, 0, "gitlab"};
    CHECK(l.next(9) == R"(0  1/2 {}; 1  2/2 {})");
    opened t{"matrix: {params: [{name: p, value: [x]}]}", 0, 0, "tekton"};
    CHECK(t.next(9) == R"(0 -0 {"p":"x"})");
    opened a{"withSequence: {start: 3, end: 2}", 0, 0, "argo"};
    CHECK(a.next(9) == R"(0 (0:3) {"item":"3"}; 1 (1:2) {"item":"2"})");
    CHECK(a.findings() == "W0404@1:31");

    opened limit{"parallel: 201", 0, 0, "gitlab"};
    CHECK(limit.status == WEIR_E_DOCUMENT);
    CHECK(limit.findings() == "E0403@1:11");
    const opened raised{"parallel: 201", 0, 300, "gitlab"};
    CHECK(raised.status == WEIR_OK);

    const opened unknown{"parallel: 2", 0, 0, "gitlob"};
    CHECK(unknown.status == WEIR_E_INVALID_ARGUMENT);
    CHECK(std::string{unknown.error.text} ==
          "dialect: 'gitlob' is none of harness, github, gitlab, tekton, argo");
}

TEST_CASE("a loop's handle and arguments are looked at") {
    opened o{"repeat: {times: 3}"};
    weir_instance one{};
    uint32_t count = 0;
    CHECK(weir_loop_next(o.loop, nullptr, sizeof one, 1, &count) == WEIR_E_INVALID_ARGUMENT);
    CHECK(weir_loop_next(o.loop, &one, sizeof one, 0, &count) == WEIR_E_INVALID_ARGUMENT);
    CHECK(weir_loop_next(o.loop, &one, sizeof one - 8, 1, &count) == WEIR_E_STRUCT_SIZE);
    CHECK(weir_loop_next(o.loop, &one, sizeof one + 1, 1, &count) == WEIR_E_STRUCT_SIZE);
    CHECK(weir_loop_next(0, &one, sizeof one, 1, &count) == WEIR_E_STALE);
    CHECK(weir_loop_close(o.loop + 1) == WEIR_E_STALE);
    CHECK(weir_loop_close(0) == WEIR_OK);
}

TEST_CASE("slots of a gate go to lanes in the order in which they asked") {
    scoped_host h;
    const auto gate = gate_of(h.scope, 2);
    std::vector<weir_lane> lanes;
    for (uint64_t i = 0; i < 5; ++i) {
        lanes.push_back(h.lane("l" + std::to_string(i)));
        CHECK(weir_lane_take_slot(lanes[i], gate, i) == WEIR_OK);
    }
    CHECK(weir_lane_take_slot(lanes[0], gate, 9) == WEIR_E_BUSY);  // it has one
    CHECK(weir_lane_take_slot(lanes[3], gate, 9) == WEIR_E_BUSY);  // it waits
    CHECK(slots_in(h.take()) == "0+ 1+");

    CHECK(weir_lane_give_slot(lanes[3], gate) == WEIR_OK);  // it does not wait any more
    CHECK(weir_lane_give_slot(lanes[3], gate) == WEIR_E_BAD_STATE);
    CHECK(weir_lane_give_slot(lanes[0], gate) == WEIR_OK);
    CHECK(slots_in(h.take()) == "3c 2+");
    CHECK(weir_lane_finish(lanes[1], WEIR_FAILED) == WEIR_OK);  // gives by itself
    CHECK(slots_in(h.take()) == "4+");

    CHECK(weir_lane_take_slot(lanes[3], gate, 33) == WEIR_OK);
    CHECK(weir_lane_take_slot(lanes[0], gate, 30) == WEIR_OK);
    CHECK(h.take().empty());
    CHECK(weir_gate_set_slots(gate, 3) == WEIR_OK);
    CHECK(slots_in(h.take()) == "33+");
    CHECK(weir_gate_set_slots(gate, 0) == WEIR_E_INVALID_ARGUMENT);

    CHECK(weir_lane_finish(lanes[0], WEIR_SUCCEEDED) == WEIR_OK);  // it waited
    CHECK(slots_in(h.take()) == "30c");
}

TEST_CASE("who waits at a gate when its scope closes is told before the scope's last event") {
    scoped_host h;
    const auto inner = h.child("inner");
    const auto gate = gate_of(inner, 1);
    const auto a = h.lane("a", inner), b = h.lane("b", inner);
    CHECK(weir_lane_take_slot(a, gate, 1) == WEIR_OK);
    CHECK(weir_lane_take_slot(b, gate, 2) == WEIR_OK);
    const auto outside = h.lane("outside");
    CHECK(weir_lane_take_slot(outside, gate, 3) == WEIR_E_INVALID_ARGUMENT);
    CHECK(weir_scope_close(inner) == WEIR_OK);
    CHECK(weir_gate_set_slots(gate, 2) == WEIR_E_STALE);
    const auto events = h.until(WEIR_EVENT_SCOPE_CLOSED, inner);
    CHECK_THAT(slots_in(events), Catch::Matchers::StartsWith("1+"));
    CHECK_THAT(slots_in(events), Catch::Matchers::ContainsSubstring("2"));
}
