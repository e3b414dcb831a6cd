// SPDX-License-Identifier: BSL-1.0
#include "adapters/check/check.hpp"

#include "adapters/check/explain.hpp"
#include "adapters/check/minimal.hpp"
#include "adapters/check/remarks.hpp"
#include "adapters/check/search.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace weir::check {

namespace {

constexpr std::size_t most_causes = 20;
constexpr std::uint64_t most_searches = 10;  // that are cut short, in one inquiry
constexpr std::uint64_t most_runs = 20;      // that the search of one side of the unknowns may cost

class inquiry {
public:
    inquiry(const plan::plan& document, plan::diagnostics& findings, const options& how)
        : document_{document}, all_{document, how.slots}, findings_{findings}, how_{how} {}

    verdict run() {
        if (all_.empty())
            return verdict::sound;
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

private:
    verdict flow(const scenario& worst) {
        steps_left_ = most_searches * how_.most_steps;
        const auto fixed = two_sided(all_, worst);
        const auto sides = sides_of(worst, fixed, 1 + how_.most_steps / (most_runs * all_.size()));
        std::vector<scenario> stuck;
        for (const auto& s : sides.tried) {
            const auto said = ask(s);
            if (said == answer::gave_up && stuck.empty())
                return unproved();
            if (said == answer::stuck)
                stuck.push_back(s);
        }
        if (!stuck.empty())
            return decide(stuck, sides.tried.size(), fixed);
        return sides.all ? verdict::sound : unproved();
    }

    verdict decide(const std::vector<scenario>& stuck, std::size_t sides,
                   const std::vector<std::uint32_t>& fixed) {
        const auto is_stuck = [this](const scenario& s) { return ask(s) == answer::stuck; };
        bool always = stuck.size() == sides;
        for (std::size_t i = 0; always && i < stuck.size(); ++i) {
            const auto best = at_best(stuck[i], fixed);
            always = best.chosen == stuck[i].chosen || is_stuck(best);
        }
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

    [[nodiscard]] scenario turned(scenario given, std::uint32_t unknown) const {
        given.chosen[unknown] = given.chosen[unknown] != 0 ? 0 : all_.unknowns()[unknown].most;
        return given;
    }

    static scenario at_best(scenario given, const std::vector<std::uint32_t>& fixed) {
        for (std::uint32_t u = 0; u < given.chosen.size(); ++u) {
            if (!std::ranges::binary_search(fixed, u))
                given.chosen[u] = 0;
        }
        return given;
    }

    // Most of what gets stuck does so whatever becomes of its locks, and one run shows it.
    answer ask(const scenario& given) {
        if (is_stuck(all_, without_locks(given)))
            return answer::stuck;
        if (std::ranges::find(given.locked, true) == given.locked.end())
            return answer::completes;
        auto steps = std::min(how_.most_steps, steps_left_);
        steps_left_ -= steps;
        const auto said = search(all_, given, steps).what;
        steps_left_ += steps;
        return said;
    }

    static scenario without_locks(scenario given) {
        given.locked.assign(given.locked.size(), false);
        return given;
    }

    void tell(const scenario& given, const std::vector<bool>& matters) {
        const auto free = without_locks(given);
        symbolic_run run{all_, free};
        run.run();
        if (!run.completed())
            return tell_all(run, free, matters);
        auto steps = how_.most_steps;
        const auto found = search(all_, given, steps);
        const auto cycle = find_cycle(all_, *found.end);
        if (cycle.empty())
            explain_greed(all_, *found.end, findings_);
        else
            explain(all_, *found.end, cycle, {given, matters, 0}, findings_);
    }

    // One after another: each is told, and then taken for no obstacle.
    void tell_all(symbolic_run& run, const scenario& given, const std::vector<bool>& matters) {
        for (std::size_t told = 0; !run.completed() && told < most_causes; ++told) {
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

    verdict unproved() {
        findings_
            .add(how_.allow_unproved ? plan::code::unproved : plan::code::not_proved,
                 document_.root().where,
                 "so many steps take locks that looking at every order in which they may ask for "
                 "them costs too much: whether they can get stuck was not found out")
            .help =
            "let fewer steps hold a lock while they wait for a barrier or another lock, or "
            "accept this with `--allow-unproved`";
        return verdict::not_proved;
    }

    const plan::plan& document_;
    occurrences all_;
    plan::diagnostics& findings_;
    const options& how_;
    std::uint64_t steps_left_ = 0;
};

}  // namespace

verdict check(const plan::plan& document, plan::diagnostics& findings, const options& how) {
    remark_on_rollbacks(document, findings);
    return inquiry{document, findings, how}.run();
}

}  // namespace weir::check
