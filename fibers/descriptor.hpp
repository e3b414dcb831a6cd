// SPDX-License-Identifier: BSL-1.0
#pragma once

namespace weir::fibers {

// An event descriptor that does not block and is not inherited; -1: the process has none left. It
// never is one of the first three: whoever prints to a standard stream that is closed would write
// into it. [any]
[[nodiscard]] int open_descriptor() noexcept;

}  // namespace weir::fibers
