// SPDX-License-Identifier: BSL-1.0
#include "adapters/check/known_values.hpp"

namespace weir::check {

using expressions::found;
using plan::node_kind;
using plan::strategy_kind;

occurrence_index known_values::enclosing(node_kind kind) const noexcept {
    auto i = at_;
    while (i != none && document_[all_[i].what].kind != kind)
        i = all_[i].parent;
    return i;
}

found known_values::of_loop(occurrence_index from, bool outwards, strategy_kind kind,
                            const names& path, std::size_t first, json& value,
                            std::size_t& used) const {
    if (first >= path.size())
        return found::not_yet;
    for (auto i = from; i != none; i = outwards ? all_[i].parent : none) {
        const auto* const rows = all_[i].rows;
        if (!rows || rows->kind() != kind)
            continue;
        const auto there = rows->value(all_[i].turn, path[first]);
        if (!there)
            continue;
        // An expression stands for itself where its value is not known.
        if (there->is_string() && expressions::has_expression(there->get_ref<const std::string&>()))
            return found::not_yet;
        value = *there;
        used = first + 1;
        return found::yes;
    }
    return found::not_yet;
}

found known_values::of_strategy(occurrence_index from, const names& path, std::size_t first,
                                json& value, std::size_t& used) const {
    auto i = from;
    while (i != none && !all_[i].rows)
        i = all_[i].parent;
    if (i == none || first >= path.size())
        return found::not_yet;
    used = first + 1;
    if (path[first] == "iteration") {
        value = all_[i].turn.index;
    } else if (path[first] == "iterations") {
        value = all_[i].rows->count();
    } else {
        return found::not_yet;
    }
    return found::yes;
}

found known_values::of_node(occurrence_index i, const names& path, json& value,
                            std::size_t& used) const {
    if (i == none || path.size() < 2)
        return found::not_yet;
    const auto& what = document_[all_[i].what];
    if (path[1] == "matrix")
        return of_loop(i, false, strategy_kind::matrix, path, 2, value, used);
    if (path[1] == "repeat")
        return of_loop(i, false, strategy_kind::repeat, path, 2, value, used);
    if (path[1] == "strategy")
        return of_strategy(i, path, 2, value, used);
    if (path[1] == "identifier" || path[1] == "name") {
        used = 2;
        value = path[1] == "name" && !what.name.empty() ? what.name : what.id;
        return found::yes;
    }
    if (path[1] != "variables")
        return found::not_yet;
    if (all_[i].what == 0)
        return variable(document_.variables, path, value, used);
    return what.extras ? variable(what.extras->variables, path, value, used) : found::not_yet;
}

found known_values::variable(std::string_view variables, const names& path, json& value,
                             std::size_t& used) const {
    if (variables.empty() || path.size() < 3)
        return found::not_yet;
    const json all = json::parse(variables, nullptr, false);
    const auto there = all.find(path[2]);
    if (there == all.end() ||
        (there->is_string() && expressions::has_expression(there->get_ref<const std::string&>())))
        return found::not_yet;
    value = *there;
    used = 3;
    return found::yes;
}

found known_values::resolve(const names& path, json& value, std::size_t& used) const {
    if (path.empty())
        return found::not_yet;
    const auto root = path.front();
    if (root == "matrix")
        return of_loop(at_, true, strategy_kind::matrix, path, 1, value, used);
    if (root == "repeat")
        return of_loop(at_, true, strategy_kind::repeat, path, 1, value, used);
    if (root == "strategy")
        return of_strategy(at_, path, 1, value, used);
    if (root == "stage")
        return of_node(enclosing(node_kind::stage), path, value, used);
    if (root == "stepGroup")
        return of_node(enclosing(node_kind::step_group), path, value, used);
    if (root == "pipeline")
        return of_node(enclosing(node_kind::pipeline), path, value, used);
    return found::not_yet;
}

}  // namespace weir::check
