// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/run/activation.hpp"

#include <string_view>

namespace weir::runs {

// Ends what goes on at and below `at`: nothing further starts, waits end, steps are cancelled,
// gracefully then hard, and every party below breaks its barrier, at once. Each activation then
// ends in its own lane. `how` is why `at` itself ends; what is below it ends because of it.
// [worker]
void interrupt(activation& at, interruption how, std::string_view cause) noexcept;

// Nothing further starts at and below `at`; steps under way finish, and who waits at a barrier goes
// on waiting. [worker]
void halt(activation& at) noexcept;

}  // namespace weir::runs
