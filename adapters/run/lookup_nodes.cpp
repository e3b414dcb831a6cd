// SPDX-License-Identifier: BSL-1.0
#include "adapters/run/lookup.hpp"
#include "adapters/run/run.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace weir::runs {

using expressions::found;
using plan::node_kind;

namespace {

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

bool leads_on(std::string_view word) noexcept {
    return word == "stages" || word == "steps" || word == "rollbackSteps";
}

bool is_turn_of(std::string_view segment, std::string_view id) noexcept {
    return segment.size() > id.size() && segment.starts_with(id) && segment[id.size()] == '_';
}

// The child that a segment of a path names, by its id or as a turn of a loop; parallels and child
// pipelines have no segment of their own.
void find_child(const plan::plan& document, plan::node_index first, std::string_view segment,
                const plan::node*& exact, const plan::node*& turn) {
    for (auto i = first; i != plan::no_node && !exact; i = document[i].next) {
        const auto& node = document[i];
        if (plan::segment_of(node).empty()) {
            find_child(document, node.first_child, segment, exact, turn);
        } else if (node.id == segment) {
            exact = &node;
        } else if (node.loop() && is_turn_of(segment, node.id) &&
                   (!turn || turn->id.size() < node.id.size())) {
            turn = &node;
        }
    }
}

json listed(std::span<const std::string_view> words) {
    json all = json::object();
    for (const auto word : words)
        all[std::string{word}] = nullptr;
    return all;
}

}  // namespace

bool lookup::is_around(std::string_view path) const noexcept {
    for (const auto* f = &at_; f; f = around(f)) {
        if (f->name() == path)
            return true;
    }
    return false;
}

bool lookup::descend(place& from, std::string_view name) const {
    const plan::node* exact = nullptr;
    const plan::node* turn = nullptr;
    if (from.what)
        find_child(run_.document(), from.what->first_child, name, exact, turn);
    from.what = exact ? exact : turn;
    if (!from.at.empty())
        from.at += '/';
    from.at += name;
    return from.what != nullptr;
}

// ... .spec.execution.steps.GROUP.steps.STEP.output.outputVariables.NAME, .status, .identifier of a
// node below `from`. A name that leads nowhere ends there, so that the message says where.
found lookup::of_node(place from, const names& path, std::size_t first, json& value,
                      std::size_t& used) const {
    for (std::size_t i = first; i < path.size(); ++i) {
        const auto word = path[i];
        const bool more = i + 1 < path.size();
        if (word == "execution" ||
            (word == "spec" && more && (path[i + 1] == "execution" || leads_on(path[i + 1]))))
            continue;
        if (leads_on(word) && more) {
            if (word == "rollbackSteps") {
                from.at += "/rollback";
                from.what = from.what && from.what->rollback != plan::no_node
                                ? &run_.document()[from.what->rollback]
                                : nullptr;
            }
            if (!descend(from, path[++i])) {
                used = i;
                return found::missing;
            }
            // stages.LOOP.LOOP_0: a turn, by its own name.
            if (from.what->loop() && i + 1 < path.size() &&
                is_turn_of(path[i + 1], from.what->id)) {
                from.at.resize(from.at.size() - path[i].size());
                from.at += path[++i];
            }
            continue;
        }
        return known_of(from, path, i, value, used);
    }
    return found::missing;
}

found lookup::known_of(const place& from, const names& path, std::size_t i, json& value,
                       std::size_t& used) const {
    constexpr std::array<std::string_view, 8> all{"identifier", "name",   "output", "retryCount",
                                                  "spec",       "status", "type",   "variables"};
    const auto word = path[i];
    used = i + 1;
    if (!from.what)
        return found::missing;
    if (word == "identifier") {
        const auto slash = from.at.rfind('/');
        value = from.what->kind == node_kind::pipeline ? std::string{from.what->id}
                                                       : from.at.substr(slash + 1);
    } else if (word == "name") {
        value = from.what->name.empty() ? from.what->id : from.what->name;
    } else if (word == "type") {
        value = from.what->type;
    } else if (word == "variables") {
        const auto* const extras = from.what->extras;
        return extras && !extras->variables.empty()
                   ? variable(extras->variables, path, i + 1, value, used)
                   : found::missing;
    } else if (word == "spec") {
        return spec_of(from, path, i, value, used);
    } else if (word == "status" || word == "currentStatus" || word == "liveStatus") {
        return status_of(from, word, value);
    } else {
        const auto how = output_of(from, path, i, value, used);
        if (how == found::missing && i > 0 && used <= i) {
            used = i;
            value = listed(all);
        }
        return how;
    }
    return found::yes;
}

