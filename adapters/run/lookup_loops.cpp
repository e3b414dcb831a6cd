// SPDX-License-Identifier: BSL-1.0
#include "adapters/run/lookup.hpp"
#include "adapters/run/run.hpp"

namespace weir::runs {

using expressions::found;
using plan::node_kind;
using plan::strategy_kind;

// matrix.x or repeat.item, from the innermost loop that knows the name; with `inner_too` false, of
// this level alone.
found lookup::loop_value(const frame* from, bool outwards, strategy_kind kind, const names& path,
                         std::size_t first, json& value, std::size_t& used) const {
    for (const auto* f = from; f; f = outwards ? around(f) : nullptr) {
        if (!f->loop || f->loop->kind() != kind)
            continue;
        if (first >= path.size()) {
            value = f->loop->values(f->turn);
            used = first;
            return found::yes;
        }
        if (const auto there = f->loop->value(f->turn, path[first])) {
            value = *there;
            used = first + 1;
            return found::yes;
        }
    }
    return found::missing;
}

// iteration, iterations, identifierPostFix and the like, of one turn.
found lookup::turn_value(const frame& turn, const names& path, std::size_t first, json& value,
                         std::size_t& used) const {
    if (first >= path.size())
        return found::missing;
    const auto word = path[first];
    used = first + 1;
    if (word == "iteration") {
        value = turn.turn.index;
    } else if (word == "iterations") {
        value = turn.loop->count();
    } else if (word == "totalIterations") {
        std::uint64_t all = 1;
        for (const auto* f = &turn; f; f = around(f))
            all *= f->loop ? f->loop->count() : 1;
        value = all;
    } else if (word == "identifierPostFix") {
        value = turn.loop->suffix(turn.turn, {});
    } else if (word == "currentStatus") {
        return loop_status(turn.parent->name(), value);
    } else if (word == "matrix" || word == "repeat") {
        const auto kind = word == "matrix" ? strategy_kind::matrix : strategy_kind::repeat;
        return loop_value(&turn, false, kind, path, first + 1, value, used);
    } else {
        used = 0;
        return found::missing;
    }
    return found::yes;
}

found lookup::strategy_value(const frame* from, const names& path, std::size_t first, json& value,
                             std::size_t& used) const {
    if (first < path.size() && path[first] == "node")
        return looping_node(path, first + 1, value, used);
    if (from == &at_ && first < path.size() && path[first] == "currentStatus") {
        used = first + 1;
        return nearest_loop(value);
    }
    const auto* f = from;
    while (f && !f->loop)
        f = around(f);
    return f ? turn_value(*f, path, first, value, used) : found::missing;
}

// How a loop does, by its path: one that has not begun is not known yet.
found lookup::loop_status(std::string_view loop, json& value) const {
    const auto* const so_far = run_.past().find(loop);
    if (!so_far || (so_far->how == outcome::none && !at_.live))
        return found::not_yet;
    const bool failed = so_far->turn_failed || is_bad(so_far->how);
    value = failed ? "FAILED" : so_far->how == outcome::none ? "RUNNING" : "SUCCESS";
    return found::yes;
}

// The loop around the place; else the last one before it in its stage; else the stage's.
found lookup::nearest_loop(json& value) const {
    for (const auto* f = &at_; f; f = around(f)) {
        if (f->loop)
            return loop_status(f->parent->name(), value);
        const auto* const above = around(f);
        if (!above || above->what == f->what || f->what->kind == node_kind::stage)
            continue;
        const auto& document = run_.document();
        const plan::node* before = nullptr;
        const bool in_order =
            above->what->kind != node_kind::parallel && above->what->kind != node_kind::graph;
        for (auto i = above->what->first_child; in_order && i != plan::no_node;
             i = document[i].next) {
            if (&document[i] == f->what)
                break;
            if (document[i].loop())
                before = &document[i];
        }
        if (before)
            return loop_status(std::string{above->name()} + "/" + std::string{before->id}, value);
    }
    return found::missing;
}

namespace {

// All that loop in a part of a plan, nodes of child pipelines excepted.
template <class F>
void for_each_loop(const plan::plan& document, const plan::node& below, const F& what) {
    const auto visit = [&](plan::node_index i) {
        const auto& node = document[i];
        if (node.loop())
            what(node);
        if (node.kind != node_kind::pipeline)
            for_each_loop(document, node, what);
    };
    for (auto i = below.first_child; i != plan::no_node; i = document[i].next)
        visit(i);
    if (below.rollback != plan::no_node)
        visit(below.rollback);
}

}  // namespace

// The path by which the run knows a loop, "" where that depends on the turn of another loop.
std::string lookup::path_of_loop(const plan::node& loop) const {
    const auto& document = run_.document();
    std::string below;
    const auto* node = &loop;
    for (;;) {
        if (const auto segment = segment_of(*node); !segment.empty())
            below = below.empty() ? std::string{segment} : std::string{segment} + "/" + below;
        if (node->parent == plan::no_node)
            return below;
        node = &document[node->parent];
        for (const auto* f = &at_; f; f = around(f)) {
            // A turn's own path, where it is one.
            if (f->what == node && (f->loop || !node->loop())) {
                const std::string above{f->name()};
                return above.empty() ? below : above + "/" + below;
            }
        }
        if (node->loop())
            return {};
    }
}

// strategy.node.ID.…: all of a loop around the place; how any other in the stage does, or in the
// pipeline.
found lookup::looping_node(const names& path, std::size_t first, json& value,
                           std::size_t& used) const {
    if (first >= path.size()) {
        used = first;
        return all_looping(value);
    }
    for (const auto* f = &at_; f; f = around(f)) {
        if (f->loop && f->what->id == path[first])
            return turn_value(*f, path, first + 1, value, used);
    }
    if (first + 1 >= path.size() || path[first + 1] != "currentStatus")
        return found::missing;
    used = first + 2;
    found how = found::missing;
    for (const auto kind : {node_kind::stage, node_kind::pipeline}) {
        const auto* const within = enclosing(kind);
        if (!within || how == found::yes)
            break;
        for_each_loop(run_.document(), *within->what, [&](const plan::node& loop) {
            if (loop.id != path[first] || how == found::yes)
                return;
            const auto at = path_of_loop(loop);
            how = at.empty() ? found::not_yet : loop_status(at, value);
        });
    }
    return how;
}

// strategy.node as one value, to be looked into: <+<+strategy.node>.get("ID").currentStatus>.
found lookup::all_looping(json& value) const {
    if (!at_.live)
        return found::not_yet;
    value = json::object();
    const auto* const pipeline = enclosing(node_kind::pipeline);
    if (!pipeline)
        return found::missing;
    const auto tell = [&](const plan::node& loop) {
        json how;
        const auto at = path_of_loop(loop);
        if (!at.empty() && loop_status(at, how) == found::yes)
            value[std::string{loop.id}] = json_object("currentStatus", std::move(how));
    };
    for_each_loop(run_.document(), *pipeline->what, tell);
    if (const auto* const stage = enclosing(node_kind::stage))
        for_each_loop(run_.document(), *stage->what, tell);  // its own count where ids are equal
    const names own[] = {
        {"iteration"},     {"iterations"}, {"totalIterations"}, {"identifierPostFix"},
        {"currentStatus"}, {"matrix"},     {"repeat"}};
    std::vector<const frame*> outer;
    for (const auto* f = &at_; f; f = around(f)) {
        if (f->loop)
            outer.push_back(f);
    }
    for (auto f = outer.rbegin(); f != outer.rend(); ++f) {
        json of = json::object();
        for (const auto& name : own) {
            json one;
            std::size_t used = 0;
            if (turn_value(**f, name, 0, one, used) == found::yes)
                of[std::string{name.front()}] = std::move(one);
        }
        value[std::string{(*f)->what->id}] = std::move(of);
    }
    return found::yes;
}

}  // namespace weir::runs
