// SPDX-License-Identifier: BSL-1.0
#include "adapters/check/inquiry.hpp"

#include "adapters/check/minimal.hpp"

#include <algorithm>
#include <set>

namespace weir::check {

namespace {

constexpr std::size_t most_equalities = 50;  // of keys that are tried
constexpr std::size_t most_tried_together = 6;
constexpr std::uint64_t most_runs = 20;  // that the search of one side of the unknowns may cost

scenario at_best(scenario given, const std::vector<std::uint32_t>& fixed) {
    for (std::uint32_t u = 0; u < given.chosen.size(); ++u) {
        if (!std::ranges::binary_search(fixed, u))
            given.chosen[u] = 0;
    }
    return given;
}

scenario without_locks(scenario given) {
    given.locked.assign(given.locked.size(), false);
    return given;
}

}  // namespace

verdict inquiry::run() {
    auto worst = worst_case(all_);
    held_ = held_while_waiting(all_);
    worst.locked = held_;
    auto said = flow(worst);
    if (!all_.anything_after_failure())
        return said;
    for (const auto& s : failing_cases(all_, worst, 1 + how_.most_steps / all_.size())) {
        if (said != verdict::sound)
            break;
        said = flow(s);
    }
    return said;
}

verdict inquiry::flow(const scenario& worst) {
    const auto most = 1 + how_.most_steps / (most_runs * all_.size());
    const auto fixed = two_sided(all_, worst);
    const auto keys = choices_of_keys(all_, worst, held_, most);
    bool all = keys.all;
    std::size_t tried = 0;
    std::vector<scenario> stuck;
    for (const auto& with_keys : keys.tried) {
        const auto sides = sides_of(with_keys, fixed, 1 + most / keys.tried.size());
        all = all && sides.all;
        tried += sides.tried.size();
        for (const auto& s : sides.tried) {
            const auto said = ask(s);
            all = all && said != answer::gave_up;
            if (said == answer::stuck)
                stuck.push_back(s);
        }
    }
    if (!stuck.empty())
        return decide(stuck, tried, keys.tried.size(), fixed);
    return all ? verdict::sound : verdict::not_proved;
}

// Of locks that matter, the step that asks for one of nobody knows how many permits.
plan::node_index inquiry::unknown_amounts() const {
    if (std::ranges::find(held_, true) == held_.end())
        return plan::no_node;
    for (const auto& k : all_.keys()) {
        if (!k.amounts_known && !k.requests.empty())
            return all_[k.requests.front()].what;
    }
    return plan::no_node;
}

verdict inquiry::decide(const std::vector<scenario>& stuck, std::size_t tried, std::size_t keys,
                        const std::vector<std::uint32_t>& fixed) {
    const auto is_stuck = [this](const scenario& s) { return ask(s) == answer::stuck; };
    bool always = stuck.size() == tried;
    std::map<assumptions, std::size_t> certain;
    for (std::size_t i = 0; (always || !fixed.empty()) && i < stuck.size(); ++i) {
        const auto best = at_best(stuck[i], fixed);
        if (best.chosen == stuck[i].chosen || is_stuck(best))
            note_certain(best, keys, fixed, certain);
        else
            always = false;
    }
    if (left_.findings == 0)  // nobody would be told which
        return always && !stuck.front().failing.any() ? verdict::deadlock : verdict::deadlock_when;
    const auto least =
        always ? at_best(stuck.front(), fixed) : minimal(all_, stuck.front(), fixed, is_stuck);
    circumstances under{least, std::vector<bool>(least.chosen.size()), {}, {}};
    for (std::uint32_t u = 0; !always && u < under.matters.size(); ++u) {
        under.matters[u] = std::ranges::binary_search(fixed, u) ? !is_stuck(turned(least, u))
                                                                : least.chosen[u] != 0;
    }
    if (!always) {
        under.equalities = equalities(least);
        note_all_certain(least, keys);
    }
    tell(under);
    return always && !least.failing.any() ? verdict::deadlock : verdict::deadlock_when;
}

// It gets stuck whatever holds besides these assumptions, and whichever keys are equal.
void inquiry::note_certain(const scenario& stuck, std::size_t keys,
                           const std::vector<std::uint32_t>& fixed,
                           std::map<assumptions, std::size_t>& so_far) {
    if (stuck.failing.any())
        return;
    assumptions here;
    for (const auto u : fixed)
        here[{all_.unknowns()[u].node, all_.unknowns()[u].what}] = stuck.chosen[u] != 0;
    if (++so_far[here] == keys)
        certain_.push_back(std::move(here));
}

// The same for each thing that these few unknowns can be together: others may be stuck in the rest.
void inquiry::note_all_certain(const scenario& like, std::size_t keys) {
    const auto n = like.chosen.size();
    if (keys > 1 || n > most_tried_together || like.failing.any())
        return;
    auto s = like;
    for (std::uint64_t trial = 0; trial < std::uint64_t{1} << n; ++trial) {
        assumptions here;
        for (std::uint32_t u = 0; u < n; ++u) {
            const bool holds = (trial >> u & 1U) != 0;
            s.chosen[u] = holds ? all_.unknowns()[u].most : 0;
            here[{all_.unknowns()[u].node, all_.unknowns()[u].what}] = holds;
        }
        if (ask(s) == answer::stuck)
            certain_.push_back(std::move(here));
    }
}

// Keys but for whose being equal, or not, it would not get stuck.
std::vector<equality> inquiry::equalities(const scenario& least) {
    std::vector<equality> found;
    const key_classes now{least};
    std::size_t tries = 0;
    for (std::uint32_t k = 0; k < least.same.size(); ++k) {
        const bool told = std::ranges::find(found, k, &equality::other) != found.end();
        if (told || all_.keys()[k].known || all_.keys()[k].requests.empty())
            continue;
        if (const auto e = equality_of(least, now, k, tries); e.other != none)
            found.push_back(e);
    }
    return found;
}

equality inquiry::equality_of(const scenario& least, const key_classes& now, std::uint32_t key,
                              std::size_t& tries) {
    const auto would_complete = [&](const key_classes& changed) {
        auto other = least;
        changed.apply(other, held_);
        return ++tries < most_equalities && ask(other) == answer::completes;
    };
    auto apart = now;
    apart.part(key);
    for (const bool equal : {true, false}) {
        for (std::uint32_t other = 0; other < least.same.size(); ++other) {
            if (other == key || all_.keys()[other].requests.empty() ||
                now.are_equal(key, other) != equal)
                continue;
            auto together = now;
            together.join(key, other);
            if (would_complete(equal ? apart : together))
                return {key, other, equal};
            if (equal)
                break;
        }
    }
    return {key, none, true};
}

scenario inquiry::turned(scenario given, std::uint32_t unknown) const {
    given.chosen[unknown] = given.chosen[unknown] != 0 ? 0 : all_.unknowns()[unknown].most;
    return given;
}

// Most of what gets stuck does so whatever becomes of its locks, and one run shows it.
answer inquiry::ask(const scenario& given) {
    if (is_stuck(all_, without_locks(given)))
        return answer::stuck;
    if (std::ranges::find(given.locked, true) == given.locked.end())
        return answer::completes;
    if (const auto step = unknown_amounts(); step != plan::no_node) {
        left_.unknown_amounts = step;
        return answer::gave_up;
    }
    auto steps = std::min(how_.most_steps, left_.steps);
    left_.steps -= steps;
    const auto said = search(all_, given, steps).what;
    left_.steps += steps;
    return said;
}

// One after another: each is told, and then taken for no obstacle. Loops that are short of slots
// are told once: what helps at one barrier helps at the next.
void inquiry::tell(circumstances& under) {
    auto run = stuck_run(under.given);
    const auto free = without_locks(under.given);
    std::set<plan::node_index> short_of_slots;
    while (!run.completed() && left_.findings > 0) {
        const auto cycle = find_cycle(all_, run);
        if (cycle.empty()) {
            --left_.findings;
            return explain_greed(all_, run, findings_);
        }
        const auto loop = loop_in(all_, cycle);
        if (loop == plan::no_node || !short_of_slots.contains(loop)) {
            --left_.findings;
            under.slots = remedy_for(all_, free, cycle);
            for (const auto& [one, enough] : under.slots.raise)
                short_of_slots.insert(one);
            explain(all_, run, cycle, under, findings_);
        }
        for (const auto& e : cycle)
            e.from.lock ? run.break_lock(e.from.which) : run.break_barrier(e.from.which);
        go_on(run);
    }
}

symbolic_run inquiry::stuck_run(const scenario& given) const {
    auto steps = how_.most_steps;
    if (auto found = search(all_, given, steps); found.end)
        return std::move(*found.end);
    symbolic_run run{all_, given};  // what was found out before went another way
    run.run();
    return run;
}

}  // namespace weir::check
