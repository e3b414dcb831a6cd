// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "tests/plugin/library.hpp"

namespace weir::plugin::test {

// A host with one root scope.
struct scoped_host : host {
    explicit scoped_host(uint32_t workers = 0, weir_clock clock = WEIR_CLOCK_REAL,
                         uint32_t flags = 0)
        : host{workers, 0, clock} {
        auto options = sized<weir_scope_options>();
        options.name = "build";
        options.name_length = 5;
        options.tag = 4711;
        options.flags = flags;
        REQUIRE(weir_scope_open(runtime, queue, &options, &scope, nullptr) == WEIR_OK);
    }
    ~scoped_host() {
        if (weir_scope_close(scope) == WEIR_OK)
            CHECK(last_of(until(WEIR_EVENT_SCOPE_CLOSED, scope)).event.tag == 4711);
        take();
    }

    weir_scope child(const std::string& name) {
        auto options = sized<weir_scope_options>();
        options.name = name.data();
        options.name_length = static_cast<uint32_t>(name.size());
        options.parent = scope;
        weir_scope made = 0;
        REQUIRE(weir_scope_open(0, 0, &options, &made, nullptr) == WEIR_OK);
        return made;
    }
    weir_lane lane(const std::string& name, weir_scope in = 0, weir_lane under = 0) {
        weir_lane made = 0;
        REQUIRE(weir_lane_open(in != 0 ? in : scope, under, name.data(),
                               static_cast<uint32_t>(name.size()), 0, &made) == WEIR_OK);
        return made;
    }
    weir_barrier barrier(const std::string& name, uint32_t parties = 0, uint32_t flags = 0,
                         uint32_t quorum = 0, int64_t timeout_ns = 0) {
        auto options = sized<weir_barrier_options>();
        options.parties = parties;
        options.flags = flags;
        options.quorum = quorum;
        options.timeout_ns = timeout_ns;
        weir_barrier made = 0;
        REQUIRE(weir_barrier_declare(scope, name.data(), static_cast<uint32_t>(name.size()),
                                     &options, &made, nullptr) == WEIR_OK);
        return made;
    }
    static weir_status arrive(weir_lane lane, weir_barrier at, uint64_t tag,
                              int64_t timeout_ns = -1, const std::string& value = {}) {
        return weir_lane_arrive(lane, at, value.empty() ? nullptr : value.data(),
                                static_cast<uint32_t>(value.size()), timeout_ns, tag);
    }
    std::string described(weir_barrier at) {
        weir_text text = 0;
        REQUIRE(weir_barrier_describe(at, &text) == WEIR_OK);
        const char* data = nullptr;
        uint32_t length = 0;
        REQUIRE(weir_text_view(text, &data, &length) == WEIR_OK);
        std::string said{data, length};
        CHECK(weir_text_release(text) == WEIR_OK);
        return said;
    }

    // All events up to the first of that kind (and scope).
    std::vector<told> until(weir_event_kind kind, weir_scope of = 0) {
        std::vector<told> all;
        for (;;) {
            for (auto& t : take(1)) {
                all.push_back(std::move(t));
                if (all.back().event.kind == kind && (of == 0 || all.back().event.scope == of))
                    return all;
            }
        }
    }
    static const told& last_of(const std::vector<told>& all) { return all.back(); }

    weir_scope scope = 0;
};

// "7+ 8+ 9-": the tags of the arrivals that ended, with how.
inline std::string ends(const std::vector<told>& events) {
    std::string text;
    for (const told& t : events) {
        if (t.event.kind != WEIR_EVENT_BARRIER_DONE)
            continue;
        text += (text.empty() ? "" : " ") + std::to_string(t.event.tag);
        text += t.event.outcome == WEIR_SUCCEEDED   ? "+"
                : t.event.outcome == WEIR_FAILED    ? "-"
                : t.event.outcome == WEIR_CANCELLED ? "c"
                : t.event.outcome == WEIR_TIMED_OUT ? "t"
                                                    : "?";
        text += (t.event.flags & WEIR_EVENT_LATE) != 0 ? "l" : "";
    }
    return text;
}

}  // namespace weir::plugin::test
