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

bool is(const std::vector<std::string_view>& path, std::size_t i, std::string_view word) noexcept {
    return i < path.size() && path[i] == word;
}

}  // namespace

const frame* around(const frame* at) noexcept {
    return at->what->kind == node_kind::pipeline ? nullptr : at->parent;
}

const frame* lookup::enclosing(node_kind kind) const noexcept {
    for (const auto* f = &at_; f; f = around(f)) {
        if (f->what->kind == kind)
            return f;
    }
    return nullptr;
}

const frame* lookup::step_around() const noexcept {
    for (const auto kind : {node_kind::step, node_kind::barrier, node_kind::lock}) {
        if (const auto* const step = enclosing(kind))
            return step;
    }
    return nullptr;
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

// What the host gave of the pipeline counts before what is known of any node.
found lookup::of_pipeline(const frame& pipeline, const names& path, json& value,
                          std::size_t& used) const {
    if (hosts_value(path, value, used) == found::yes)
        return found::yes;
    if (is(path, 1, "executionId") && !run_.id().empty()) {
        used = 2;
        value = run_.id();
        return found::yes;
    }
    return of_frame(&pipeline, path, 1, value, used);
}

found lookup::pipeline_value(const frame* pipeline, const names& path, json& value,
                             std::size_t& used) const {
    if (!pipeline)
        return found::missing;
    if (!is(path, 1, "variables"))
        return of_pipeline(*pipeline, path, value, used);
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
        return of_frame(enclosing(node_kind::stage), path, 1, value, used);
    if (root == "stepGroup")
        return of_frame(enclosing(node_kind::step_group), path, 1, value, used);
    if (root == "step")
        return of_frame(step_around(), path, 1, value, used);
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
        return pipeline ? of_frame(pipeline, path, 0, value, used) : found::missing;
    if (root == "execution" || root == "steps" || root == "spec") {
        const auto* const stage = enclosing(node_kind::stage);
        return stage ? of_frame(stage, path, 0, value, used) : found::missing;
    }
    return hosts_value(path, value, used);
}

// What the host gave when the document was loaded; the longest name counts.
found lookup::hosts_value(const names& path, json& value, std::size_t& used) const {
    const auto& given = run_.host_values();
    if (given.empty() || !expressions::is_hosts(path))
        return found::missing;
    const auto* const pipeline = enclosing(node_kind::pipeline);
    const bool of_first = path.front() == "pipeline" || path.front() == "inputSet";
    if (of_first && pipeline && pipeline->parent)
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
