// SPDX-License-Identifier: BSL-1.0
#include "adapters/check/minimal.hpp"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

namespace weir::check {

namespace {

using question = std::function<bool(const scenario&)>;

void shrink_sizes(const occurrences& all, scenario& found, const question& is_stuck) {
    for (std::uint32_t u = 0; u < found.chosen.size(); ++u) {
        if (all.unknowns()[u].what != unknown::about::size || found.chosen[u] == 0)
            continue;
        std::uint64_t low = 1;
        std::uint64_t high = found.chosen[u];
        while (low < high) {
            const auto middle = low + (high - low) / 2;
            found.chosen[u] = middle;
            if (is_stuck(found))
                high = middle;
            else
                low = middle + 1;
        }
        found.chosen[u] = high;
    }
}

// Those unknowns of a block that are not fixed, if it stays stuck without them.
void leave_out(scenario& found, std::size_t from, std::size_t to,
               const std::vector<std::uint32_t>& fixed, const question& is_stuck) {
    std::vector<std::pair<std::size_t, std::uint64_t>> before;
    for (auto u = from; u < to; ++u) {
        if (found.chosen[u] == 0 ||
            std::ranges::binary_search(fixed, static_cast<std::uint32_t>(u)))
            continue;
        before.emplace_back(u, found.chosen[u]);
        found.chosen[u] = 0;
    }
    if (before.empty() || is_stuck(found))
        return;
    for (const auto& [u, chosen] : before)
        found.chosen[u] = chosen;
}

}  // namespace

bool is_stuck(const occurrences& all, const scenario& given) {
    symbolic_run run{all, given};
    run.run();
    return !run.completed();
}

std::vector<std::uint32_t> two_sided(const occurrences& all, const scenario& worst) {
    std::set<std::uint32_t> found;
    const bool locks = std::ranges::find(worst.locked, true) != worst.locked.end();
    for (occurrence_index i = 0; !all.unknowns().empty() && i < all.size(); ++i) {
        const bool quorum = all[i].kind == occurrence_kind::barrier &&
                            all.document().barriers[all.node(i).barrier].quorum != 0;
        for (auto at = i; (quorum || locks) && at != none; at = all[at].parent) {
            found.insert(all[at].condition);
            if (all[at].kind == occurrence_kind::loop)
                found.insert(all.loop(all[at]).size);
        }
    }
    found.erase(none);
    return {found.begin(), found.end()};
}

sides sides_of(const scenario& worst, const std::vector<std::uint32_t>& two_sided,
               std::uint64_t most) {
    const auto n = two_sided.size();
    sides made;
    const auto add = [&](const auto& is_left_out) {
        made.tried.push_back(worst);
        for (std::size_t i = 0; i < n; ++i) {
            if (is_left_out(i))
                made.tried.back().chosen[two_sided[i]] = 0;
        }
    };
    made.all = n < 20 && (std::uint64_t{1} << n) <= most;
    if (made.all) {
        for (std::uint64_t out = 0; out < std::uint64_t{1} << n; ++out)
            add([=](std::size_t i) { return (out >> i & 1U) != 0; });
        return made;
    }
    add([](std::size_t) { return false; });
    add([](std::size_t) { return true; });
    for (std::size_t one = 0; one < n && made.tried.size() < most; ++one) {
        add([=](std::size_t i) { return i == one; });
        add([=](std::size_t i) { return i != one; });
    }
    return made;
}

// Leaves out ever smaller blocks of the unknowns, for as long as it stays stuck without them.
scenario minimal(const occurrences& all, const scenario& stuck,
                 const std::vector<std::uint32_t>& fixed, const question& is_stuck) {
    auto found = stuck;
    for (auto block = std::max<std::size_t>(found.chosen.size(), 1);; block = (block + 1) / 2) {
        for (std::size_t from = 0; from < found.chosen.size(); from += block)
            leave_out(found, from, std::min(from + block, found.chosen.size()), fixed, is_stuck);
        if (block == 1)
            break;
    }
    shrink_sizes(all, found, is_stuck);
    return found;
}

std::uint64_t least_that_completes(occurrences& all, const scenario& given, plan::node_index loop) {
    std::uint64_t turns = 0;
    std::uint64_t slots = 0;
    for (occurrence_index i = 0; i < all.size(); ++i) {
        if (all[i].what != loop || all[i].kind != occurrence_kind::loop)
            continue;
        slots = all.loop(all[i]).slots;
        std::uint64_t here = 0;
        for (auto t = all[i].first; t != none; t = all[t].next)
            ++here;
        turns = std::max(turns, here);
    }
    const auto completes = [&](std::uint64_t tried) {
        all.set_slots(loop, tried);
        return !is_stuck(all, given);
    };
    std::uint64_t low = 1;
    std::uint64_t high = turns;
    std::uint64_t least = 0;
    if (high > 0 && completes(high)) {
        while (low < high) {
            const auto middle = low + (high - low) / 2;
            if (completes(middle))
                high = middle;
            else
                low = middle + 1;
        }
        least = high;
    }
    all.set_slots(loop, slots);
    return least;
}

}  // namespace weir::check
