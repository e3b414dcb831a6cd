// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/deployment_targets.hpp"

#include "adapters/expressions/expression.hpp"
#include "adapters/harness/environments.hpp"
#include "adapters/harness/keys.hpp"
#include "adapters/plan/json.hpp"

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>

namespace weir::harness {

namespace {

struct list_draft {
    yaml::value values, metadata, reference, to_all, environments, filters, filters_key;
};

constexpr key_of<list_draft> services_keys[] = {
    {"values", need::required, &list_draft::values},
    {"metadata", need::optional, &list_draft::metadata},
};

constexpr key_of<list_draft> environments_keys[] = {
    {"values", need::required, &list_draft::values},
    {"metadata", need::optional, &list_draft::metadata},
    {"filters", need::optional, &list_draft::filters, &list_draft::filters_key},
};

constexpr key_of<list_draft> group_keys[] = {
    {"envGroupRef", need::required, &list_draft::reference},
    {"metadata", need::optional, &list_draft::metadata},
    {"deployToAll", need::optional, &list_draft::to_all},
    {"environments", need::optional, &list_draft::environments},
    {"filters", need::optional, &list_draft::filters, &list_draft::filters_key},
    {"environmentGroupInputs", need::ignored},
};

struct metadata_draft {
    yaml::value parallel;
};
constexpr key_of<metadata_draft> metadata_keys[] = {
    {"parallel", need::optional, &metadata_draft::parallel},
};

// The one of some keys that is there; two are an error.
yaml::value one_of(context& c, yaml::value spec, std::initializer_list<std::string_view> names) {
    yaml::value found;
    for (yaml::value key = spec.first(); key; key = key.next().next()) {
        const bool named = std::find(names.begin(), names.end(), key.text()) != names.end();
        if (!named || key.next().is(yaml::kind::null)) {
            continue;
        }
        if (found) {
            c.report(plan::code::bad_value, key.where(),
                     "`" + std::string{key.text()} + "` beside `" + std::string{found.text()} + "`",
                     "a stage has one of them")
                .notes.push_back({"the other one", found.where()});
            return {};
        }
        found = key;
    }
    return found;
}

void read_metadata(context& c, yaml::value v, target_list& out) {
    metadata_draft d;
    if (!v || is_open_input(v) || !read_keys(c, "`metadata`", v, metadata_keys, d) || !d.parallel) {
        return;
    }
    const std::string_view text = read_text(c, "`parallel`", d.parallel);
    if (!d.parallel.is_scalar() || is_open_input(text)) {
        return;
    }
    out.parallel = text != "false";
    if (text != "true" && text != "false") {
        c.report(plan::code::bad_value, d.parallel.where(),
                 "`parallel` must be true or false, not `" + std::string{text} + "`");
    }
}

// A list, or what is known to be one only in the run. False: neither, which is told.
bool is_list(context& c, std::string_view what, yaml::value v, target_list& out) {
    if (!v) {
        return false;
    }
    out.where = v.where();
    if (v.is_scalar() && expressions::has_expression(v.text())) {
        out.expression = v.text();
        return false;
    }
    if (!v.is(yaml::kind::sequence)) {
        c.wrong_kind(v, what, "a list");
        return false;
    }
    if (v.size() == 0) {
        c.report(plan::code::bad_value, v.where(), std::string{what} + " are none",
                 "list at least one");
    }
    return v.size() != 0;
}

// The text under `key` of an entry, "" and told when it has none.
std::string reference_of(context& c, std::string_view what, yaml::value entry,
                         std::string_view key) {
    if (!entry.is(yaml::kind::mapping)) {
        c.wrong_kind(entry, what, "a mapping");
        return {};
    }
    const yaml::value reference = entry[key];
    if (!reference || reference.is(yaml::kind::null)) {
        missing_key(c, what, entry.where(), key);
        return {};
    }
    return std::string{read_text(c, "`" + std::string{key} + "`", reference)};
}

// The host alone knows which they are.
void unresolved(context& c, std::string what, plan::span where, std::string help) {
    c.report(plan::code::unresolved_environment, where, std::move(what), std::move(help));
}

bool is_true(yaml::value v) {
    return v.is_scalar() && v.text() == "true";
}

// Deployed to as a target: at once with others or not, as its definition says.
void add_infrastructure(const std::string& environment, const std::string& id,
                        const std::optional<std::vector<infrastructure>>& known, target_list& out) {
    out.values.push_back(json{{"identifier", environment}, {"infrastructure", id}});
    const bool constrained =
        known && std::any_of(known->begin(), known->end(), [&](const infrastructure& one) {
            return one.identifier == id && !one.simultaneous;
        });
    if (constrained) {
        out.constrained.push_back(environment + "/" + id);
    }
}

// All that an environment has, if that is known.
void read_all_infrastructures(context& c, const std::string& environment, plan::span where,
                              target_list& out) {
    std::string why;
    const auto known = infrastructures_of(c, environment, why);
    if (!known || known->empty()) {
        unresolved(
            c,
            "which infrastructures `" + environment + "` has is not known here" +
                (why.empty() ? "" : ": " + why),
            where,
            "name them in `infrastructureDefinitions`, with `deployToAll: false`, or let the "
            "resolver give them (weir: --resolve DIR)");
        return;
    }
    for (const infrastructure& one : *known) {
        add_infrastructure(environment, one.identifier, known, out);
    }
}

// The infrastructures of an environment, each a target; the environment itself when none is named.
void read_infrastructures(context& c, yaml::value environment, const std::string& reference,
                          target_list& out) {
    const yaml::value list = environment["infrastructureDefinitions"];
    const yaml::value filters = environment["filters"];
    if (filters && !filters.is(yaml::kind::null)) {
        unresolved(c,
                   "which infrastructures of `" + reference +
                       "` pass these filters is not "
                       "known here",
                   filters.where(), "name them in `infrastructureDefinitions`");
        return;
    }
    if (is_true(environment["deployToAll"]) && (!list || list.is(yaml::kind::null))) {
        read_all_infrastructures(c, reference, environment["deployToAll"].where(), out);
        return;
    }
    if (!list || list.is(yaml::kind::null) || is_open_input(list)) {
        out.values.emplace_back(reference);
        return;
    }
    target_list some;
    if (!is_list(c, "`infrastructureDefinitions`", list, some)) {
        if (!some.expression.empty()) {
            unresolved(c, "the infrastructures of `" + reference + "` are known only in the run",
                       list.where(), "name them, or give them as an input");
        }
        return;
    }
    std::string ignored;
    const auto known = infrastructures_of(c, reference, ignored);
    for (yaml::value entry = list.first(); entry; entry = entry.next()) {
        const std::string id = reference_of(c, "an infrastructure definition", entry, "identifier");
        add_infrastructure(reference, id, known, out);
    }
}

void read_entries(context& c, yaml::value list, target_list& out) {
    for (yaml::value entry = list.first(); entry; entry = entry.next()) {
        const std::string reference = reference_of(c, "an environment", entry, "environmentRef");
        if (!reference.empty()) {
            read_infrastructures(c, entry, reference, out);
        }
    }
}

// All environments of a group, and with `deployToAll` all that they have.
void read_whole_group(context& c, const std::string& group, const list_draft& d, target_list& out) {
    const yaml::value asked = is_true(d.to_all) ? d.to_all : d.reference;
    std::string why;
    const auto known = environments_of(c, group, why);
    if (!known || known->empty()) {
        unresolved(c,
                   "which environments the group `" + group + "` has is not known here" +
                       (why.empty() ? "" : ": " + why),
                   asked.where(),
                   "name them in its `environments`, with `deployToAll: false`, or let the "
                   "resolver give the group (weir: --resolve DIR)");
        return;
    }
    for (const std::string& environment : *known) {
        if (is_true(d.to_all)) {
            read_all_infrastructures(c, environment, asked.where(), out);
        } else {
            out.values.emplace_back(environment);
        }
    }
}

void read_group(context& c, yaml::value v, target_list& out) {
    list_draft d;
    if (!read_keys(c, "`environmentGroup`", v, group_keys, d) || !d.reference) {
        return;
    }
    read_metadata(c, d.metadata, out);
    const std::string group{read_text(c, "`envGroupRef`", d.reference)};
    if (d.filters) {
        unresolved(c,
                   "which environments of the group `" + group +
                       "` pass these filters is not "
                       "known here",
                   d.filters_key.where(), "name them in its `environments`, without `filters`");
    } else if (d.environments && !is_true(d.to_all)) {
        if (is_list(c, "`environments`", d.environments, out)) {
            read_entries(c, d.environments, out);
        }
    } else {
        read_whole_group(c, group, d, out);
    }
}

}  // namespace

target_list read_services(context& c, yaml::value spec) {
    target_list out;
    const yaml::value key = one_of(c, spec, {"service", "services"});
    list_draft d;
    if (!key || key.text() == "service" || is_open_input(key.next()) ||
        !read_keys(c, "`services`", key.next(), services_keys, d)) {
        return out;
    }
    read_metadata(c, d.metadata, out);
    if (is_list(c, "the services", d.values, out)) {
        for (yaml::value entry = d.values.first(); entry; entry = entry.next()) {
            out.values.emplace_back(reference_of(c, "a service", entry, "serviceRef"));
        }
    }
    out.where = key.where();
    return out;
}

target_list read_environments(context& c, yaml::value spec) {
    target_list out;
    const yaml::value key =
        one_of(c, spec, {"environment", "environments", "environmentGroup", "infrastructure"});
    if (!key || key.text() == "infrastructure" || is_open_input(key.next())) {
        return out;
    }
    const yaml::value v = key.next();
    list_draft d;
    if (key.text() == "environmentGroup") {
        read_group(c, v, out);
    } else if (key.text() == "environments" &&
               read_keys(c, "`environments`", v, environments_keys, d)) {
        read_metadata(c, d.metadata, out);
        if (d.filters) {
            unresolved(c, "which environments pass these filters is not known here",
                       d.filters_key.where(), "leave `filters` out, and name the environments");
        } else if (is_list(c, "the environments", d.values, out)) {
            read_entries(c, d.values, out);
        }
    } else if (key.text() == "environment" && v.is(yaml::kind::mapping)) {
        const yaml::value reference = v["environmentRef"];
        read_infrastructures(c, v, reference ? std::string{reference.text()} : std::string{}, out);
        out.of_one = true;
        out.environment = reference ? reference.text() : "";
        for (json& value : out.values) {
            value = value.is_object() ? json(value["infrastructure"]) : std::move(value);
        }
    }
    out.where = key.where();
    return out;
}

}  // namespace weir::harness
