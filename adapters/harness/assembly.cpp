// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/assembly.hpp"

#include "adapters/expressions/expression.hpp"
#include "adapters/harness/input_files.hpp"
#include "adapters/harness/inputs.hpp"
#include "adapters/harness/keys.hpp"
#include "adapters/harness/overlay.hpp"
#include "adapters/harness/pipeline.hpp"
#include "adapters/harness/planning.hpp"
#include "adapters/harness/templates.hpp"
#include "adapters/harness/yaml_compose.hpp"
#include "adapters/harness/yaml_import.hpp"
#include "adapters/plan/json.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace weir::harness {

namespace {

using yaml::kind;

struct child_draft {
    yaml::value pipeline, project, org, inputs, input_sets, outputs;
};
constexpr key_of<child_draft> child_keys[] = {
    {"pipeline", need::required, &child_draft::pipeline},
    {"project", need::optional, &child_draft::project},
    {"org", need::optional, &child_draft::org},
    {"inputs", need::optional, &child_draft::inputs},
    {"inputSetReferences", need::optional, &child_draft::input_sets},
    {"outputs", need::optional, &child_draft::outputs},
    {"gitBranch", need::ignored},
};

// The names and texts of a list of variables, as far as they stand there.
json constants_of(yaml::value variables) {
    json all = json::object();
    for (yaml::value entry = variables.first(); entry; entry = entry.next()) {
        const yaml::value name = entry["name"];
        yaml::value value = entry["value"];
        value = value ? value : entry["default"];
        if (name && name.is_scalar() && value && value.is_scalar() && !is_open_input(value)) {
            all[std::string{name.text()}] = std::string{value.text()};
        }
    }
    return all;
}

// A name that can stand in <+inputs.get("...")>.
bool is_plain(std::string_view name) noexcept {
    return std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_' || c == '.' || c == '-' || c == '$' || c == '[' || c == ']';
    });
}

// What a child is called in a chain: org, project and identifier, as far as they are known.
std::string name_of(const home& at, const std::string& identifier) {
    return at.org + '/' + at.project + '/' + identifier;
}

class assembly {
public:
    assembly(context& c, library& from, yaml::document& into)
        : context_(c), library_(from), document_(into) {}

    yaml::value run(yaml::value pipeline, const input_sources& from, const home& at) {
        if (document_.uses_templates) {
            pipeline = expand_templates(context_, library_, document_, pipeline, at);
        }
        apply_inputs(context_, document_, pipeline, from);
        const yaml::value stages = pipeline["stages"];
        if (stages.is(kind::sequence)) {
            planning known;
            bool ready = false;
            visit(stages, [&](yaml::value stage) {
                if (!ready) {
                    known.set_pipeline_variables(constants_of(pipeline["variables"]));
                    ready = true;
                }
                find_child(stage, known, at);
            });
        }
        return pipeline;
    }

    void begin(const home& at, std::string identifier) {
        chain_.push_back({name_of(at, identifier), std::move(identifier), {}});
    }

private:
    struct link {
        std::string name, identifier;
        plan::span where;
    };

    // The stages of type Pipeline in a list of stages, wherever they stand in it.
    void visit(yaml::value list, const std::function<void(yaml::value)>& each) {
        for (yaml::value entry = list.first(); entry; entry = entry.next()) {
            if (!entry.is(kind::mapping)) {
                continue;
            }
            for (yaml::value key = entry.first(); key; key = key.next().next()) {
                const yaml::value inner = key.next();
                if (key.text() == "stage") {
                    if (inner["type"].text() == "Pipeline" && inner.is(kind::mapping)) {
                        each(inner);
                    }
                } else if (inner.is(kind::sequence)) {
                    visit(inner, each);
                } else if (inner["stages"].is(kind::sequence)) {
                    visit(inner["stages"], each);
                }
            }
        }
    }

    void find_child(yaml::value stage, planning& known, const home& at) {
        if (context_.children.contains(stage.identity())) {
            return;
        }
        context_.children[stage.identity()] = {};
        child_draft d;
        const yaml::value spec = stage["spec"];
        if (!spec) {
            missing_key(context_, "a stage", stage.where(), "spec");
            return;
        }
        if (!read_keys(context_, "the spec of a Pipeline stage", spec, child_keys, d) ||
            !d.pipeline) {
            return;
        }
        plan::reference wanted;
        wanted.kind = plan::reference_kind::pipeline;
        home there = at;
        if (!read_name(d.pipeline, "the pipeline", wanted.identifier) ||
            !read_name(d.org, "the org", there.org) ||
            !read_name(d.project, "the project", there.project)) {
            return;
        }
        wanted.org = there.org;
        wanted.project = there.project;
        const plan::span where = d.pipeline.where();
        if (!may_run(there, wanted.identifier, where)) {
            return;
        }
        const yaml::value root =
            library_.find(wanted, "the child pipeline `" + wanted.identifier + "`", where,
                          plan::code::unresolved_child);
        const yaml::value found = root ? find_pipeline(context_, root) : yaml::value{};
        if (!found) {
            return;
        }
        const yaml::node_index copy = yaml::import(document_, found, yaml::limits{}.nodes);
        if (copy == yaml::none) {
            context_.report(plan::code::too_large, where,
                            "with its child pipelines, the document is too large");
            return;
        }
        known.set_stage_variables(constants_of(stage["variables"]));
        document_.uses_templates = true;  // perhaps: the child's
        put_in(stage, {document_, copy}, d, known, there, wanted.identifier);
        known.set_stage_variables(json::object());
    }

