// SPDX-License-Identifier: BSL-1.0
#include "examples/runner/options.hpp"

#include "examples/runner/exit_status.hpp"

#include <weir/weir.h>

#include <CLI/CLI.hpp>

#include <map>

namespace weir::runner {

namespace {

// The texts that CLI11 fills, beside the options that they become.
struct written {
    std::vector<std::string> variables;
    std::string compat, progress = "auto", format, slots = "hold";
};

void add_document_options(CLI::App& app, document_options& options, written& texts) {
    app.add_option("--adapter", options.adapter, "Kind of document, instead of detecting it")
        ->type_name("NAME");
    app.add_option("--set", texts.variables,
                   "Value of a pipeline variable or input; may be repeated")
        ->type_name("NAME=VALUE")
        ->allow_extra_args(false)
        ->take_all()
        ->check([](const std::string& text) {
            const auto at = text.find('=');
            return at == std::string::npos || at == 0 ? "'" + text + "' is not NAME=VALUE"
                                                      : std::string{};
        });
    app.add_option("--inputs", options.inputs,
                   "Input set, overlay or mapping of the pipeline's shape; a later one wins")
        ->type_name("FILE")
        ->allow_extra_args(false)
        ->take_all();
    app.add_option("--resolve", options.resolve,
                   "Where child pipelines, templates and input sets are found; may be repeated")
        ->type_name("DIR")
        ->allow_extra_args(false)
        ->take_all();
    app.add_option("--compat", texts.compat,
                   "Behave as the named engine where Weir differs: harness")
        ->type_name("ENGINE")
        ->check(CLI::IsMember({"harness"}));
    app.add_flag("--allow-unproved", options.allow_unproved,
                 "Accept a document of which it is not found out whether it can get stuck");
    app.add_option(
           "--slot-while-waiting", texts.slots,
           "Whether a loop's instance that waits keeps its slot, where the document does not "
           "say: hold or release")
        ->type_name("POLICY")
        ->check(CLI::IsMember({"hold", "release"}));
}

void add_run(CLI::App& app, run_options& options, written& texts) {
    app.add_option("FILE", options.file, "The pipeline; - is standard input")->required();
    app.add_option("--events", options.events, "Write every event to FILE, one JSON object a line")
        ->type_name("FILE");
    app.add_option("--progress", texts.progress, "auto, plain, tty or off")
        ->type_name("STYLE")
        ->check(CLI::IsMember({"auto", "plain", "tty", "off"}));
    app.add_option("--jobs", options.jobs, "How many scripts may run at once")
        ->type_name("N")
        ->check(CLI::Range(1u, 100'000u));
    auto* simulate = app.add_flag("--simulate", options.simulate,
                                  "Virtual time, no scripts: a step takes 1 s and succeeds");
    app.add_option("--seed", options.seed, "Order of what happens at once in a simulation")
        ->type_name("N")
        ->needs(simulate);
    app.add_option("--durations", options.durations,
                   "Times and outcomes of simulated steps (docs/simulate.md)")
        ->type_name("FILE")
        ->needs(simulate);
    add_document_options(app, options.document, texts);
}

void add_check(CLI::App& app, check_options& options, written& texts) {
    app.add_option("FILE", options.files, "Pipelines; - is standard input")->required();
    app.add_option("--format", texts.format, "text, json or sarif")
        ->type_name("FORMAT")
        ->check(CLI::IsMember({"text", "json", "sarif"}));
    app.add_flag("--slots", options.slots,
                 "Also say of each sound document how few slots its loops could do with");
    add_document_options(app, options.document, texts);
}

void add_plan(CLI::App& app, plan_options& options, written& texts) {
    app.add_option("FILE", options.file, "The pipeline; - is standard input")->required();
    app.add_option("--format", texts.format, "json, tree, dot or mermaid")
        ->type_name("FORMAT")
        ->check(CLI::IsMember({"json", "tree", "dot", "mermaid"}));
    add_document_options(app, options.document, texts);
}

// The library says which dialects there are, so that a newer one may know more.
void add_expand(CLI::App& app, expand_options& options, written& texts) {
    app.add_option("FILE", options.file, "The bare strategy, YAML or JSON; - is standard input")
        ->required();
    app.add_option("--dialect", options.dialect,
                   "Whose way to loop it is: harness, github, gitlab, tekton or argo")
        ->type_name("ENGINE")
        ->capture_default_str();
    app.add_flag("--labels", options.labels,
                 "Harness: suffixes name the values of a matrix instead of their places");
    app.add_option("--compat", texts.compat,
                   "Behave as the named engine where Weir differs: harness")
        ->type_name("ENGINE")
        ->check(CLI::IsMember({"harness"}));
}

void settle(document_options& options, const written& texts) {
    options.compat_harness = texts.compat == "harness";
    options.slots_release = texts.slots == "release";
    for (const std::string& text : texts.variables) {
        const auto at = text.find('=');
        options.variables.emplace_back(text.substr(0, at), text.substr(at + 1));
    }
}

}  // namespace

command parse_command_line(int count, char** arguments) {
    CLI::App app{"Runs pipelines whose parallel lanes meet at barriers", "weir"};
    app.require_subcommand(1);
    run_options run;
    check_options check;
    plan_options plan;
    expand_options expand;
    version_options version;
    written texts;
    auto* run_app = app.add_subcommand("run", "Run a pipeline");
    auto* check_app =
        app.add_subcommand("check", "Say what is wrong with pipelines, without running them");
    auto* plan_app = app.add_subcommand("plan", "Show what a pipeline means");
    auto* expand_app =
        app.add_subcommand("expand", "List the instances of a loop, one JSON object a line");
    auto* version_app = app.add_subcommand("version", "Say which version this is");
    add_run(*run_app, run, texts);
    add_check(*check_app, check, texts);
    add_plan(*plan_app, plan, texts);
    add_expand(*expand_app, expand, texts);
    version_app->add_flag("--json", version.json, "As one JSON object");
    try {
        app.parse(count, arguments);
    } catch (const CLI::ParseError& error) {
        return told{app.exit(error) == 0 ? exit_success : exit_usage};
    }
    if (version_app->parsed())
        return version;
    if (expand_app->parsed()) {
        expand.compat_harness = texts.compat == "harness";
        return expand;
    }
    if (run_app->parsed()) {
        const std::map<std::string, progress_style> styles{{"auto", progress_style::automatic},
                                                           {"plain", progress_style::plain},
                                                           {"tty", progress_style::tty},
                                                           {"off", progress_style::off}};
        run.progress = styles.at(texts.progress);
        settle(run.document, texts);
        return run;
    }
    if (check_app->parsed()) {
        const std::map<std::string, findings_format> formats{{"text", findings_format::text},
                                                             {"json", findings_format::json},
                                                             {"sarif", findings_format::sarif}};
        if (!texts.format.empty())
            check.format = formats.at(texts.format);
        settle(check.document, texts);
        return check;
    }
    const std::map<std::string, std::uint32_t> formats{{"json", WEIR_FORMAT_JSON},
                                                       {"tree", WEIR_FORMAT_TREE},
                                                       {"dot", WEIR_FORMAT_DOT},
                                                       {"mermaid", WEIR_FORMAT_MERMAID}};
    plan.format = texts.format.empty() ? WEIR_FORMAT_TREE : formats.at(texts.format);
    settle(plan.document, texts);
    return plan;
}

}  // namespace weir::runner
