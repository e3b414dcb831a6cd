// SPDX-License-Identifier: BSL-1.0
#include "adapters/run/child.hpp"

#include "adapters/plan/json.hpp"
#include "adapters/run/failing.hpp"
#include "adapters/run/lookup.hpp"
#include "adapters/run/run.hpp"

#include <utility>

namespace weir::runs {

namespace {

const plan::node_extras* extras_of_child(const activation& stage) noexcept {
    const auto& document = stage.owner.document();
    if (stage.what->kind != plan::node_kind::stage || stage.what->first_child == plan::no_node)
        return nullptr;
    const auto& child = document[stage.what->first_child];
    return child.kind == plan::node_kind::pipeline ? child.extras : nullptr;
}

std::string text_of(const json& value) {
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

// False, with the reason, when one of them cannot be evaluated.
bool evaluate_inputs(activation& stage, const std::string& inputs, std::string& problem) {
    json values = json::parse(inputs, nullptr, false);
    for (auto& [name, value] : values.items()) {
        auto got = expressions::interpolate(value.get_ref<const std::string&>(),
                                            lookup{stage.owner, stage});
        if (got.status != expressions::status::ok) {
            problem = "the input '" + name + "' of the child pipeline: " + got.message;
            return false;
        }
        value = std::move(got.value);
    }
    stage.owner.past().record_inputs(stage.path, text_of(values));
    return true;
}

void keep_outputs(activation& child, const std::string& outputs) {
    auto& owner = child.owner;
    const json asked = json::parse(outputs, nullptr, false);
    json values = json::object();
    for (const auto& [name, expression] : asked.items()) {
        auto got = expressions::interpolate(expression.get_ref<const std::string&>(),
                                            lookup{owner, child});
        if (got.status == expressions::status::ok) {
            values[name] = std::move(got.value);
            continue;
        }
        owner.emit(
            {.type = event_type::log,
             .path = child.path,
             .detail = std::make_unique<event_detail>(event_detail{
                 .error_kind = "warning",
                 .message = "the output '" + name + "' of the child pipeline at " +
                            std::string{child.path} + " cannot be evaluated: " + got.message})});
    }
    owner.past().record_outputs(child.path, text_of(values));
}

}  // namespace

outcome take_inputs(activation& stage) {
    const auto* const extras = stage.is_loop() ? nullptr : extras_of_child(stage);
    if (!extras || extras->inputs.empty())
        return outcome::none;
    std::string problem;
    bool taken = true;
    stage.owner.home().on_own_stack(
        [&] { taken = evaluate_inputs(stage, extras->inputs, problem); });
    return taken ? outcome::none : fail(stage, {"Unknown", std::move(problem)});
}

outcome end_child(activation& child, outcome how) {
    const auto* const extras = child.what->extras;
    if (extras && !extras->outputs.empty()) {
        child.owner.home().on_own_stack([&] { keep_outputs(child, extras->outputs); });
    }
    if ((how != outcome::failed && how != outcome::timed_out) || !child.error)
        return how;
    failure why = *std::exchange(child.error, nullptr);
    if (is_forgiven(child, why))
        child.lost_to = {};  // nothing beyond the child was lost to it
    return fail(child, std::move(why));
}

bool is_forgiven(const activation& child, const failure& why) noexcept {
    const auto* action = action_for(child, why);
    // A whole child is not tried again, and nobody is asked about it.
    while (action && (action->kind == plan::action_kind::retry ||
                      action->kind == plan::action_kind::retry_step_group ||
                      action->kind == plan::action_kind::manual_intervention)) {
        action = action->follow_up.get();
    }
    return action && forgives(action->kind);
}

}  // namespace weir::runs
