// SPDX-License-Identifier: BSL-1.0
// Where lanes wait for each other.
#pragma once

#include <weir/weir.h>
#include <weir/detail/owner.hpp>
#include <weir/names.hpp>
#include <weir/text.hpp>

#include <chrono>
#include <cstdint>

namespace weir {

/// For whom a barrier waits, and how long: for all lanes that were expected, once, unless said
/// otherwise.
struct barrier_options {
    bool cyclic = false;           ///< a release begins the next generation
    bool stragglers_fail = false;  ///< with a quorum: who comes later fails; else passes
    bool completes = false;        ///< event_kind::barrier_completing comes before anybody goes on
    std::uint32_t parties = 0;     ///< so many more will come, whoever they are
    std::uint32_t quorum = 0;      ///< so many arrivals release it; 0: all
    std::chrono::nanoseconds timeout{0};  ///< from the first arrival of a generation; 0: none
    std::uint64_t tag = 0;
};

/// What weir_lanes_arrive said: the lanes before `accepted` have arrived, and `said` is about the
/// one there.
struct arrived {
    std::uint32_t accepted = 0;
    result<void> said;
};

/// A barrier of a scope, with which it ends: a small value, to be copied. scope::declare makes one.
/// All calls may be status::stale or forked; the barrier's end is event_kind::barrier_released,
/// _broken or _voided, of which weir::decision tells more.
class barrier {
public:
    barrier() noexcept = default;
    explicit barrier(weir_barrier handle) noexcept : handle_(handle) {}

    /// As event::barrier has it.
    weir_barrier handle() const noexcept { return handle_; }

    /// From here on it may decide: whoever is known from the start has been expected.
    /// [any thread, never blocks]
    result<void> open() const noexcept { return result<void>(weir_barrier_open(handle_)); }

    /// Holds places for parties that are not known yet: until they are settled nobody is released.
    /// status::decided: too late; invalid_argument: none, or too many. [any thread, never blocks]
    result<void> reserve(std::uint32_t places) const noexcept {
        return result<void>(weir_barrier_reserve(handle_, places));
    }

    /// Gives reserved places up; expect those who have become known before.
    /// status::invalid_argument: more than are held. [any thread, never blocks]
    result<void> settle(std::uint32_t places) const noexcept {
        return result<void>(weir_barrier_settle(handle_, places));
    }

    /// Decides by hand, now, for all: they go on. status::decided; busy: the event of the release
    /// before has not been drained. [any thread, never blocks]
    result<void> release() const noexcept { return result<void>(weir_barrier_release(handle_)); }

    /// Decides by hand, now, for all: they fail. status::decided. [any thread, never blocks]
    result<void> break_now() const noexcept { return result<void>(weir_barrier_break(handle_)); }

    /// Answers event_kind::barrier_completing, whose generation that is: succeeded releases all,
    /// any other outcome breaks it. status::decided: it broke meanwhile; invalid_argument: no
    /// outcome. [any thread, never blocks]
    result<void> complete(std::uint32_t generation, outcome how) const noexcept {
        return result<void>(
            weir_barrier_complete(handle_, generation, static_cast<weir_outcome>(how)));
    }

    /// Lets `count` lanes arrive by one call, without values or timeouts; each accepted one gets an
    /// event_kind::barrier_done with its tag. Statuses as of lane::arrive. [any thread, never
    /// blocks]
    arrived arrive_all(const weir_lane* lanes, const std::uint64_t* tags,
                       std::uint32_t count) const noexcept {
        std::uint32_t accepted = 0;
        const weir_status said = weir_lanes_arrive(lanes, tags, count, handle_, &accepted);
        return {accepted, result<void>(said)};
    }

    /// Tells as JSON where it stands: who has arrived, who is missing. status::limit, no_memory.
    /// [any thread, never blocks]
    result<text> describe() const noexcept {
        return detail::made<text>([&](weir_text* written, weir_error*) noexcept {
            return weir_barrier_describe(handle_, written);
        });
    }

private:
    weir_barrier handle_ = 0;
};

}  // namespace weir
