// SPDX-License-Identifier: BSL-1.0
#include "tests/e2e/events.hpp"
#include "tests/support/process.hpp"
#include "tests/support/scratch.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <filesystem>

using namespace weir::test;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

namespace {

const std::string parent = R"(pipeline:
  name: Release
  identifier: release
  orgIdentifier: default
  projectIdentifier: shop
  flowControl:
    barriers:
      - {identifier: ready, name: ready}
  variables:
    - {name: env, type: String, value: '<+input>.allowedValues(qa,prod)'}
  stages:
    - stage:
        identifier: build
        type: Custom
        spec:
          execution:
            steps:
              - step:
                  identifier: tag
                  template:
                    templateRef: account.shell
                    versionLabel: "1"
                    templateInputs:
                      type: ShellScript
                      spec: {source: {spec: {script: value=v7}}}
    - parallel:
        - stage:
            identifier: api
            type: Pipeline
            spec:
              org: default
              project: shop
              pipeline: service
              inputSetReferences: [common]
              inputs:
                identifier: service
                variables:
                  - {name: tag, type: String, value: <+pipeline.stages.build.spec.execution.steps.tag.output.outputVariables.value>}
              outputs:
                - {name: url, value: <+pipeline.stages.deploy.spec.execution.steps.go.output.outputVariables.value>}
        - stage:
            identifier: web
            type: Pipeline
            spec:
              org: default
              project: shop
              pipeline: service
              inputSetReferences: [common]
              inputs:
                identifier: service
                variables:
                  - {name: tag, type: String, value: <+pipeline.variables.env>}
    - stage:
        identifier: smoke
        type: Custom
        spec:
          execution:
            steps:
              - step:
                  identifier: look
                  type: ShellScript
                  spec: {shell: Bash, source: {type: Inline, spec: {script: 'echo "[<+pipeline.stages.api.output.url>]"'}}}
)";

const std::string service = R"(pipeline:
  name: Service
  identifier: service
  orgIdentifier: default
  projectIdentifier: shop
  variables:
    - {name: tag, type: String, value: <+input>}
    - {name: host, type: String, value: <+input>}
  stages:
    - stage:
        identifier: deploy
        type: Custom
        spec:
          execution:
            steps:
              - step: {identifier: meet, type: Barrier, timeout: 1m, spec: {barrierRef: ready}}
              - step:
                  identifier: go
                  template:
                    templateRef: account.shell
                    versionLabel: "1"
                    templateInputs:
                      type: ShellScript
                      spec: {source: {spec: {script: "value=http://<+pipeline.variables.host>/<+pipeline.variables.tag>"}}}
)";

const std::string shell_1 = R"(template:
  name: Shell
  identifier: shell
  versionLabel: "1"
  type: Step
  spec:
    type: ShellScript
    timeout: 1m
    spec:
      shell: Bash
      source: {type: Inline, spec: {script: <+input>}}
      outputVariables: [{name: value, type: String, value: value}]
)";

const std::string common = R"(inputSet:
  name: Common
  identifier: common
  orgIdentifier: default
  projectIdentifier: shop
  pipeline:
    identifier: service
    variables:
      - {name: host, type: String, value: example}
      - {name: tag, type: String, value: none}
)";

const std::string qa = R"(inputSet:
  identifier: qa
  pipeline:
    identifier: release
    variables: [{name: env, type: String, value: qa}]
)";

struct house {
    house() {
        std::filesystem::create_directory(files.path("all"));
        std::filesystem::create_directory(files.path("all/templates"));
        files.write("all/service.yaml", service);
        files.write("all/templates/a.yaml", shell_1);
        files.write("all/common.yml", common);
        files.write("qa.yaml", qa);
        main = files.write("release.yaml", parent);
        all = files.path("all");
    }

    process_end weir(const std::string& command, std::vector<std::string> more = {}) const {
        more.insert(more.begin(), {command, main});
        return weir_command(more);
    }

    scratch files;
    std::string main, all;
};

}  // namespace

TEST_CASE("a parent, its children, their templates and input sets run as one, and meet") {
    const house h;
    const auto end = h.weir("run", {"--resolve", h.all, "--inputs", h.files.path("qa.yaml"),
                                    "--events", h.files.path("events.jsonl")});
    INFO(end.out << end.err);
    CHECK(end.status == 0);
    CHECK(end.err.empty());
    CHECK_THAT(end.out, ContainsSubstring("[http://example/v7]"));
    const events told = proven(h.files.read("events.jsonl"));
    const auto released = told.one("barrier.released", "barrier", "ready");
    CHECK(released["parties"] == 2);
    CHECK(released["scope"] == "release");
    CHECK(told.one("node.finished", "path", "web/deploy/go")["outcome"] == "succeeded");
}

