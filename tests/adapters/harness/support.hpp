// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/harness/load.hpp"
#include "adapters/plan/plan.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace weir::harness::testing {

inline plan::loaded load(std::string_view text, std::map<std::string, std::string> variables = {},
                         bool open = false) {
    plan::load_options options;
    options.variables = std::move(variables);
    options.inputs_may_be_missing = open;
    return harness::load(text, options);
}

// Documents that others refer to, by what they are asked for: "pipeline child", "template base 2",
// "template account.base", "input_set qa", "parent child".
class shelf final : public plan::resolver {
public:
    shelf(std::map<std::string, std::string> documents) : documents_(std::move(documents)) {}

    plan::resolution resolve(const plan::reference& r) override {
        constexpr std::string_view kinds[] = {
            "",       "pipeline", "template",          "input_set",
            "parent", "value",    "environment_group", "infrastructures"};
        std::string name{kinds[static_cast<std::size_t>(r.kind)]};
        name += r.scope == plan::reference_scope::account        ? " account."
                : r.scope == plan::reference_scope::organization ? " org."
                                                                 : " ";
        name += r.identifier + (r.version.empty() ? "" : " " + r.version);
        asked.push_back(name);
        const auto found = documents_.find(name);
        if (found == documents_.end()) {
            return {false, {}, {}, "there is no " + name};
        }
        return {true, found->second, name + ".yaml", {}};
    }

    std::vector<std::string> asked;

private:
    std::map<std::string, std::string> documents_;
};

inline plan::loaded load_from(std::string_view text, shelf& from,
                              const std::vector<std::string>& inputs = {},
                              std::map<std::string, std::string> variables = {},
                              bool open = false) {
    plan::load_options options;
    options.variables = std::move(variables);
    options.inputs_may_be_missing = open;
    options.resolver = &from;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        options.inputs.push_back({inputs[i], "inputs" + std::to_string(i + 1) + ".yaml"});
    }
    return harness::load(text, options);
}

// "3:7" of the first place where a text holds another (ASCII before it).
inline std::string spot(const std::string& text, const std::string& part) {
    const auto at = text.find(part);
    const auto line = text.rfind('\n', at) + 1;  // 0 behind the end of the search
    return std::to_string(1 +
                          std::count(text.begin(), text.begin() + static_cast<long>(at), '\n')) +
           ":" + std::to_string(at - line + 1);
}

// As `findings`, with the file where it is not the first: "E0205@template base.yaml:3:7".
inline std::vector<std::string> places(const plan::loaded& l) {
    std::vector<std::string> out;
    for (const plan::diagnostic& d : l.findings.all()) {
        out.push_back(std::string{plan::text_of(d.what)} + "@" +
                      (d.where.file == 0 ? "" : l.files[d.where.file] + ":") +
                      std::to_string(d.where.line) + ":" + std::to_string(d.where.column));
    }
    std::sort(out.begin(), out.end());
    return out;
}

// The findings as "E0205@3:7", sorted: code, line and column.
inline std::vector<std::string> findings(const plan::loaded& l) {
    std::vector<std::string> out;
    for (const plan::diagnostic& d : l.findings.all()) {
        out.push_back(std::string{plan::text_of(d.what)} + "@" + std::to_string(d.where.line) +
                      ":" + std::to_string(d.where.column));
    }
    std::sort(out.begin(), out.end());
    return out;
}

inline std::vector<std::string> codes(const plan::loaded& l) {
    std::vector<std::string> out;
    for (const plan::diagnostic& d : l.findings.all()) {
        out.emplace_back(plan::text_of(d.what));
    }
    std::sort(out.begin(), out.end());
    return out;
}

inline const plan::node* at(const plan::loaded& l, std::string_view path) {
    for (plan::node_index i = 0; l.plan && i < l.plan->nodes.size(); ++i) {
        if (l.plan->nodes[i].kind != plan::node_kind::parallel &&
            plan::path_of(*l.plan, i) == path) {
            return &l.plan->nodes[i];
        }
    }
    return nullptr;
}

inline std::string indented(std::string_view text, std::size_t by) {
    std::string out;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        const std::string_view line = text.substr(0, end);
        if (!line.empty()) {
            out += std::string(by, ' ') + std::string{line};
        }
        out += '\n';
        text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    }
    return out;
}

// A pipeline of one stage `s` whose steps are given from column 1 on; they begin in line 10,
// column 13.
inline std::string with_steps(std::string_view steps, std::string_view beside = {}) {
    return "pipeline:\n  identifier: p\n  stages:\n    - stage:\n        identifier: s\n        "
           "type: Custom\n"
           "        spec:\n          execution:\n            steps:\n" +
           indented(steps, 12) + indented(beside, 2);
}

// A pipeline of the stages that are given from column 1 on; they begin in line 4, column 5.
inline std::string with_stages(std::string_view stages, std::string_view beside = {}) {
    return "pipeline:\n  identifier: p\n  stages:\n" + indented(stages, 4) + indented(beside, 2);
}

}  // namespace weir::harness::testing
