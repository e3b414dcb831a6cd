// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/run/activation.hpp"

#include <string_view>
#include <vector>

namespace weir::runs {

// What is under way at a place of the roster, or around it.
[[nodiscard]] activation& under_way_at(const frame* place) noexcept;

// Who is missing first, or holds places for some.
[[nodiscard]] std::string_view first_missing(const meeting& at) noexcept;

// Waits each of which ends only after the next.
struct ring {
    std::vector<meeting*> barriers;  // in the order in which they came to be; none: no ring
    std::string_view story;          // for people; lives as long as the run
};

// A ring among waits that never end, with a barrier in it.
[[nodiscard]] ring ring_in(run& of, const std::vector<activation*>& later_first);

}  // namespace weir::runs
