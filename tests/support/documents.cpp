// SPDX-License-Identifier: BSL-1.0
#include "tests/support/documents.hpp"

namespace weir::test {

json step(const std::string& id, const std::string& type, const json& spec) {
    return {{"step", {{"type", type}, {"name", id}, {"identifier", id}, {"spec", spec}}}};
}

json shell(const std::string& id, const std::string& script, const json& more_of_spec) {
    json spec{{"shell", "Bash"}, {"source", {{"type", "Inline"}, {"spec", {{"script", script}}}}}};
    spec.update(more_of_spec);
    return step(id, "ShellScript", spec);
}

json meet(const std::string& barrier, const std::string& timeout) {
    json made = step("meet_" + barrier, "Barrier", {{"barrierRef", barrier}});
    made["step"]["timeout"] = timeout;
    return made;
}

json group(const std::string& id, std::vector<json> steps) {
    return {{"stepGroup", {{"name", id}, {"identifier", id}, {"steps", std::move(steps)}}}};
}

json stage(const std::string& id, std::vector<json> steps) {
    return {{"stage",
             {{"name", id},
              {"identifier", id},
              {"type", "Custom"},
              {"spec", {{"execution", {{"steps", std::move(steps)}}}}}}}};
}

json parallel(std::vector<json> entries) {
    return {{"parallel", std::move(entries)}};
}

std::string pipeline(const std::string& id, std::vector<std::string> barriers,
                     std::vector<json> stages) {
    json body{{"name", id}, {"identifier", id}};
    for (const std::string& barrier : barriers) {
        body["flowControl"]["barriers"].push_back({{"name", barrier}, {"identifier", barrier}});
    }
    body["stages"] = std::move(stages);
    return json{{"pipeline", std::move(body)}}.dump();
}

std::string many_stages(std::size_t count) {
    std::string text = R"(pipeline:
  name: Many stages
  identifier: many_stages
  flowControl:
    barriers:
      - name: All here
        identifier: all_here
  stages:
    - parallel:
)";
    for (std::size_t i = 0; i < count; ++i) {
        const std::string id = "stage_" + std::to_string(i);
        text +=
            "        - stage:\n            name: " + id + "\n            identifier: " + id + R"(
            type: Custom
            spec:
              execution:
                steps:
                  - step:
                      type: ShellScript
                      name: Before
                      identifier: before
                      spec:
                        shell: Bash
                        source:
                          type: Inline
                          spec:
                            script: echo before
                  - step:
                      type: Barrier
                      name: All here
                      identifier: all_here
                      spec:
                        barrierRef: all_here
                      timeout: 10m
                  - step:
                      type: ShellScript
                      name: After
                      identifier: after
                      spec:
                        shell: Bash
                        source:
                          type: Inline
                          spec:
                            script: echo after
)";
    }
    return text;
}

}  // namespace weir::test
