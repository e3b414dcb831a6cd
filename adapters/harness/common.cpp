// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/duration.hpp"
#include "adapters/harness/failure.hpp"
#include "adapters/harness/keys.hpp"
#include "adapters/harness/steps.hpp"
#include "adapters/harness/strategy.hpp"
#include "adapters/harness/yaml_json.hpp"

#include <string>

namespace weir::harness {

namespace {

// What reads a spec later (nlohmann) recurses; deeper ones are refused here, with a position.
constexpr std::uint32_t deepest_spec = 60;

}  // namespace

void read_common(context& c, yaml::value v, const common_draft& d, plan::node_index at) {
    const std::string_view id = read_identifier(c, "the identifier", d.identifier);
    const std::string_view name = read_text(c, "the name", d.name);
    read_node_timeout(c, d.timeout, at);
    plan::node& n = c.builder.at(at);
    n.id = c.builder.keep(id);
    n.name = name.empty() ? n.id : c.builder.keep(name);
    n.where = d.identifier ? d.identifier.where() : v.where();
    read_failure_strategies(c, d.failure_strategies, at);
    if (d.strategy) {
        read_strategy(c, d.strategy_key, d.strategy, at);
    }
}

void unresolved_template(context& c, std::string_view used_as, yaml::value v) {
    c.incomplete = true;
    if (!v["templateRef"]) {  // else it was told where it could not be resolved
        c.report(plan::code::unresolved_template, v.where(),
                 "the template of this " + std::string{used_as} + " has no `templateRef`");
    }
}

bool refuse_deep(context& c, yaml::value v, const yaml::json_facts& facts) {
    if (facts.depth <= deepest_spec) {
        return false;
    }
    c.report(plan::code::too_deep, v.where(),
             "this is nested more than " + std::to_string(deepest_spec) + " deep");
    return true;
}

void keep_spec(context& c, yaml::value v, std::string_view without, plan::node_index at) {
    if (!v || v.size() == 0) {
        return;
    }
    c.scratch.clear();
    const yaml::json_facts facts = yaml::append_json(c.scratch, v, without);
    if (refuse_deep(c, v, facts) || c.scratch == "{}") {
        return;
    }
    plan::node& n = c.builder.at(at);
    n.spec = c.builder.keep(c.scratch);
    n.spec_has_expressions = facts.has_expressions;
}

void keep_enforce(context& c, yaml::value v, plan::node_index at) {
    if (!v) {
        return;
    }
    const std::string_view spec = c.builder.at(at).spec;
    c.scratch = spec.empty() ? "{" : spec.substr(0, spec.size() - 1);
    c.scratch += c.scratch.size() > 1 ? ",\"enforce\":" : "\"enforce\":";
    const yaml::json_facts facts = yaml::append_json(c.scratch, v);
    if (refuse_deep(c, v, facts)) {
        return;
    }
    c.scratch += '}';
    plan::node& n = c.builder.at(at);
    n.spec = c.builder.keep(c.scratch);
    n.spec_has_expressions = n.spec_has_expressions || facts.has_expressions;
}

void read_skip_condition(context& c, yaml::value v, plan::node_index at) {
    const std::string_view text = read_text(c, "`skipCondition`", v);
    if (text.empty()) {
        return;
    }
    const std::string_view condition = c.builder.at(at).condition;
    c.scratch = "!(" + std::string{text} + ")";
    if (!condition.empty()) {
        c.scratch = "(" + std::string{condition} + ") && " + c.scratch;
    }
    c.builder.at(at).condition = c.builder.keep(c.scratch);
}

yaml::value read_insert(context& c, yaml::value v, std::string_view list) {
    if (!v.is(yaml::kind::mapping)) {
        c.wrong_kind(v, "an `insert`", "a mapping");
        return {};
    }
    for (yaml::value key = v.first(); key; key = key.next().next()) {
        const std::string_view name = key.text();
        if (name != "identifier" && name != "name" && name != list) {
            const std::string_view known[] = {"identifier", "name", list};
            unknown_key(c, "an `insert`", key, known);
        }
    }
    const yaml::value entries = v[list];
    if (!entries || entries.is(yaml::kind::null)) {
        return {};  // nobody has put anything in
    }
    if (is_open_input(entries)) {
        c.incomplete = true;
        return {};
    }
    if (!entries.is(yaml::kind::sequence)) {
        c.wrong_kind(entries, "`" + std::string{list} + "` of an `insert`", "a list");
        return {};
    }
    return entries;
}

}  // namespace weir::harness
