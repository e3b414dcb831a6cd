// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/children.hpp"

#include "adapters/expressions/expression.hpp"
#include "adapters/harness/keys.hpp"
#include "adapters/harness/pipeline.hpp"
#include "adapters/harness/planning.hpp"
#include "adapters/plan/json.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::harness {

namespace {

struct output_draft {
    yaml::value name, value;
};
constexpr key_of<output_draft> output_keys[] = {
    {"name", need::required, &output_draft::name},
    {"value", need::required, &output_draft::value},
    {"type", need::ignored},
    {"description", need::ignored},
};

// Every name is the run's: what is wrong then is wrong however it goes.
class nothing_yet final : public expressions::scope {
    expressions::found resolve(const std::vector<std::string_view>&, json&,
                               std::size_t&) const override {
        return expressions::found::not_yet;
    }
};

std::string read_outputs(context& c, yaml::value list) {
    json all = json::object();
    if (!list || is_open_input(list)) {
        return {};
    }
    if (!list.is(yaml::kind::sequence)) {
        c.wrong_kind(list, "`outputs` of a Pipeline stage", "a list");
        return {};
    }
    for (yaml::value entry = list.first(); entry; entry = entry.next()) {
        output_draft d;
        if (!read_keys(c, "an output", entry, output_keys, d) || !d.name || !d.value) {
            continue;
        }
        const std::string name{read_text(c, "the name of an output", d.name)};
        const std::string value{read_text(c, "the value of an output", d.value)};
        if (all.contains(name)) {
            c.report(plan::code::duplicate_identifier, d.name.where(),
                     "the output `" + name + "` is given twice");
            continue;
        }
        if (const auto read = expressions::interpolate(value, nothing_yet{});
            read.status == expressions::status::error) {
            c.report(plan::code::bad_expression, d.value.where(), read.message);
        }
        all[name] = value;
    }
    return all.empty() ? std::string{} : all.dump();
}

}  // namespace

void read_child(context& c, yaml::value stage, plan::node_index at) {
    const auto known = c.children.find(stage.identity());
    const yaml::value pipeline = known == c.children.end() ? yaml::value{} : known->second.pipeline;
    if (!pipeline) {
        c.incomplete = true;  // it was told why
        return;
    }
    const plan::node_index child = c.builder.add(at, plan::node_kind::pipeline);
    if (!known->second.inputs.empty()) {
        c.builder.extras(child).inputs = known->second.inputs;
    }
    auto outputs = read_outputs(c, stage["spec"]["outputs"]);
    if (!outputs.empty()) {
        c.builder.extras(child).outputs = std::move(outputs);
    }
    const use_of_document use{c, pipeline.where().file, known->second.used};
    // The child's names are its own.
    auto around = std::exchange(c.known, std::make_unique<planning>());
    const plan::node_index scope = std::exchange(c.scope, child);
    read_pipeline(c, pipeline, child);
    c.scope = scope;
    c.known = std::move(around);
}

}  // namespace weir::harness
