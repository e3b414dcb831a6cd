// SPDX-License-Identifier: BSL-1.0
// How a generation of a host's barrier ended, read from its event.
#pragma once

#include <weir/detail/json.hpp>
#include <weir/event.hpp>
#include <weir/names.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir {

/// Whether an event is the decision of a host's barrier.
inline bool is_decision(const event& of) noexcept {
    const event_kind kind = of.kind();
    return of.scope() != 0 &&
           (kind == event_kind::barrier_released || kind == event_kind::barrier_broken ||
            kind == event_kind::barrier_voided);
}

/// The decision of a host's barrier, copied out of its event.
struct decision {
    event_kind kind = event_kind::barrier_voided;  ///< barrier_released, _broken or _voided
    weir::reason reason = weir::reason::none;
    std::string barrier;           ///< its name
    std::uint32_t generation = 0;  ///< 1, 2, 3 ...
    std::uint32_t arrived = 0;     ///< how many had

    std::string culprit;               ///< the path of the lane that is to blame
    std::vector<std::string> missing;  ///< the paths of the lanes that had not arrived
    std::uint32_t unnamed = 0;         ///< how many more, of whom only the number was known
    std::uint32_t reserved = 0;        ///< places held for parties that were not known
    std::string message;                ///< of a deadlock: who waits for whom
    /// What lanes handed over, as JSON, by their paths, in the order in which they were expected.
    std::vector<std::pair<std::string, std::string>> values;
};

/// Reads the decision that an event tells. [any thread, never blocks]
inline decision decision_of(const event& of) {
    decision read;
    read.kind = of.kind();
    read.reason = of.reason();
    read.barrier = of.path();
    read.generation = of.generation();
    read.arrived = of.arrived();
    detail::json_reader from(of.input());
    from.object([&](std::string_view name) {
        if (name == "culprit") {
            read.culprit = from.string();
        } else if (name == "missing") {
            from.array([&] { read.missing.push_back(from.string()); });
        } else if (name == "unnamed") {
            read.unnamed = from.number();
        } else if (name == "reserved") {
            read.reserved = from.number();
        } else if (name == "message") {
            read.message = from.string();
        } else if (name == "values") {
            from.object([&](const std::string& lane) {
                read.values.emplace_back(lane, std::string(from.skip()));
            });
        } else {
            from.skip();
        }
    });
    return read;
}

}  // namespace weir
