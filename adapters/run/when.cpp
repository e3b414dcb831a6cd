// SPDX-License-Identifier: BSL-1.0
#include "adapters/run/when.hpp"

#include "adapters/run/failing.hpp"
#include "adapters/run/graph.hpp"
#include "adapters/run/lookup.hpp"
#include "adapters/run/run.hpp"

namespace weir::runs {

using plan::node_kind;
using plan::when_status;

namespace {

// Whether something failed for good before this node in the stage (of stages: in the pipeline, or
// among those that it depends on); `cause`: what. What runs beside it, in another lane, does not
// count until that lane has been joined.
bool failed_before(const activation& a, std::string_view& cause) {
    const bool is_stage = a.what->kind == node_kind::stage;
    const auto* below = &a;
    for (const auto* p = a.up(); p; below = p, p = p->up()) {
        if (p->graph && p->graph->is_lost(*below->what, cause))
            return true;
        if (p->is_sequence() && p->failed) {
            cause = p->lost_to;
            return true;
        }
        if (p->what->kind == node_kind::rollback || p->what->kind == node_kind::on_release ||
            p->what->kind == node_kind::pipeline)
            return false;
        if (!is_stage && p->what->kind == node_kind::stage)
            return false;
    }
    return false;
}

// Where it is skipped because of a failure, those who would have come to a barrier in it have
// failed, too.
bool status_allows(activation& a) noexcept {
    if (a.is_turn() || !a.is_told() || a.what->kind == node_kind::rollback ||
        a.what->kind == node_kind::on_release)
        return true;
    std::string_view cause;
    const bool failed = failed_before(a, cause);
    if (a.what->status != when_status::success)
        return failed || a.what->status == when_status::all;
    if (failed)
        a.owner.members().fail(a.members, fibers::reason::failed, cause, false);
    return !failed;
}

outcome condition_allows(activation& a, std::string_view condition) {
    if (condition.empty())
        return outcome::none;
    expressions::result said;
    a.owner.home().on_own_stack([&] {
        said = expressions::condition(condition, lookup{a.owner, a});
    });
    if (said.status == expressions::status::ok)
        return said.value.get<bool>() ? outcome::none : outcome::skipped;
    return fail(a, {"Unknown", "the condition cannot be evaluated: " + said.message});
}

}  // namespace

outcome may_run(activation& a) {
    if (a.interrupted != interruption::none || a.owner.is_starved())
        return outcome::cancelled;
    if (a.rolling_back)
        return outcome::none;  // a stage whose rollback section alone is to run
    if (a.halted || !status_allows(a))
        return outcome::skipped;
    return a.is_loop() ? outcome::none : condition_allows(a, a.what->condition);
}

outcome may_loop(activation& a) {
    return condition_allows(a, a.what->loop()->when);
}

}  // namespace weir::runs
