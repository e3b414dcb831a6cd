// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <catch2/catch_all.hpp>

#include "adapters/harness/load.hpp"

#include <memory>
#include <set>
#include <string>
#include <vector>

// Harness pipelines in few words, in YAML's flow style. `more` is what else the entry has, such as
// "timeout: 5s".
namespace weir::runs::test {

using texts = std::vector<std::string>;

inline std::string listed(const texts& entries) {
    std::string all;
    for (const auto& entry : entries) {
        all += all.empty() ? entry : ", " + entry;
    }
    return "[" + all + "]";
}

inline std::string entry(const std::string& key, const std::string& id, const std::string& body,
                         const std::string& more) {
    return "{" + key + ": {identifier: " + id + ", name: " + id + ", " + body +
           (more.empty() ? "" : ", " + more) + "}}";
}

inline std::string step(const std::string& id, const std::string& more = {},
                        const std::string& script = "true") {
    return entry("step", id,
                 "type: ShellScript, spec: {shell: Bash, source: {type: Inline, spec: {script: \"" +
                     script + "\"}}}",
                 more);
}

inline std::string meet(const std::string& id, const std::string& barrier,
                        const std::string& more = {}) {
    return entry("step", id, "type: Barrier, spec: {barrierRef: " + barrier + "}", more);
}

inline std::string group(const std::string& id, const texts& steps, const std::string& more = {}) {
    return entry("stepGroup", id, "steps: " + listed(steps), more);
}

inline std::string stage(const std::string& id, const texts& steps, const std::string& more = {},
                         const texts& rollback = {}) {
    const auto back = rollback.empty() ? "" : ", rollbackSteps: " + listed(rollback);
    return entry("stage", id,
                 "type: Custom, spec: {execution: {steps: " + listed(steps) + back + "}}", more);
}

inline std::string parallel(const texts& entries) {
    return "{parallel: " + listed(entries) + "}";
}

inline std::string on(const std::string& errors, const std::string& action,
                      const std::string& spec = {}) {
    return "failureStrategies: [{onFailure: {errors: [" + errors + "], action: {type: " + action +
           (spec.empty() ? "" : ", spec: {" + spec + "}") + "}}}]";
}
inline std::string on_failure(const std::string& action, const std::string& spec = {}) {
    return on("AllErrors", action, spec);
}

inline std::string when_stage(const std::string& status, const std::string& condition = {}) {
    return "when: {pipelineStatus: " + status +
           (condition.empty() ? "" : ", condition: \"" + condition + "\"") + "}";
}
inline std::string when_step(const std::string& status, const std::string& condition = {}) {
    return "when: {stageStatus: " + status +
           (condition.empty() ? "" : ", condition: \"" + condition + "\"") + "}";
}

// The barriers that a text names.
inline std::set<std::string> named_barriers(const std::string& text) {
    constexpr std::string_view key = "barrierRef: ";
    std::set<std::string> names;
    for (auto at = text.find(key); at != std::string::npos; at = text.find(key, at + 1)) {
        const auto begin = at + key.size();
        names.insert(text.substr(begin, text.find_first_of(",}", begin) - begin));
    }
    return names;
}

inline std::string pipeline(const texts& stages, const std::string& more = {}) {
    const auto body = listed(stages);
    texts barriers;
    for (const auto& name : named_barriers(body)) {
        barriers.push_back("{identifier: " + name + ", name: " + name + "}");
    }
    const auto flow = barriers.empty() ? "" : "flowControl: {barriers: " + listed(barriers) + "}, ";
    return "{pipeline: {identifier: p, name: p, " + flow + (more.empty() ? "" : more + ", ") +
           "stages: " + body + "}}";
}

inline std::shared_ptr<const plan::plan> load(const std::string& document,
                                              const plan::load_options& how = {}) {
    const auto loaded = harness::load(document, how);
    if (!loaded.plan) {
        FAIL(document << "\n" << plan::to_json(loaded.findings, loaded.files));
    }
    return loaded.plan;
}

}  // namespace weir::runs::test
