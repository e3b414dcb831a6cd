// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/json.hpp"  // strategies are destroyed here
#include "adapters/plan/plan.hpp"

#include <deque>
#include <functional>
#include <memory_resource>
#include <string_view>
#include <vector>

namespace weir::plan {

// Texts that are kept once: a set with open addressing, since a plan of 10,000 stages keeps as
// many.
class interned_texts {
public:
    // The text that is equal to this one, or room for it: empty until the caller fills it.
    [[nodiscard]] std::string_view& place(std::string_view text) {
        if (2 * (used_ + 1) > slots_.size()) grow();
        std::string_view& slot = find(text);
        if (slot.empty()) ++used_;
        return slot;
    }

private:
    std::string_view& find(std::string_view text) {
        std::size_t at = std::hash<std::string_view>{}(text);
        for (;; ++at) {
            std::string_view& slot = slots_[at & (slots_.size() - 1)];
            if (slot.empty() || slot == text) return slot;
        }
    }
    void grow() {
        std::vector<std::string_view> old(slots_.empty() ? 256 : 4 * slots_.size());
        old.swap(slots_);
        for (const std::string_view text : old) if (!text.empty()) find(text) = text;
    }

    std::vector<std::string_view> slots_;   // a power of two, at most half full
    std::size_t used_ = 0;
};

// What a plan's nodes point into. Texts lie one behind another and are freed together; a deque
// keeps the addresses of extras while it grows.
struct plan::store {
    std::pmr::monotonic_buffer_resource texts{16 * 1024};
    std::deque<node_extras> extras;
    interned_texts interned;   // only while the plan is being built
};

}  // namespace weir::plan
