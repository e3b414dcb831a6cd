// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "tests/plugin/scopes.hpp"

#include <initializer_list>

namespace weir::plugin::test {

// A host whose lanes do nothing while they wait.
struct sequential_host : scoped_host {
    explicit sequential_host(weir_clock clock = WEIR_CLOCK_REAL)
        : scoped_host{0, clock, WEIR_SCOPE_SEQUENTIAL} {}

    // A barrier that waits for these.
    weir_barrier of(const std::string& name, std::initializer_list<weir_lane> parties,
                    uint32_t flags = 0, uint32_t quorum = 0, int64_t timeout_ns = 0) {
        const auto made = barrier(name, 0, flags, quorum, timeout_ns);
        for (const auto lane : parties)
            REQUIRE(weir_lane_expect(lane, made) == WEIR_OK);
        REQUIRE(weir_barrier_open(made) == WEIR_OK);
        return made;
    }
    weir_gate gate(const std::string& name, uint32_t slots) {
        weir_gate made = 0;
        REQUIRE(weir_gate_open(scope, name.data(), static_cast<uint32_t>(name.size()), slots, &made,
                               nullptr) == WEIR_OK);
        return made;
    }
};

// "p!2 1- 2-": which barriers broke for a deadlock and how many had come, and how waits ended.
inline std::string story(const std::vector<told>& events) {
    std::string text;
    for (const told& t : events) {
        if (t.event.kind == WEIR_EVENT_BARRIER_DONE || t.event.kind == WEIR_EVENT_SLOT_DONE) {
            text += std::to_string(t.event.tag);
            text += t.event.outcome == WEIR_SUCCEEDED ? "+"
                    : t.event.outcome == WEIR_FAILED  ? "-"
                                                      : "c";
        } else if (t.event.reason == WEIR_REASON_DEADLOCK) {
            text += t.path + "!" + std::to_string(t.event.arrived);
        } else {
            text += t.path + "=";
        }
        text += " ";
    }
    return text;
}

}  // namespace weir::plugin::test