TEST_CASE("the command shows and judges the whole, and a named value wins over an input set") {
    const house h;
    const auto plan = h.weir("plan", {"--resolve", h.all});
    CHECK(plan.status == 0);
    CHECK_THAT(plan.out, ContainsSubstring("pipeline service"));
    CHECK_THAT(plan.out, ContainsSubstring("web/deploy/meet"));
    const auto check = h.weir("check", {"--resolve", h.all});
    CHECK(check.out == h.main + ": nothing to say against it\n");
    const auto run = h.weir("run", {"--simulate", "--progress", "off", "--resolve", h.all,
                                    "--inputs", h.files.path("qa.yaml"), "--set", "env=live"});
    CHECK(run.status == 3);
    CHECK_THAT(run.err, ContainsSubstring("`live` was given for `env`"));
}

TEST_CASE("what a child, a template or an input set gets wrong is told in its own file") {
    const house h;
    const auto refused = [&](const std::string& file, const std::string& text,
                             const std::string& at, const std::string& because) {
        h.files.write("all/" + file, text);
        const auto end = h.weir("run", {"--resolve", h.all, "--inputs", h.files.path("qa.yaml")});
        INFO(end.err);
        CHECK(end.status == 3);
        CHECK_THAT(end.err, ContainsSubstring(h.files.path("all/" + file) + ":" + at));
        CHECK_THAT(end.err, ContainsSubstring(h.main + ":" + because));
    };
    std::string text = service;
    text.replace(text.find("timeout: 1m"), 11, "timeout: 1x");
    refused("service.yaml", text, "16:66: error[E0209]",
            "33:25: note: the child pipeline `service` is used here");
    text = service;
    text.replace(text.find("barrierRef: ready"), 17, "barrierRef: raedy");
    refused("service.yaml", text, "16:89: error[E0301]", "");
    h.files.write("all/service.yaml", service);
    text = shell_1;
    text.replace(text.find("type: Step"), 10, "type: Stage");
    refused("templates/a.yaml", text, "5:9: note: its type", "21:34: error[E0207]");
    h.files.write("all/templates/a.yaml", shell_1);
    text = common;
    text.replace(text.find("name: host"), 10, "name: hots");
    refused("common.yml", text, "9:9: error[E0211]", "");
}

TEST_CASE("what --resolve does not find, or finds twice, is told at the reference") {
    const house h;
    const auto without = h.weir("check");
    CHECK(without.status == 3);
    CHECK_THAT(without.out, ContainsSubstring(h.main + ":21:34: error[E0207]"));
    CHECK_THAT(without.out, ContainsSubstring("--resolve DIR"));

    h.files.write("all/other.yaml", service);
    const auto twice = h.weir("check", {"--resolve", h.all});
    CHECK(twice.status == 3);
    CHECK_THAT(twice.out,
               ContainsSubstring("several files could be meant: " + h.files.path("all/other.yaml") +
                                 ", " + h.files.path("all/service.yaml")));

    // Where a file says that it is from another project, the other one is meant.
    std::string elsewhere = service;
    elsewhere.replace(elsewhere.find("projectIdentifier: shop"), 23, "projectIdentifier: lab");
    h.files.write("all/other.yaml", elsewhere);
    CHECK(h.weir("check", {"--resolve", h.all}).status == 0);

    std::string second = shell_1;
    second.replace(second.find("versionLabel: \"1\""), 17, "versionLabel: \"2\"");
    h.files.write("all/templates/a.yaml", second);
    const auto gone = h.weir("check", {"--resolve", h.all});
    CHECK_THAT(gone.out, ContainsSubstring("of that identifier, but another version: " +
                                           h.files.path("all/templates/a.yaml")));

    const auto nowhere = h.weir("check", {"--resolve", h.files.path("nowhere")});
    CHECK(nowhere.status == 4);
    CHECK_THAT(nowhere.err, StartsWith("weir: cannot read '" + h.files.path("nowhere")));
    const auto unreadable = h.weir("check", {"--inputs", h.files.path("nothing.yaml")});
    CHECK(unreadable.status == 4);
}

