// SPDX-License-Identifier: BSL-1.0
#include "adapters/check/inquiry.hpp"

#include "adapters/check/explain.hpp"
#include "adapters/check/minimal.hpp"

#include <algorithm>

namespace weir::check {

namespace {

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
    worst.locked = held_while_waiting(all_);
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
    const auto fixed = two_sided(all_, worst);
    const auto sides = sides_of(worst, fixed, 1 + how_.most_steps / (most_runs * all_.size()));
    std::vector<scenario> stuck;
    for (const auto& s : sides.tried) {
        const auto said = ask(s);
        if (said == answer::gave_up && stuck.empty())
            return verdict::not_proved;
        if (said == answer::stuck)
            stuck.push_back(s);
    }
    if (!stuck.empty())
        return decide(stuck, sides.tried.size(), fixed);
    return sides.all ? verdict::sound : verdict::not_proved;
}

verdict inquiry::decide(const std::vector<scenario>& stuck, std::size_t sides,
                        const std::vector<std::uint32_t>& fixed) {
    const auto is_stuck = [this](const scenario& s) { return ask(s) == answer::stuck; };
    bool always = stuck.size() == sides;
    for (std::size_t i = 0; (always || !fixed.empty()) && i < stuck.size(); ++i)
        always = is_certain(stuck[i], fixed) && always;
    const auto least =
        always ? at_best(stuck.front(), fixed) : minimal(all_, stuck.front(), fixed, is_stuck);
    std::vector<bool> matters(least.chosen.size());
    for (std::uint32_t u = 0; !always && u < matters.size(); ++u) {
        matters[u] = std::ranges::binary_search(fixed, u) ? !is_stuck(turned(least, u))
                                                          : least.chosen[u] != 0;
    }
    tell(least, matters);
    return always && !least.failing.any() ? verdict::deadlock : verdict::deadlock_when;
}

bool inquiry::is_certain(const scenario& stuck, const std::vector<std::uint32_t>& fixed) {
    const auto best = at_best(stuck, fixed);
    if (best.chosen != stuck.chosen && ask(best) != answer::stuck)
        return false;
    if (stuck.failing.any())
        return true;
    auto& here = certain_.emplace_back();
    for (const auto u : fixed)
        here[{all_.unknowns()[u].node, all_.unknowns()[u].what}] = best.chosen[u] != 0;
    return true;
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
    auto steps = std::min(how_.most_steps, left_.steps);
    left_.steps -= steps;
    const auto said = search(all_, given, steps).what;
    left_.steps += steps;
    return said;
}

void inquiry::tell(const scenario& given, const std::vector<bool>& matters) {
    if (left_.findings == 0)
        return;
    const auto free = without_locks(given);
    symbolic_run run{all_, free};
    run.run();
    if (!run.completed())
        return tell_all(run, free, matters);
    auto steps = how_.most_steps;
    const auto found = search(all_, given, steps);
    const auto cycle = find_cycle(all_, *found.end);
    --left_.findings;
    if (cycle.empty())
        explain_greed(all_, *found.end, findings_);
    else
        explain(all_, *found.end, cycle, {given, matters, 0}, findings_);
}

// One after another: each is told, and then taken for no obstacle.
void inquiry::tell_all(symbolic_run& run, const scenario& given, const std::vector<bool>& matters) {
    for (; !run.completed() && left_.findings > 0; --left_.findings) {
        const auto cycle = find_cycle(all_, run);
        if (cycle.empty())
            return;
        const auto loop = loop_in(all_, cycle);
        const auto enough = loop == plan::no_node ? 0 : least_that_completes(all_, given, loop);
        explain(all_, run, cycle, {given, matters, enough}, findings_);
        for (const auto& e : cycle)
            e.from.lock ? run.break_lock(e.from.which) : run.break_barrier(e.from.which);
    }
}

}  // namespace weir::check
