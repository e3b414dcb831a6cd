// SPDX-License-Identifier: BSL-1.0
#include "adapters/run/lookup.hpp"

#include "adapters/expressions/host_names.hpp"
#include "adapters/run/run.hpp"
#include "adapters/run/targets.hpp"

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

// What is around a place; what is around a child is not the child's to see.
const frame* around(const frame* at) noexcept {
    return at->what->kind == node_kind::pipeline ? nullptr : at->parent;
}

bool is(const std::vector<std::string_view>& path, std::size_t i, std::string_view word) noexcept {
    return i < path.size() && path[i] == word;
}

}  // namespace

const frame* lookup::enclosing(node_kind kind) const noexcept {
    for (const auto* f = &at_; f; f = around(f)) {
        if (f->what->kind == kind)
            return f;
    }
    return nullptr;
}

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

found lookup::strategy_value(const frame* from, const names& path, std::size_t first, json& value,
                             std::size_t& used) const {
    const auto* f = from;
    while (f && !f->loop)
        f = around(f);
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
            const auto* const stage = stage_at(at);
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
        if (word != "output")
            return found::missing;
        used = is(path, i + 1, "outputVariables") ? i + 2 : i + 1;
        value =
            result->outputs.empty() ? json::object() : json::parse(result->outputs, nullptr, false);
        return found::yes;
    }
    return found::missing;
}

namespace {

// The stage of a pipeline that a segment of a path names; a turn of a looped one goes by its stage.
const plan::node* stage_in(const plan::plan& document, plan::node_index around,
                           std::string_view segment, bool exactly) {
    for (auto i = document[around].first_child; i != plan::no_node; i = document[i].next) {
        const auto& node = document[i];
        if (node.kind != node_kind::stage) {
            if (const auto* const inner = stage_in(document, i, segment, exactly))
                return inner;
        } else if (exactly ? segment == node.id : segment.starts_with(node.id)) {
            return &node;
        }
    }
    return nullptr;
}

}  // namespace

// A path's stage in the pipeline around this place, without the path of that pipeline.
const plan::node* lookup::stage_at(std::string_view path) const {
    const auto* const pipeline = enclosing(node_kind::pipeline);
    const auto& document = run_.document();
    if (!pipeline)
        return nullptr;
    if (!pipeline->path.empty() && path.starts_with(pipeline->path) &&
        path.size() > pipeline->path.size())
        path.remove_prefix(pipeline->path.size() + 1);
    const auto around = document.index_of(*pipeline->what);
    return stage_in(document, around, path, true);
}

// Whether the pipeline has such a stage, so that asking later would help.
bool lookup::is_ahead(std::string_view path) const {
    const auto* const pipeline = enclosing(node_kind::pipeline);
    if (!pipeline)
        return false;
    if (!pipeline->path.empty() && path.starts_with(pipeline->path) &&
        path.size() > pipeline->path.size())
        path.remove_prefix(pipeline->path.size() + 1);
    const auto& document = run_.document();
    return stage_in(document, document.index_of(*pipeline->what), path.substr(0, path.find('/')),
                    false) != nullptr;
}

// inputs.NAME of a child: the parent's expression, with the parent's names.
found lookup::input(const frame* pipeline, const names& path, json& value,
                    std::size_t& used) const {
    const bool given = pipeline && pipeline->parent && pipeline->what->extras &&
                       !pipeline->what->extras->inputs.empty() && path.size() > 1;
    if (!given)
        return found::missing;
    used = 2;
    const auto* const taken = run_.past().inputs_of(pipeline->path);
    const json all = json::parse(taken ? *taken : pipeline->what->extras->inputs, nullptr, false);
    const auto there = all.find(path[1]);
    if (there == all.end()) {
        used = 1;
        value = all;
        return found::missing;
    }
    value = *there;
    return taken ? found::yes : lookup{run_, *pipeline->parent}.settled(value);
}

found lookup::pipeline_value(const frame* pipeline, const names& path, json& value,
                             std::size_t& used) const {
    if (!pipeline || !is(path, 1, "variables"))
        return of_node(pipeline, path, value, used);
    if (!pipeline->parent)
        return variable({}, path, 2, value, used);
    const auto* const extras = pipeline->what->extras;
    const bool none = !extras || extras->variables.empty();
    return none ? found::missing : variable(extras->variables, path, 2, value, used);
}

// barriers.NAME.values: what its parties gave, once it has been released.
found lookup::gathered_at(const names& path, json& value, std::size_t& used) const {
    if (!is(path, 2, "values"))
        return found::missing;
    const auto* const at = run_.members().find(path[1], at_);
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
    const auto* const pipeline = enclosing(node_kind::pipeline);
    if (root == "pipeline")
        return pipeline_value(pipeline, path, value, used);
    if (root == "inputs")
        return input(pipeline, path, value, used);
    if (root == "service" || root == "env" || root == "infra") {
        const auto said = target_of(at_, path, value, used);
        return said == found::missing ? hosts_value(path, value, used) : said;
    }
    if (root == "barriers")
        return gathered_at(path, value, used);
    if (root == "stages")
        return past(pipeline ? pipeline->path : std::string_view{}, path, 0, value, used);
    if (root == "execution" || root == "steps" || root == "spec") {
        const auto* const stage = enclosing(node_kind::stage);
        return stage ? past(stage->name(), path, 0, value, used) : found::missing;
    }
    return hosts_value(path, value, used);
}

// What the host gave when the document was loaded; the longest name counts.
found lookup::hosts_value(const names& path, json& value, std::size_t& used) const {
    const auto& given = run_.host_values();
    if (given.empty() || path.empty() || !expressions::is_hosts(path.front()))
        return found::missing;
    for (std::size_t count = path.size(); count > 0; --count) {
        const auto there = given.find(expressions::host_name(path, count));
        if (there == given.end())
            continue;
        used = count;
        value = *there;
        return found::yes;
    }
    return found::missing;
}

}  // namespace weir::runs
