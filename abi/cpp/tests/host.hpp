// SPDX-License-Identifier: BSL-1.0
// One of each, and events that outlive their drain.
#pragma once

#include <weir/weir.hpp>

#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "abi/cpp/tests/check.hpp"

/// The value, or the end of the tests.
template <typename T>
T made(weir::result<T> result) {
    if (!result)
        std::fprintf(stderr, "%s\n", result.error().text().data());
    REQUIRE(result);
    return std::move(*result);
}

/// An event, copied.
struct told {
    explicit told(const weir::event& of)
        : event(of), path(of.path()), input(of.input()), json(of.json()) {}
    weir::event event;
    std::string path, input, json;

    weir::event_kind kind() const { return event.kind(); }
    weir::outcome outcome() const { return event.outcome(); }
    std::uint64_t tag() const { return event.tag(); }
};

struct host {
    weir::runtime runtime;
    weir::queue queue;
    weir::scope scope;
    weir::batch batch;
    std::deque<told> events;

    explicit host(weir::runtime_options how = {}, weir::queue_options fill = {})
        : runtime(made(weir::runtime::create(with_worker(how)))),
          queue(made(weir::queue::create(fill))),
          scope(made(weir::scope::open(runtime, queue, "build", 4711))) {}

    ~host() {
        if (scope)
            CHECK(scope.close());
        CHECK(queue.end());
        CHECK(runtime.end_wait());
    }

    static weir::runtime_options with_worker(weir::runtime_options how) {
        if (!how.polled && how.workers == 0)
            how.workers = 1;
        return how;
    }

    /// The next event.
    told next() {
        while (events.empty()) {
            REQUIRE(queue.drain_wait(batch, std::chrono::seconds(60)));
            for (const weir::event& each : batch)
                events.emplace_back(each);
        }
        told first = std::move(events.front());
        events.pop_front();
        return first;
    }

    /// Skips to the next one of a kind.
    told until(weir::event_kind kind) {
        for (;;) {
            told each = next();
            if (each.kind() == kind)
                return each;
        }
    }

    weir::lane lane(std::string_view name) { return made(scope.open_lane(name)); }

    /// A barrier that expects the lanes, open.
    template <typename... Lanes>
    weir::barrier meeting(std::string_view name, weir::barrier_options how, const Lanes&... lanes) {
        const weir::barrier at = made(scope.declare(name, how));
        (CHECK(lanes.expect(at)), ...);
        CHECK(at.open());
        return at;
    }
};
