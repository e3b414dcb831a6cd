// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/json.hpp"  // strategies are destroyed here
#include "adapters/plan/plan.hpp"

#include <deque>
#include <memory_resource>
#include <string_view>
#include <unordered_set>

namespace weir::plan {

// What a plan's nodes point into. Texts lie one behind another and are freed together; a deque
// keeps the addresses of extras while it grows.
struct plan::store {
    std::pmr::monotonic_buffer_resource texts{16 * 1024};
    std::deque<node_extras> extras;
    std::unordered_set<std::string_view> interned;  // only while the plan is being built
};

}  // namespace weir::plan
