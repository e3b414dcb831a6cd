// SPDX-License-Identifier: BSL-1.0
#include "adapters/run/targets.hpp"

#include "adapters/plan/json.hpp"

namespace weir::runs {

using expressions::found;

namespace {

// A reference as text, of whatever the list held: the text itself, or a mapping as documents write
// it.
json reference_in(const json& entry, std::string_view key) {
    if (entry.is_string())
        return entry;
    for (const auto name : {key, std::string_view{"identifier"}}) {
        const auto there = entry.is_object() ? entry.find(name) : entry.end();
        if (there != entry.end() && there->is_string())
            return *there;
    }
    return {};
}

// The only one of a list; null when there are several, or none.
const json* only(const json& from, std::string_view list) {
    const auto there = from.is_object() ? from.find(list) : from.end();
    return there != from.end() && there->is_array() && there->size() == 1 ? &there->front()
                                                                          : nullptr;
}

const json* member(const json& of, std::string_view name) {
    const auto there = of.is_object() ? of.find(name) : of.end();
    return there != of.end() ? &*there : nullptr;
}

// The environment that a stage's spec names, whichever way.
const json* environment_in(const json& spec) {
    for (const auto* const name : {"environment", "infrastructure"}) {
        if (const auto* const one = member(spec, name))
            return one;
    }
    if (const auto* const several = member(spec, "environments"))
        return only(*several, "values");
    const auto* const group = member(spec, "environmentGroup");
    return group ? only(*group, "environments") : nullptr;
}

json service_in(const json& spec) {
    if (const auto* const one = member(spec, "service"))
        return reference_in(*one, "serviceRef");
    const auto* const several = member(spec, "services");
    const auto* const one = several ? only(*several, "values") : nullptr;
    return one ? reference_in(*one, "serviceRef") : json{};
}

json infrastructure_in(const json& spec) {
    const auto* const environment = environment_in(spec);
    const auto* const one = environment ? only(*environment, "infrastructureDefinitions") : nullptr;
    return one ? reference_in(*one, "identifier") : json{};
}

json of_turn(const frame& stage, std::string_view root) {
    const auto axis = [&](std::string_view name) {
        const auto there = stage.loop ? stage.loop->value(stage.turn, name) : nullptr;
        return there ? *there : json{};
    };
    if (root == "service")
        return reference_in(axis("service"), "serviceRef");
    const auto unit = axis("environment");
    if (root == "env")
        return reference_in(unit, "environmentRef");
    const auto* const with = member(unit, "infrastructure");
    return with ? *with : reference_in(axis("infrastructure"), "identifier");
}

json of_spec(std::string_view text, std::string_view root) {
    const auto spec = json::parse(text, nullptr, false);
    if (root == "service")
        return service_in(spec);
    if (root == "infra")
        return infrastructure_in(spec);
    const auto* const environment = environment_in(spec);
    return environment ? reference_in(*environment, "environmentRef") : json{};
}

}  // namespace

found target_of(const frame& at, const std::vector<std::string_view>& path, json& value,
                std::size_t& used) {
    const auto* stage = &at;
    while (stage && stage->what->kind != plan::node_kind::stage)
        stage = stage->parent;
    const auto root = path.front();
    const bool known = path.size() > 1 && (path[1] == "identifier" ||
                                           (root == "infra" && path[1] == "infraIdentifier"));
    if (!stage || !known)
        return found::missing;
    const auto* const loop = stage->what->loop();
    if (loop && loop->deployment)
        value = of_turn(*stage, root);
    if (!value.is_string())
        value = of_spec(stage->what->spec, root);
    if (!value.is_string())
        return found::missing;
    used = 2;
    return found::yes;
}

}  // namespace weir::runs
