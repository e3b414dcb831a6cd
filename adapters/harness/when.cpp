// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/when.hpp"

#include "adapters/harness/keys.hpp"

namespace weir::harness {

namespace {

struct draft {
    yaml::value status;
    yaml::value other_status;
    yaml::value other_key;
    yaml::value condition;
};

constexpr key_of<draft> stage_keys[] = {
    {"pipelineStatus", need::optional, &draft::status},
    {"condition", need::optional, &draft::condition},
    {"stageStatus", need::ignored, &draft::other_status, &draft::other_key},
};

constexpr key_of<draft> step_keys[] = {
    {"stageStatus", need::optional, &draft::status},
    {"condition", need::optional, &draft::condition},
    {"pipelineStatus", need::ignored, &draft::other_status, &draft::other_key},
};

plan::when_status read_status(context& c, yaml::value v) {
    const std::string_view text = read_text(c, "the status of `when`", v);
    if (!v || !v.is_scalar() || text == "Success") {
        return plan::when_status::success;
    }
    if (text == "Failure") {
        return plan::when_status::failure;
    }
    if (text == "All") {
        return plan::when_status::all;
    }
    constexpr std::string_view words[] = {"Success", "Failure", "All"};
    std::string help = c.suggestion(text, words);
    c.report(plan::code::bad_value, v.where(),
             "`" + std::string{text} + "` is no status that `when` can ask for",
             help.empty() ? "it is `Success`, `Failure` or `All`" : std::move(help));
    return plan::when_status::success;
}

}  // namespace

void read_when(context& c, when_place place, yaml::value v, plan::node_index at) {
    if (!v) {
        return;
    }
    if (is_open_input(v)) {
        c.builder.at(at).condition = c.builder.keep(v.text());
        return;
    }
    draft d;
    const bool stage = place == when_place::stage;
    if (!(stage ? read_keys(c, "`when`", v, stage_keys, d)
                : read_keys(c, "`when`", v, step_keys, d))) {
        return;
    }
    if (d.other_key) {
        unknown_key(c, stage ? "a stage's `when`" : "a step's `when`", d.other_key, {},
                    stage ? "to steps and step groups; a stage has `pipelineStatus`"
                          : "to stages; steps and step groups have `stageStatus`");
    }
    c.builder.at(at).status = read_status(c, d.status);
    if (d.condition) {
        const std::string_view text = read_text(c, "the condition of `when`", d.condition);
        c.builder.at(at).condition = c.builder.keep(text);
    }
}

}  // namespace weir::harness
