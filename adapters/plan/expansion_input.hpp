// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/expansion.hpp"
#include "adapters/plan/json.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace weir::plan {

// Reads what a strategy says, expressions included. Each call gives false, and fills the refusal,
// when that is not what the place wants.
struct expansion_input {
    const expansion::evaluator& evaluate;
    std::uint64_t max_values;
    refusal& why;

    // The whole number of an amount that was given; negative is refused.
    [[nodiscard]] bool read(const amount&, std::string_view name, std::uint64_t& out) const;

    // Scalars as text; objects and lists as they are.
    [[nodiscard]] bool read(const value_list&, std::string_view name, std::vector<json>& out) const;

    bool refuse(code what, const span& where, std::string message) const;

private:
    [[nodiscard]] bool value_of(std::string_view text, std::string_view name, const span& where,
                                json& out) const;
};

}  // namespace weir::plan