TEST_CASE(
    "documents are found by their file's name where they do not say who they are, and as JSON") {
    const house h;
    std::string nameless = service;
    nameless.erase(nameless.find("  identifier: service\n"), 22);
    h.files.write("all/service.yaml", nameless);
    CHECK(h.weir("check", {"--resolve", h.all}).status == 0);
    std::filesystem::remove(h.files.path("all/common.yml"));
    h.files.write("all/x.json",
                  R"({"inputSet": {"identifier": "common", "pipeline": {"variables": )"
                  R"([{"name": "host", "type": "String", "value": "h"}]}}})");
    CHECK(h.weir("check", {"--resolve", h.all}).status == 0);
}

TEST_CASE("children are found among the files that are checked together, and so are parents") {
    const house h;
    const auto end = weir_command({"check", h.main, h.files.path("all/service.yaml"), "--resolve",
                                   h.files.path("all/templates"), "--resolve", h.all});
    INFO(end.out << end.err);
    CHECK(end.status == 0);
    // Alone, the child's barrier can only be a parent's.
    const auto alone =
        weir_command({"check", h.files.path("all/service.yaml"), "--resolve", h.all});
    INFO(alone.out);
    CHECK(alone.status == 0);
    CHECK_THAT(alone.out, ContainsSubstring("warning[W0311]"));
    const auto run = weir_command({"run", "--simulate", "--set", "tag=x", "--set", "host=y",
                                   h.files.path("all/service.yaml"), "--resolve", h.all});
    CHECK(run.status == 3);
    CHECK_THAT(run.err, ContainsSubstring("error[E0301]"));
}

TEST_CASE("a pipeline that runs itself is refused with its chain") {
    const house h;
    std::string round = service;
    round.replace(round.find("pipeline:\n"), 10, "pipeline:\n");
    round +=
        "    - stage: {identifier: again, type: Pipeline, spec: {org: default, project: shop, "
        "pipeline: release}}\n";
    h.files.write("all/service.yaml", round);
    h.files.write("all/release.yaml", parent);
    const auto end = h.weir("check", {"--resolve", h.all});
    CHECK(end.status == 3);
    CHECK_THAT(end.out,
               ContainsSubstring("error[E0221]: the pipeline comes back to itself: `release` "
                                 "runs `service` runs `release`"));
}

TEST_CASE("--resolve finds environment groups, and what only one stage at a time may deploy to") {
    const scratch files;
    std::filesystem::create_directory(files.path("all"));
    files.write("all/group.yaml",
                "environmentGroup:\n  identifier: regions\n  orgIdentifier: default\n"
                "  envIdentifiers: [eu, us]\n");
    files.write("all/eu.yaml",
                "---\ninfrastructureDefinition:\n  identifier: k8s_eu\n  environmentRef: eu\n"
                "  allowSimultaneousDeployments: false\n");
    files.write("all/us.json",
                "{\"infrastructureDefinition\": {\"identifier\": \"k8s_us\", "
                "\"environmentRef\": \"us\"}}");
    const auto pipeline = [](const std::string& step) {
        std::string text =
            "pipeline:\n  identifier: p\n  flowControl: {barriers: [{identifier: go, name: go}]}\n"
            "  stages:\n    - parallel:\n";
        for (const std::string id : {"a", "b"}) {
            text += "        - stage:\n            identifier: " + id +
                    "\n            type: Deployment\n            spec:\n"
                    "              service: {serviceRef: shop}\n"
                    "              environmentGroup: {envGroupRef: regions, deployToAll: true}\n"
                    "              execution: {steps: [{step: " +
                    step + "}]}\n";
        }
        return text;
    };
    const auto main = files.write("p.yaml", pipeline("{identifier: x, type: Http}"));
    const auto all = files.path("all");
    const auto plan = weir_command({"plan", main, "--resolve", all, "--format", "json"});
    INFO(plan.out);
    CHECK(plan.status == 0);
    CHECK_THAT(plan.out, ContainsSubstring("\"infrastructure\":\"k8s_us\""));
    CHECK_THAT(plan.out, ContainsSubstring("\"automatic\":true"));
    CHECK(weir_command({"check", main, "--resolve", all}).status == 0);
    CHECK_THAT(weir_command({"check", main}).out, ContainsSubstring("error[E0240]"));

    const auto meeting =
        files.write("m.yaml", pipeline("{identifier: x, type: Barrier, spec: {barrierRef: go}}"));
    const auto stuck = weir_command({"check", meeting, "--resolve", all});
    INFO(stuck.out);
    CHECK(stuck.status == 3);
    CHECK_THAT(stuck.out, ContainsSubstring("error[E0508]"));
}
