// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/environments.hpp"

#include "adapters/expressions/expression.hpp"
#include "adapters/harness/library.hpp"

namespace weir::harness {

namespace {

yaml::value ask(context& c, plan::reference_kind kind, std::string_view reference,
                std::string& why) {
    if (!c.elsewhere || reference.empty() || expressions::has_expression(reference)) {
        return {};
    }
    plan::reference wanted;
    wanted.kind = kind;
    wanted.org = c.at_home.org;
    wanted.project = c.at_home.project;
    set_identifier(wanted, reference);
    return c.elsewhere->look_for(wanted, why);
}

yaml::value member(yaml::value of, std::string_view key) {
    return of.is(yaml::kind::mapping) ? of[key] : yaml::value{};
}

}  // namespace

std::optional<std::vector<infrastructure>> infrastructures_of(context& c,
                                                              std::string_view environment,
                                                              std::string& why) {
    const yaml::value list = ask(c, plan::reference_kind::infrastructures, environment, why);
    if (!list.is(yaml::kind::sequence)) {
        return std::nullopt;
    }
    std::vector<infrastructure> all;
    for (yaml::value entry = list.first(); entry; entry = entry.next()) {
        const yaml::value wrapped = member(entry, "infrastructureDefinition");
        const yaml::value definition = wrapped ? wrapped : entry;
        const yaml::value identifier = member(definition, "identifier");
        const yaml::value simultaneous = member(definition, "allowSimultaneousDeployments");
        if (identifier && identifier.is_scalar() && !identifier.text().empty()) {
            all.push_back({std::string{identifier.text()}, simultaneous &&
                                                               simultaneous.is_scalar() &&
                                                               simultaneous.text() == "true"});
        }
    }
    return all;
}

std::optional<std::vector<std::string>> environments_of(context& c, std::string_view group,
                                                        std::string& why) {
    const yaml::value root = ask(c, plan::reference_kind::environment_group, group, why);
    const yaml::value list = member(member(root, "environmentGroup"), "envIdentifiers");
    if (!list.is(yaml::kind::sequence)) {
        why = root && why.empty() ? "its document has no `environmentGroup` with `envIdentifiers`"
                                  : why;
        return std::nullopt;
    }
    std::vector<std::string> all;
    for (yaml::value entry = list.first(); entry; entry = entry.next()) {
        if (entry.is_scalar() && !entry.text().empty()) {
            all.emplace_back(entry.text());
        }
    }
    return all;
}

}  // namespace weir::harness
