// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/barriers.hpp"

#include "adapters/expressions/expression.hpp"
#include "adapters/harness/barrier_options.hpp"
#include "adapters/harness/keys.hpp"
#include "adapters/harness/steps.hpp"
#include "adapters/harness/yaml_json.hpp"

#include <string>
#include <unordered_map>
#include <vector>

namespace weir::harness {

namespace {

struct flow_draft {
    yaml::value barriers;
};
constexpr key_of<flow_draft> flow_keys[] = {{"barriers", need::optional, &flow_draft::barriers}};

struct declaration_draft : barrier_options_draft {
    yaml::value identifier, name;
};

constexpr key_of<declaration_draft> declaration_keys[] = {
    {"identifier", need::required, &declaration_draft::identifier},
    {"name", need::optional, &declaration_draft::name},
    {"quorum", need::optional, &declaration_draft::quorum},
    {"stragglers", need::optional, &declaration_draft::stragglers,
     &declaration_draft::stragglers_key},
    {"cyclic", need::optional, &declaration_draft::cyclic},
    {"exchange", need::optional, &declaration_draft::exchange},
    {"onRelease", need::optional, &declaration_draft::on_release,
     &declaration_draft::on_release_key},
    {"timeout", need::optional, &declaration_draft::timeout},
};

struct spec_draft {
    yaml::value reference, value, value_key;
};
constexpr key_of<spec_draft> spec_keys[] = {
    {"barrierRef", need::required, &spec_draft::reference},
    {"value", need::optional, &spec_draft::value, &spec_draft::value_key},
};

using declared_names = std::unordered_map<std::string_view, plan::span>;

void read_declaration(context& c, yaml::value v, declared_names& seen) {
    declaration_draft d;
    if (!read_keys(c, "a barrier", v, declaration_keys, d) || !d.identifier) {
        return;
    }
    const std::string_view id = read_text(c, "the identifier of a barrier", d.identifier);
    const std::string_view name = read_text(c, "the name of a barrier", d.name);
    if (id.empty() || expressions::has_expression(id)) {
        if (d.identifier.is_scalar()) {
            c.report(plan::code::bad_identifier, d.identifier.where(),
                     "the identifier of a barrier must be written out");
        }
        return;
    }
    const auto [earlier, added] = seen.try_emplace(id, d.identifier.where());
    if (!added) {
        c.report(plan::code::duplicate_barrier, d.identifier.where(),
                 "the barrier `" + std::string{id} + "` is declared twice")
            .notes.push_back({"it is declared here first", earlier->second});
        return;
    }
    auto& all = c.builder.unfinished().barriers;
    all.push_back(
        {std::string{id}, std::string{name.empty() ? id : name}, d.identifier.where(), c.scope});
    read_barrier_options(c, d, static_cast<std::uint32_t>(all.size() - 1));
}

}  // namespace

void read_flow_control(context& c, yaml::value v) {
    flow_draft d;
    if (!v || !read_keys(c, "`flowControl`", v, flow_keys, d) || !d.barriers) {
        return;
    }
    if (!d.barriers.is(yaml::kind::sequence)) {
        c.wrong_kind(d.barriers, "`barriers`", "a list");
        return;
    }
    declared_names seen;
    for (yaml::value entry = d.barriers.first(); entry; entry = entry.next()) {
        read_declaration(c, entry, seen);
    }
}

void read_barrier_step(context& c, yaml::value step, yaml::value spec, plan::node_index at) {
    if (!spec || !spec.is(yaml::kind::mapping) || !spec["barrierRef"]) {
        c.incomplete = true;
    }
    if (!spec) {
        missing_key(c, "a Barrier step", step.where(), "spec");
        return;
    }
    spec_draft d;
    if (!read_keys(c, "the spec of a Barrier step", spec, spec_keys, d) || !d.reference) {
        return;
    }
    if (d.value) {
        c.scratch.clear();
        const yaml::json_facts facts = yaml::append_json(c.scratch, d.value);
        if (!refuse_deep(c, d.value, facts)) {
            plan::node& n = c.builder.at(at);
            n.spec = c.builder.keep(c.scratch);
            n.spec_has_expressions = facts.has_expressions;
        }
    }
    const std::string_view reference = read_text(c, "barrierRef", d.reference);
    if (!d.reference.is_scalar()) {
        c.incomplete = true;
        return;
    }
    c.builder.at(at).where = d.reference.where();
    c.incomplete = c.incomplete || expressions::has_expression(reference);
    if (is_open_input(reference)) {
        c.report(plan::code::missing_input, d.reference.where(),
                 "which barrier this step joins must be known to load the document");
    } else if (expressions::has_expression(reference)) {
        c.report(plan::code::barrier_not_constant, d.reference.where(),
                 "the barrier reference `" + std::string{reference} + "` is known only in the run",
                 "name the barrier, or give it as an input");
    } else {
        c.barriers.push_back({at, reference, d.reference.where(),
                              d.value_key ? d.value_key.where() : plan::span{}, c.scope});
    }
}

}  // namespace weir::harness
