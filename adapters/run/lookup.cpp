// SPDX-License-Identifier: BSL-1.0
#include "adapters/run/lookup.hpp"

#include "adapters/run/run.hpp"

#include <algorithm>

namespace weir::runs {

using expressions::found;
using plan::node_kind;
using plan::strategy_kind;

namespace {

constexpr unsigned deepest_variable = 16;

// The words that Harness's `.status` gives.
std::string_view status_word(outcome how) noexcept {
    switch (how) {
    case outcome::succeeded:
        return "SUCCEEDED";
    case outcome::failed:
        return "FAILED";
    case outcome::skipped:
        return "SKIPPED";
    case outcome::cancelled:
        return "ABORTED";
    case outcome::timed_out:
        return "EXPIRED";
    case outcome::ignored_failure:
        return "IGNORE_FAILED";
    case outcome::none:
        break;
    }
    return "RUNNING";
}

bool is(const std::vector<std::string_view>& path, std::size_t i, std::string_view word) noexcept {
    return i < path.size() && path[i] == word;
}

}  // namespace

const frame* lookup::enclosing(node_kind kind) const noexcept {
    for (const auto* f = &at_; f; f = f->parent) {
        if (f->what->kind == kind)
            return f;
    }
    return nullptr;
}

// matrix.x or repeat.item, from the innermost loop that knows the name; with `inner_too` false, of
// this level alone.
found lookup::loop_value(const frame* from, bool outwards, strategy_kind kind, const names& path,
                         std::size_t first, json& value, std::size_t& used) const {
    for (const auto* f = from; f; f = outwards ? f->parent : nullptr) {
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

found lookup::strategy_value(const frame* from, const names& path, std::size_t first, json& value,
                             std::size_t& used) const {
    const auto* f = from;
    while (f && !f->loop)
        f = f->parent;
    if (!f || first >= path.size())
        return found::missing;
    used = first + 1;
    if (path[first] == "iteration") {
        value = f->turn.index;
    } else if (path[first] == "iterations") {
        value = f->loop->count();
    } else if (path[first] == "identifierPostFix") {
        value = f->loop->suffix(f->turn, {});
    } else {
        return found::missing;
    }
    return found::yes;
}

// A variable's text may hold expressions of its own.
found lookup::settled(json& value) const {
    if (!value.is_string() || !expressions::has_expression(value.get_ref<const std::string&>()))
        return found::yes;
    if (depth_ == deepest_variable)
        return found::missing;
    ++depth_;
    auto inner = expressions::interpolate(value.get<std::string>(), *this);
    --depth_;
    if (inner.status == expressions::status::not_yet)
        return found::not_yet;
    if (inner.status == expressions::status::error)
        return found::missing;
    value = std::move(inner.value);
    return found::yes;
}

found lookup::variable(std::string_view variables, const names& path, std::size_t first,
                       json& value, std::size_t& used) const {
    if (first >= path.size())
        return found::missing;
    const json all = variables.empty() ? run_.variables() : json::parse(variables, nullptr, false);
    const auto there = all.find(path[first]);
    if (there == all.end())
        return found::missing;
    value = *there;
    used = first + 1;
    return settled(value);
}

found lookup::of_node(const frame* level, const names& path, json& value, std::size_t& used) const {
    if (!level)
        return found::missing;
    if (is(path, 1, "matrix"))
        return loop_value(level, false, strategy_kind::matrix, path, 2, value, used);
    if (is(path, 1, "repeat"))
        return loop_value(level, false, strategy_kind::repeat, path, 2, value, used);
    if (is(path, 1, "strategy"))
        return strategy_value(level, path, 2, value, used);
    if (is(path, 1, "identifier") || is(path, 1, "name")) {
        used = 2;
        value =
            path[1] == "name" && !level->what->name.empty() ? level->what->name : level->what->id;
        return found::yes;
    }
    if (is(path, 1, "variables")) {
        const auto* const extras = level->what->extras;
        const bool none = !extras || extras->variables.empty();
        return none ? found::missing : variable(extras->variables, path, 2, value, used);
    }
    return past(level->name(), path, 1, value, used);
}

// ... .spec.execution.steps.GROUP.steps.STEP.output.outputVariables.NAME, .status, .identifier of a
// node below `below`.
found lookup::past(std::string_view below, const names& path, std::size_t first, json& value,
                   std::size_t& used) const {
    std::string at{below};
    for (std::size_t i = first; i < path.size(); ++i) {
        const auto word = path[i];
        if (word == "spec" || word == "execution")
            continue;
        if ((word == "stages" || word == "steps" || word == "rollbackSteps") &&
            i + 1 < path.size()) {
            if (word == "rollbackSteps")
                at += "/rollback";
            if (!at.empty())
                at += '/';
            at += path[++i];
            continue;
        }
        if (word == "variables") {
            const auto* const stage = stage_of(at);
            const bool some = stage && stage->extras && !stage->extras->variables.empty();
            return some ? variable(stage->extras->variables, path, i + 1, value, used)
                        : found::missing;
        }
        const auto* const result = run_.past().find(at);
        if (!result)
            return is_ahead(at) ? found::not_yet : found::missing;
        used = i + 1;
        if (word == "status") {
            value = status_word(result->how);
            return found::yes;
        }
        const bool outputs = word == "output" && is(path, i + 1, "outputVariables");
        if (!outputs)
            return found::missing;
        used = i + 2;
        value =
            result->outputs.empty() ? json::object() : json::parse(result->outputs, nullptr, false);
        return found::yes;
    }
    return found::missing;
}

const plan::node* lookup::stage_of(std::string_view path) const {
    const auto& all = run_.document().nodes;
    const auto there = std::ranges::find_if(
        all, [&](const plan::node& n) { return n.kind == node_kind::stage && n.id == path; });
    return there == all.end() ? nullptr : &*there;
}

// Whether the plan has such a node, so that asking later would help. A loop's turns go by their
// loop's name.
bool lookup::is_ahead(std::string_view path) const {
    const auto& document = run_.document();
    const auto first = path.substr(0, path.find('/'));
    for (const auto& node : document.nodes) {
        if (node.kind == node_kind::stage && first.starts_with(node.id))
            return true;
    }
    return false;
}

// barriers.NAME.values: what its parties gave, once it has been released.
found lookup::gathered_at(const names& path, json& value, std::size_t& used) const {
    if (!is(path, 2, "values"))
        return found::missing;
    const auto* const at = run_.members().find(path[1]);
    if (!at || !at->what.exchange)
        return found::missing;
    const bool gathered =
        at->core.generation() > 1 || at->core.state() == fibers::verdict::released;
    if (!gathered)
        return at->decided() ? found::missing : found::not_yet;
    value = json::object();
    for (const auto& one : at->values)
        value[std::string{one.lane}] = json::parse(*one.value, nullptr, false);
    used = 3;
    return found::yes;
}

found lookup::resolve(const names& path, json& value, std::size_t& used) const {
    const auto root = path.empty() ? std::string_view{} : path.front();
    if (root == "matrix")
        return loop_value(&at_, true, strategy_kind::matrix, path, 1, value, used);
    if (root == "repeat")
        return loop_value(&at_, true, strategy_kind::repeat, path, 1, value, used);
    if (root == "strategy")
        return strategy_value(&at_, path, 1, value, used);
    if (root == "stage")
        return of_node(enclosing(node_kind::stage), path, value, used);
    if (root == "stepGroup")
        return of_node(enclosing(node_kind::step_group), path, value, used);
    if (root == "step")
        return of_node(enclosing(node_kind::step), path, value, used);
    if (root == "pipeline") {
        if (is(path, 1, "variables"))
            return variable({}, path, 2, value, used);
        return of_node(enclosing(node_kind::pipeline), path, value, used);
    }
    if (root == "barriers")
        return gathered_at(path, value, used);
    if (root == "stages")
        return past({}, path, 0, value, used);
    if (root == "execution" || root == "steps" || root == "spec") {
        const auto* const stage = enclosing(node_kind::stage);
        return stage ? past(stage->name(), path, 0, value, used) : found::missing;
    }
    return found::missing;
}

}  // namespace weir::runs