    void put_in(yaml::value stage, yaml::value pipeline, const child_draft& d,
                const planning& known, const home& there, const std::string& identifier) {
        input_documents given{context_, library_, there, identifier};
        if (d.input_sets) {
            given.add_references(d.input_sets, "the stage");
        }
        if (d.inputs && !is_open_input(d.inputs)) {
            if (d.inputs.is(kind::mapping)) {
                given.sources_.push_back({d.inputs, "`inputs` of the Pipeline stage"});
            } else {
                context_.wrong_kind(d.inputs, "`inputs` of a Pipeline stage", "a mapping");
            }
        }
        json inputs = json::object();
        input_sources from;
        from.laid_over = given.sources();
        from.of_child = true;
        from.translate = [&](std::string_view name, yaml::value value) {
            return translated(name, value, known, inputs);
        };
        chain_.push_back({name_of(there, identifier), identifier, d.pipeline.where()});
        origin used{"the child pipeline `" + identifier + "` is used here", d.pipeline.where()};
        const use_of_document use{context_, pipeline.where().file, used};
        const yaml::value whole = run(pipeline, from, there);
        chain_.pop_back();
        child_pipeline& child = context_.children[stage.identity()];
        child.used = std::move(used);
        child.pipeline = whole;
        child.inputs = inputs.empty() ? std::string{} : inputs.dump();
    }

    // A parent's expression: its value where that is known now, else by name in the child's inputs.
    std::string translated(std::string_view name, yaml::value value, const planning& known,
                           json& inputs) {
        if (auto constant = known.fold(value.text())) {
            return std::move(*constant);
        }
        const std::string wanted =
            is_plain(name) ? std::string{name} : "input_" + std::to_string(inputs.size() + 1);
        std::string key = wanted;
        for (std::size_t n = 2; inputs.contains(key); ++n) {
            key = wanted + "_" + std::to_string(n);
        }
        inputs[key] = std::string{value.text()};
        return "<+inputs.get(\"" + key + "\")>";
    }

    // Text that is known now; what is not given leaves `into` as it is.
    bool read_name(yaml::value v, std::string_view what, std::string& into) {
        if (!v) {
            return true;
        }
        const std::string_view text = read_text(context_, what, v);
        if (!v.is_scalar()) {
            return false;
        }
        if (text.empty() || expressions::has_expression(text)) {
            context_.report(
                plan::code::unresolved_child, v.where(),
                std::string{what} + " that a stage runs must be known to load the document",
                "name it, or give it as an input");
            return false;
        }
        into = text;
        return true;
    }

    bool may_run(const home& there, const std::string& identifier, const plan::span& where) {
        const std::string name = name_of(there, identifier);
        const bool again = std::any_of(chain_.begin(), chain_.end(),
                                       [&](const link& l) { return l.name == name; });
        if (!again && chain_.size() <= context_.options.most_levels) {
            return true;
        }
        std::string chain;
        for (const link& l : chain_) {
            chain += "`" + l.identifier + "` runs ";
        }
        chain += "`" + identifier + "`";
        plan::diagnostic& told =
            again ? context_.report(plan::code::recursive_reference, where,
                                    "the pipeline comes back to itself: " + chain,
                                    "a pipeline cannot run itself, nor what runs it")
                  : context_.report(plan::code::too_many_levels, where,
                                    "pipelines run each other over more than " +
                                        std::to_string(context_.options.most_levels) +
                                        " levels: " + chain);
        for (const link& l : chain_) {
            if (l.where.known()) {
                told.notes.push_back({"`" + l.identifier + "` is run here", l.where});
            }
        }
        return false;
    }

    context& context_;
    library& library_;
    yaml::document& document_;
    std::vector<link> chain_;
};

}  // namespace

yaml::value assemble(context& c, library& from, yaml::document& document, yaml::value pipeline) {
    const home at = home_of(pipeline);
    const std::string identifier{pipeline["identifier"].text()};
    input_documents given{c, from, at, identifier};
    for (const plan::given_document& one : c.options.inputs) {
        given.add(from.add(one), "the input file");
    }
    input_sources sources;
    sources.named = &c.options.variables;
    sources.laid_over = given.sources();
    for (const input_source& source : given.sources()) {
        c.laid_over.push_back(source.pipeline);
    }
    assembly work{c, from, document};
    work.begin(at, identifier);
    return work.run(pipeline, sources, at);
}

}  // namespace weir::harness