// What the document says of a node; its expressions are evaluated as if they stood here.
found lookup::spec_of(const place& from, const names& path, std::size_t i, json& value,
                      std::size_t& used) const {
    value = from.what->spec.empty() ? json::object() : json::parse(from.what->spec, nullptr, false);
    for (used = i + 1; used < path.size() && value.is_object(); ++used) {
        const auto there = value.find(path[used]);
        if (there == value.end())
            return found::missing;
        json inner = std::move(*there);
        value = std::move(inner);
    }
    return settled(value);
}

found lookup::status_of(const place& from, std::string_view word, json& value) const {
    const auto* const so_far = run_.past().find(from.at);
    const bool ended = so_far && so_far->how != outcome::none;
    const bool goes_on = !ended && (so_far || is_around(from.at));
    if (!ended && !(goes_on && at_.live))
        return found::not_yet;
    if (word == "status") {
        value = status_word(so_far ? so_far->how : outcome::none);
        return found::yes;
    }
    if (from.what->kind != node_kind::stage && from.what->kind != node_kind::pipeline)
        return found::missing;
    auto worst = !so_far ? outcome::none : word == "liveStatus" ? so_far->live : so_far->current;
    if (worst == outcome::none && ended && !is_bad(so_far->how))
        worst = so_far->how;
    value = status_word(worst == outcome::none ? outcome::succeeded : worst);
    return found::yes;
}

// output and retryCount of what has ended, and whatever else its host has given.
found lookup::output_of(const place& from, const names& path, std::size_t i, json& value,
                        std::size_t& used) const {
    const auto word = path[i];
    const auto* const so_far = run_.past().find(from.at);
    const bool known = so_far && so_far->how != outcome::none;
    const bool asked = word == "output" || word == "retryCount";
    if (!known && (!so_far || so_far->outputs.empty())) {
        used = asked ? i + 1 : i;
        return asked || !at_.live ? found::not_yet : found::missing;
    }
    if (word == "retryCount") {
        value = so_far->retries;
        return found::yes;
    }
    value = so_far->outputs.empty() ? json::object() : json::parse(so_far->outputs, nullptr, false);
    if (word == "output") {
        const bool named = i + 1 < path.size() && path[i + 1] == "outputVariables";
        used = i + (named ? 2 : 1);
        return found::yes;
    }
    used = i;
    return value.contains(word) ? found::yes : found::missing;
}

found lookup::of_frame(const frame* level, const names& path, std::size_t first, json& value,
                       std::size_t& used) const {
    if (!level || first >= path.size())
        return found::missing;
    const auto word = path[first];
    if (word == "strategy")
        return strategy_value(level, path, first + 1, value, used);
    if (word == "matrix" || word == "repeat" || word == "iteration" || word == "iterations" ||
        word == "totalIterations" || word == "identifierPostFix")
        return level->loop ? turn_value(*level, path, first, value, used) : found::missing;
    if (word == "identifier") {
        used = first + 1;
        value = level->what->id;
        return found::yes;
    }
    if (word == "getParentStepGroup" && level->what->kind == node_kind::step_group) {
        const auto* outer = around(level);
        while (outer && (outer->what->kind != node_kind::step_group || outer->what == level->what))
            outer = around(outer);
        return of_frame(outer, path, first + 1, value, used);
    }
    return of_node({level->what, std::string{level->name()}}, path, first, value, used);
}

}  // namespace weir::runs
