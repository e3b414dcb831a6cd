// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "examples/runner/descriptor.hpp"

namespace weir::runner {

// SIGINT, SIGTERM and SIGHUP as something to read. To be made before any thread is: threads inherit
// that these signals are blocked. SIGPIPE is ignored from then on.
class signals {
public:
    signals() noexcept;

    [[nodiscard]] int descriptor_number() const noexcept { return read_.get(); }

    // The next signal that came, or 0.
    [[nodiscard]] int next() const noexcept;

private:
    descriptor read_;
};

}  // namespace weir::runner
