// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/expansion.hpp"
#include "adapters/plan/plan.hpp"

#include <string_view>

namespace weir::runs {

// One level of the place where something happens in a run: a node, and which turn of its loop. The
// chain of parents gives expressions their names.
struct frame {
    const frame* parent = nullptr;
    const plan::node* what = nullptr;
    const plan::expansion* loop = nullptr;  // this is a turn of it; null: not a turn
    plan::instance turn;
    std::string_view path;        // unique in the run; owned by the run
    std::string_view known_as{};  // what expressions call it, where it runs again; empty: its path
    bool live = false;  // something happens here now; else it is looked at what will be certain

    [[nodiscard]] std::string_view name() const noexcept {
        return known_as.empty() ? path : known_as;
    }
};

}  // namespace weir::runs
