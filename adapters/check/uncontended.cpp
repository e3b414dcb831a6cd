// SPDX-License-Identifier: BSL-1.0
#include "adapters/check/occurrences.hpp"

#include <algorithm>
#include <limits>

namespace weir::check {

namespace {

// Those who ask for what may be one lock.
struct demand {
    std::uint64_t permits = 0, most = 0, capacity = std::numeric_limits<std::uint64_t>::max();
    occurrence_index holder = none;
    bool one_holder = true;

    void add(const demand& other) noexcept {
        permits += other.permits;
        most = std::max(most, other.most);
        capacity = std::min(capacity, other.capacity);
        one_holder = one_holder && other.one_holder &&
                     (holder == none || other.holder == none || holder == other.holder);
        holder = holder == none ? other.holder : holder;
    }
    // Nobody ever has to wait: they are one, or there is enough for all.
    [[nodiscard]] bool is_met() const noexcept {
        return permits <= capacity || (one_holder && most <= capacity);
    }
};

demand demand_of(const occurrences& all, const key& k) {
    demand made;
    for (const auto r : k.requests) {
        const auto permits = all.permits_of(r);
        made.add({permits, permits, all.capacity_of(r), all.holder_of(r), true});
    }
    return made;
}

}  // namespace

void occurrences::drop_uncontended() {
    demand all, unknown;
    for (const auto& k : keys_) {
        const auto here = demand_of(*this, k);
        all.add(here);
        if (!k.known)
            unknown.add(here);
    }
    for (auto& k : keys_) {
        auto may_be_equal = k.known ? demand_of(*this, k) : all;
        if (k.known)
            may_be_equal.add(unknown);
        if (k.amounts_known && may_be_equal.is_met())
            k.requests.clear();
    }
}

}  // namespace weir::check
