// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/instance.hpp"
#include "adapters/plan/json_fwd.hpp"

#include <cstdint>
#include <string>

namespace weir::plan {

// The instances of a loop whose rule is another engine's: rows in order, each made when it is asked
// for. Immutable once an expansion has it. [own stack, any thread]
class row_source {
public:
    virtual ~row_source() = default;

    [[nodiscard]] virtual std::uint64_t count() const noexcept = 0;

    // Where the first row is, and the one behind another: positions are the source's own affair.
    // Asked only for rows that are there.
    [[nodiscard]] virtual std::uint64_t first() const noexcept { return 0; }
    [[nodiscard]] virtual std::uint64_t next(std::uint64_t position) const noexcept {
        return position + 1;
    }

    // The row's values, an object, appended as compact JSON.
    virtual void append_values(const instance&, std::string& out) const = 0;

    // What the engine puts behind the loop's name for this row: " 1/5", "(0:blue)".
    virtual void append_suffix(const instance&, std::string& out) const = 0;
};

}  // namespace weir::plan
