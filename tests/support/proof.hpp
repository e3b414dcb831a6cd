// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <iosfwd>
#include <string>
#include <vector>

namespace weir::test {

struct violation {
    std::size_t line;  // of the file, from 1; 0: of the whole
    std::string what;
};

// What an events file says, and where it contradicts what docs/events.md promises of every run.
struct proof {
    std::vector<violation> violations;
    std::size_t events = 0, nodes = 0, steps = 0;
    std::size_t released = 0, broken = 0, voided = 0;

    [[nodiscard]] bool holds() const noexcept { return violations.empty(); }
};

// Proves a run right from its events alone, one JSON object a line:
//  - seq counts from 1 without a gap, time never goes back, run.started is first and run.finished
//    last, once;
//  - every node starts once and finishes once, within the nodes around it; likewise each try of a
//    step, within its node;
//  - every barrier of every scope and generation is decided exactly once;
//  - before a release every expected party arrived or withdrew, or the `quorum` that it names has
//    arrived; nothing was reserved, and `parties` is how many had arrived; at a break, who had not arrived is named as missing;
//  - nobody goes on before the decision, and nobody who waited is left without an end;
//  - slots are taken before they are given back, and all are given back; steps of a turn with a
//    slot are under way only while it holds it.
[[nodiscard]] proof prove(std::istream& events);

// "line 12: ..." for each violation; for a proof that holds, one line of counts.
[[nodiscard]] std::string report(const proof& of);

}  // namespace weir::test
