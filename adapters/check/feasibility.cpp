// SPDX-License-Identifier: BSL-1.0
#include "adapters/check/check.hpp"

#include "adapters/check/cycle.hpp"
#include "adapters/check/minimal.hpp"

#include <set>

namespace weir::check {

namespace {

std::uint32_t what_needs(occurrences& all, const scenario& given, const need& n) {
    if (n.least <= 1)
        return none;
    all.set_slots(n.loop, n.least - 1);
    symbolic_run run{all, given};
    run.run();
    const auto cycle = find_cycle(all, run);
    all.set_slots(n.loop, n.slots);
    for (const auto& e : cycle) {
        if (!e.from.lock)
            return all.meetings()[e.from.which].definition;
    }
    return none;
}

}  // namespace

std::vector<need> least_slots(const plan::plan& document, const options& how) {
    occurrences all{document, how.slots};
    std::vector<need> needs;
    std::set<plan::node_index> seen;
    for (occurrence_index i = 0; i < all.size(); ++i) {
        const bool capped =
            all[i].kind == occurrence_kind::loop && !all[i].never && all.loop(all[i]).slots != 0;
        if (capped && seen.insert(all[i].what).second)
            needs.push_back({all[i].what, all.loop(all[i]).slots, 0, none});
    }
    const auto worst = worst_case(all);
    for (auto& n : needs) {
        n.least = least_that_completes(all, worst, n.loop);
        n.barrier = what_needs(all, worst, n);
    }
    return needs;
}

}  // namespace weir::check
