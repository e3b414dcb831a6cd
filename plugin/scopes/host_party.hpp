// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <atomic>
#include <cstdint>

#include "fibers/party.hpp"
#include "plugin/scopes/posted.hpp"

namespace weir::plugin {

struct host_lane;
class host_barrier;

// How an arrival ended.
struct ending {
    std::uint8_t verdict : 2 = 0;
    std::uint8_t reason : 4 = 0;
    std::uint8_t late : 1 = 0;
    std::uint8_t of_the_last : 1 = 0;  // generation; else of the one that it arrived in
};

// A host's lane at one barrier: one cache line, arrived or not, which is also the event that tells
// how the arrival ended. `owner` is the lane.
struct alignas(64) host_party : fibers::party {
    enum stage : std::uint8_t {
        idle,
        waiting,  // has arrived, undecided
        queued,   // its event is on its way: the consumer's from here on, back to idle
    };

    host_party(host_lane& whose, host_barrier& where) noexcept : party{&whose}, at{&where} {}

    ending ended;  // for the event
    std::atomic<stage> now{idle};
    host_barrier* at;
    std::uint64_t tag = 0;
    posted next;

    [[nodiscard]] host_lane& lane() const noexcept { return *static_cast<host_lane*>(owner); }
};

static_assert(sizeof(host_party) == 64);

}  // namespace weir::plugin
