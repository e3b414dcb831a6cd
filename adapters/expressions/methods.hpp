// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/json.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace weir::expressions {

// What an evaluation may still do, in bytes looked at or made and in calls.
class budget {
public:
    [[nodiscard]] bool spend(std::size_t bytes) noexcept {
        if (bytes >= left_) return false;
        left_ -= bytes + 1;
        return true;
    }

private:
    std::size_t left_ = std::size_t{64} << 20;
};

struct call {
    const json& self;                // unused by functions
    const std::vector<json>& given;  // as many as the table allows
    budget& work;
    std::string& error;              // filled on false, without naming the method
};

// [any] Calls the method `name` of `self`. False and `error` when there is none, or it does not
// take that.
[[nodiscard]] bool call_method(std::string_view name, const call&, json& out);

// [any] Functions go by a dotted name: json.select.
[[nodiscard]] bool is_function(std::string_view name) noexcept;
[[nodiscard]] bool call_function(std::string_view name, const call&, json& out);

inline constexpr std::size_t most_arguments = 16;

}  // namespace weir::expressions
