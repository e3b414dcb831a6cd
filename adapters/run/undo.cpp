// SPDX-License-Identifier: BSL-1.0
#include "adapters/run/undo.hpp"

#include "adapters/run/forks.hpp"
#include "adapters/run/graph.hpp"
#include "adapters/run/lane.hpp"
#include "adapters/run/run.hpp"
#include "adapters/run/tree.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace weir::runs {

using plan::node_kind;

namespace {

bool is_in_order(const activation& turn) noexcept {
    return turn.is_turn() && (turn.loop->max_concurrency() == 1 ||
                              turn.loop->kind() == plan::strategy_kind::while_true);
}

// Those of one part are rolled back side by side, the parts in reverse. A graph's are its levels.
plan::node_index top_of(const activation& stage, const activation& pipeline) noexcept {
    const activation* at = &stage;
    while (at->up() != &pipeline) {
        if (at->up()->graph)
            return at->up()->graph->level(*at->what);
        at = at->up();
    }
    return stage.owner.document().index_of(*at->what);
}

activation& begin_below(activation& around, const plan::node& what, std::string_view path,
                        std::vector<const executed*> lane) {
    auto mine = std::make_unique<undo>();
    mine->lane = std::move(lane);
    auto& made = around.owner.begin(&around, what, path);
    made.undoing = std::move(mine);
    return made;
}

// The stage once more, without its steps: its rollback section alone.
activation& begin_stage(activation& around, std::string_view above, const executed& of) {
    auto below = of.stage.path;  // of the pipeline
    if (const auto whole = pipeline_around(around).path; !whole.empty())
        below.remove_prefix(whole.size() + 1);
    auto& made = around.owner.begin(&around, *of.stage.what, around.owner.path_below(above, below));
    made.known_as = of.stage.path;
    made.loop = of.stage.loop;
    made.turn = of.stage.turn;
    made.next_child = plan::no_node;
    made.rolling_back = true;
    made.join(of.members);
    return made;
}

// Where a rollback's own nodes go by their path.
std::string_view rollback_path(const activation& a) noexcept {
    const activation* at = &a;
    while (at->up()->what->kind != node_kind::pipeline)
        at = at->up();
    return at->path;
}

// Stages of one part that ran one after the other, and each of the others by itself.
std::vector<std::vector<const executed*>> lanes_of(const std::vector<const executed*>& part) {
    std::vector<std::vector<const executed*>> lanes;
    std::map<const plan::node*, std::size_t> in_order;
    for (const auto* one : part) {
        const auto [known, first] = in_order.try_emplace(one->stage.what, lanes.size());
        if (one->in_order && !first) {
            lanes[known->second].push_back(one);
        } else {
            if (one->in_order)
                known->second = lanes.size();
            lanes.push_back({one});
        }
    }
    return lanes;
}

activation* begin_rollback(activation& pipeline) {
    if (!std::exchange(pipeline.rolling_back, false) ||
        pipeline.interrupted != interruption::none || !pipeline.undoing)
        return nullptr;
    pipeline.rolled_back = true;
    auto& owner = pipeline.owner;
    std::vector<const executed*> all;
    for (const auto& one : pipeline.undoing->done)
        all.push_back(&one);
    std::ranges::stable_sort(all, {}, [](const executed* e) { return e->top; });
    return &begin_below(pipeline, owner.undo_node(node_kind::rollback),
                        owner.path_below(pipeline.path, "rollback"), std::move(all));
}

}  // namespace

bool note_executed(activation& stage, outcome how) {
    const bool ran = how != outcome::skipped && stage.next_child != stage.what->first_child;
    if (stage.what->kind != node_kind::stage || stage.is_loop() || !ran || stage.rolled_back ||
        stage.what->rollback == plan::no_node || !stage.known_as.empty())
        return false;
    auto& pipeline = pipeline_around(stage);
    if (!pipeline.undoing)
        pipeline.undoing = std::make_unique<undo>();
    executed made{static_cast<const frame&>(stage), stage.members, nullptr, top_of(stage, pipeline),
                  is_in_order(stage)};
    if (stage.is_turn())
        made.turns = stage.up()->forked->turns;
    pipeline.undoing->done.push_back(std::move(made));
    return stage.owner.may_undo();
}

activation* next_undo(activation& at) {
    if (at.what->kind == node_kind::pipeline)
        return begin_rollback(at);
    auto& left = at.undoing->lane;
    if (left.empty() || at.halted)
        return nullptr;
    const auto top = left.back()->top;
    const auto from = std::ranges::find(left, top, [](const executed* e) { return e->top; });
    std::vector<const executed*> part{from, left.end()};
    if (lanes_of(part).size() == 1) {
        left.pop_back();
        return &begin_stage(at, rollback_path(at), *part.back());
    }
    left.erase(from, left.end());
    return &begin_below(at, at.owner.undo_node(node_kind::parallel), at.path, std::move(part));
}

outcome run_undo(activation& a) {
    const auto above = rollback_path(a);
    auto lanes = lanes_of(a.undoing->lane);
    std::vector<activation*> bases;
    bases.reserve(lanes.size());
    // Those that have begun must run, whatever happens.
    (void)a.owner.attempt([&] {
        for (auto& lane : lanes) {
            if (lane.size() == 1) {
                bases.push_back(&begin_stage(a, above, *lane.front()));
                continue;
            }
            const auto path = std::string{above} + "/" + std::string{lane.front()->stage.what->id};
            bases.push_back(&begin_below(a, a.owner.undo_node(node_kind::rollback),
                                         a.owner.keep(path), std::move(lane)));
        }
    });
    return run_lanes(a, bases);
}

}  // namespace weir::runs
