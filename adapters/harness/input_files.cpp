// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/input_files.hpp"

#include "adapters/expressions/expression.hpp"
#include "adapters/harness/keys.hpp"

#include <algorithm>

namespace weir::harness {

using yaml::kind;

namespace {

// Does a mapping have the shape of a pipeline?
bool has_pipeline_keys(yaml::value root) {
    for (const std::string_view key : {"stages", "variables", "identifier", "template"}) {
        if (root[key]) {
            return true;
        }
    }
    return false;
}

}  // namespace

void input_documents::add(yaml::value root, const std::string& what) {
    if (!root || root.is(kind::null)) {
        return;
    }
    yaml::value pipeline;
    if (const yaml::value set = root["inputSet"]; set.is(kind::mapping)) {
        pipeline = set["pipeline"];
        if (!pipeline) {
            missing_key(context_, "an input set", set.where(), "pipeline");
            return;
        }
    } else if (const yaml::value over = root["overlayInputSet"]; over.is(kind::mapping)) {
        const yaml::value list = over["inputSetReferences"];
        if (!list) {
            missing_key(context_, "an overlay of input sets", over.where(), "inputSetReferences");
            return;
        }
        add_references(list, "the overlay");
        return;
    } else if (root["pipeline"]) {
        pipeline = root["pipeline"];
    } else if (root.is(kind::mapping) && has_pipeline_keys(root)) {
        pipeline = root;
    }
    if (!pipeline.is(kind::mapping)) {
        context_.report(plan::code::unknown_document, (pipeline ? pipeline : root).where(),
                        what + " is no input set and has no pipeline's shape",
                        "it begins with `inputSet:`, `overlayInputSet:` or `pipeline:`");
        return;
    }
    sources_.push_back({pipeline, what});
}

void input_documents::add_references(yaml::value list, std::string_view what) {
    if (!list.is(kind::sequence)) {
        context_.wrong_kind(list, "`inputSetReferences`", "a list");
        return;
    }
    for (yaml::value entry = list.first(); entry; entry = entry.next()) {
        const std::string_view id = read_text(context_, "an input set's identifier", entry);
        if (!entry.is_scalar()) {
            continue;
        }
        if (id.empty() || expressions::has_expression(id)) {
            context_.report(plan::code::unresolved_input_set, entry.where(),
                            "which input set " + std::string{what} +
                                " uses must be known to load the document");
            continue;
        }
        const std::string name{id};
        if (std::find(chain_.begin(), chain_.end(), name) != chain_.end()) {
            context_.report(plan::code::recursive_reference, entry.where(),
                            "the input set `" + name + "` comes back to itself");
            continue;
        }
        if (chain_.size() >= context_.options.most_levels) {
            context_.report(plan::code::too_many_levels, entry.where(),
                            "overlays of overlays over more than " +
                                std::to_string(context_.options.most_levels) + " levels");
            continue;
        }
        plan::reference wanted;
        wanted.kind = plan::reference_kind::input_set;
        wanted.identifier = name;
        wanted.org = home_.org;
        wanted.project = home_.project;
        wanted.pipeline = pipeline_;
        const std::string shown = "the input set `" + name + "`";
        chain_.push_back(name);
        add(library_.find(wanted, shown, entry.where(), plan::code::unresolved_input_set), shown);
        chain_.pop_back();
    }
}

}  // namespace weir::harness
