// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/check/symbolic.hpp"

#include <cstdint>
#include <optional>

namespace weir::check {

enum class answer : std::uint8_t { completes, stuck, gave_up };

struct searched {
    answer what = answer::completes;
    std::optional<symbolic_run> end;  // stuck: how it ended
};

// Locks that somebody may hold while he waits for something else, by key: only these can be part
// of a deadlock.
[[nodiscard]] std::vector<bool> held_while_waiting(const occurrences&);

// Steps ask for their locks, in some order, until nothing moves.
void go_on(symbolic_run&);

// Does every order of asking for the scenario's locks come to an end? Which orders there are is
// looked at exhaustively, for as long as there are steps left. Without locks there is one.
[[nodiscard]] searched search(const occurrences&, const scenario&, std::uint64_t& steps_left);

}  // namespace weir::check
