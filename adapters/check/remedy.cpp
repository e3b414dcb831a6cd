// SPDX-License-Identifier: BSL-1.0
#include "adapters/check/remedy.hpp"

#include "adapters/check/explain.hpp"
#include "adapters/check/minimal.hpp"

#include <algorithm>
#include <map>

namespace weir::check {

namespace {

constexpr std::size_t most_loops = 8;

class search_for_slots {
public:
    search_for_slots(occurrences& all, const scenario& given, const std::vector<edge>& cycle)
        : all_{all}, given_{given} {
        for (const auto& e : cycle)
            wanted_.push_back(e.from);
        for (auto at = short_of_slots(cycle); at != none && found_.raise.size() < most_loops;
             at = next())
            relax(at);
        for (auto& [loop, enough] : found_.raise) {
            all_.set_slots(loop, had_.at(loop));
            enough = least_that_completes(all_, given_, loop);
            all_.set_slots(loop, 0);
        }
        for (const auto& [loop, slots] : had_)
            all_.set_slots(loop, slots);
    }

    [[nodiscard]] remedy found() && { return std::move(found_); }

private:
    static occurrence_index short_of_slots(const std::vector<edge>& cycle) {
        const auto at = std::ranges::find(cycle, edge::because::no_slot, &edge::why);
        return at == cycle.end() ? none : at->around;
    }

    void relax(occurrence_index loop) {
        const auto node = all_[loop].what;
        found_.raise.emplace_back(node, 0);
        had_[node] = all_.loop(all_[loop]).slots;
        found_.release = found_.release && !all_.loop(all_[loop]).in_rounds;
        if (!all_.cycles_of(loop).empty())
            found_.by_turns = node;
        all_.set_slots(node, 0);
    }

    // The next loop that holds up the same barriers.
    occurrence_index next() const {
        symbolic_run run{all_, given_};
        run.run();
        const auto cycle = find_cycle(all_, run);
        const bool same = std::ranges::any_of(cycle, [&](const edge& e) {
            return std::ranges::find(wanted_, e.from) != wanted_.end();
        });
        const auto loop = short_of_slots(cycle);
        return same && loop != none && !had_.contains(all_[loop].what) ? loop : none;
    }

    occurrences& all_;
    const scenario& given_;
    std::vector<obstacle> wanted_;
    std::map<plan::node_index, std::uint64_t> had_;
    remedy found_;
};

}  // namespace

remedy remedy_for(occurrences& all, const scenario& given, const std::vector<edge>& cycle) {
    if (loop_in(all, cycle) == plan::no_node)
        return {};
    return search_for_slots{all, given, cycle}.found();
}

}  // namespace weir::check
