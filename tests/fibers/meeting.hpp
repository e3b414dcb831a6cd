// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "fibers/barrier.hpp"
#include "fibers/event.hpp"
#include "tests/fibers/support.hpp"

namespace weir::fibers::test {

// A barrier with named parties; lanes write down what they were told.
struct meeting {
    explicit meeting(worker& home, barrier_options options = {})
        : w{home}, b{home, this, watched(options)}, all{home} {}

    static barrier_options watched(barrier_options options) {
        options.when_decided = &meeting::decided;
        return options;
    }
    std::size_t index(const party& p) const {
        for (std::size_t i = 0; i < parties.size(); ++i) {
            if (&parties[i] == &p) {
                return i;
            }
        }
        return parties.size();
    }

    lane_party& expect(std::size_t i) {
        while (parties.size() <= i) {
            parties.emplace_back();
        }
        REQUIRE(b.expect(parties[i]));
        return parties[i];
    }
    void arrive(std::size_t i, std::int64_t deadline = -1) {
        all.spawn([this, i, deadline] {
            told[i] = b.arrive(parties[i], deadline);
            order += std::to_string(i);
        });
    }
    static void decided(barrier_core& b, const decision& d) noexcept {
        auto& self = *static_cast<meeting*>(b.owner);
        self.decisions.push_back(d);
        self.order += "!";
        b.for_each_missing([&](const party& p) { self.missing.push_back(&p); });
    }

    worker& w;
    std::deque<lane_party> parties;
    barrier b;
    decision told[64];
    std::vector<decision> decisions;
    std::vector<const party*> missing;
    std::string order;
    crew all;  // last: its end waits for the lanes
};

}  // namespace weir::fibers::test
