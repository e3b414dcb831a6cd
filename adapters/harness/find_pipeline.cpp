// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/keys.hpp"
#include "adapters/harness/pipeline.hpp"

#include <string>

namespace weir::harness {

namespace {

struct other_document {
    std::string_view root;
    std::string_view what;
    std::string_view help;
};

// What else Harness keeps as YAML, by its root key.
constexpr other_document others[] = {
    {"template", "a template", "it is read where a pipeline uses it"},
    {"inputSet", "an input set", "give it beside the pipeline that it belongs to"},
    {"overlayInputSet", "an overlay of input sets",
     "give it beside the pipeline that it belongs to"},
    {"trigger", "a trigger", ""},
    {"service", "a service", ""},
    {"environment", "an environment", ""},
    {"environmentGroup", "an environment group", ""},
    {"infrastructureDefinition", "an infrastructure definition", ""},
    {"connector", "a connector", ""},
};

// Does a list hold what a list of stages holds (and not the stages of another engine)?
bool holds_stages(yaml::value stages) {
    const yaml::value first = stages.is(yaml::kind::sequence) ? stages.first() : yaml::value{};
    if (!first) {
        return stages.is(yaml::kind::sequence);
    }
    const yaml::value stage = first["stage"];
    return (stage && !stage.is_scalar()) || first["parallel"].is(yaml::kind::sequence);
}

// Harness's newer notation has no `stage:` in its lists and keys of its own in the pipeline.
yaml::value newer_notation(yaml::value pipeline) {
    for (yaml::value key = pipeline.first(); key; key = key.next().next()) {
        for (const std::string_view name : {"inputs", "repo", "clone", "env", "jobs"}) {
            if (key.text() == name) {
                return key;
            }
        }
    }
    const yaml::value stages = pipeline["stages"];
    const yaml::value first = stages.is(yaml::kind::sequence) ? stages.first() : yaml::value{};
    if (first.is(yaml::kind::mapping)) {
        for (yaml::value key = first.first(); key; key = key.next().next()) {
            if (key.text() == "steps" || key.text() == "group" || key.text() == "run") {
                return key;
            }
        }
    }
    return {};
}

yaml::value tell_other(context& c, yaml::value root) {
    for (const other_document& other : others) {
        for (yaml::value key = root.first(); key; key = key.next().next()) {
            if (key.text() == other.root) {
                c.report(plan::code::not_supported, key.where(),
                         "this document is " + std::string{other.what} + ", not a pipeline",
                         std::string{other.help});
                return {};
            }
        }
    }
    constexpr std::string_view wanted[] = {"pipeline"};
    const yaml::value key = root.first();
    std::string help = key ? c.suggestion(key.text(), wanted) : std::string{};
    c.report(plan::code::unknown_document, key ? key.where() : root.where(),
             "this document has no `pipeline`", std::move(help));
    return {};
}

}  // namespace

yaml::value find_pipeline(context& c, yaml::value root) {
    if (!root.is(yaml::kind::mapping)) {
        const bool empty = root.is(yaml::kind::null);
        c.report(plan::code::unknown_document, root.where(),
                 empty ? std::string{"the document is empty"}
                       : "the document is " + std::string{yaml::name_of(root.what())} +
                             ", not a pipeline",
                 "a pipeline begins with `pipeline:`");
        return {};
    }
    yaml::value pipeline_key;
    yaml::value other_key;
    for (yaml::value key = root.first(); key; key = key.next().next()) {
        (key.text() == "pipeline" ? pipeline_key : other_key) = key;
    }
    yaml::value pipeline = root;
    const bool indented = pipeline_key && !pipeline_key.next().is(yaml::kind::null);
    if (indented) {
        pipeline = pipeline_key.next();
        if (other_key) {
            constexpr std::string_view wanted[] = {"pipeline"};
            unknown_key(c, "the document", other_key, wanted);
        }
        if (!pipeline.is(yaml::kind::mapping)) {
            c.wrong_kind(pipeline, "`pipeline`", "a mapping");
            return {};
        }
    } else if (!holds_stages(root["stages"])) {
        if (pipeline_key && !other_key) {
            c.report(plan::code::wrong_type, pipeline_key.where(), "`pipeline` holds nothing");
            return {};
        }
        return tell_other(c, root);
    } else {
        const yaml::value at = pipeline_key ? pipeline_key : root.first();
        c.report(
            plan::code::keys_at_root, at.where(),
            pipeline_key
                ? "`pipeline` is empty, and its keys stand at the root: they are taken as its own"
                : "`pipeline:` is missing, and its keys stand at the root: they are taken as its "
                  "own",
            "write `pipeline:` above them and indent them");
    }
    if (const yaml::value sign = newer_notation(pipeline)) {
        c.report(
            plan::code::not_supported, sign.where(),
            "this is Harness's newer (v1) notation of pipelines, which is not read",
            "write the pipeline with `stages: - stage: ...`, as Harness's YAML reference shows it");
        return {};
    }
    return pipeline;
}

}  // namespace weir::harness
