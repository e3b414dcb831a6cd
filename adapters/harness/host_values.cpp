// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/host_values.hpp"

#include "adapters/expressions/brackets.hpp"
#include "adapters/expressions/expression.hpp"
#include "adapters/expressions/host_names.hpp"
#include "adapters/harness/yaml_json.hpp"
#include "adapters/plan/json.hpp"
#include "adapters/plan/json_text.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace weir::harness {

namespace {

constexpr std::size_t most_names = 10'000;
constexpr std::size_t most_parts = 16;

// Knows nothing, and remembers what it was asked for.
class listener final : public expressions::scope {
public:
    expressions::found resolve(const std::vector<std::string_view>& path, json&,
                               std::size_t&) const override {
        if (expressions::is_hosts(path) && path.size() <= most_parts && names.size() < most_names) {
            names.emplace(path.begin(), path.end());
        }
        return expressions::found::not_yet;
    }

    mutable std::set<std::vector<std::string>> names;
};

// Each expression of a text by itself, those inside others too: one that is not known yet ends an
// evaluation, and decides nothing.
void listen(std::string_view text, const listener& heard) {
    for (std::size_t at = 0; (at = text.find("<+", at)) != std::string_view::npos;) {
        const std::size_t end = expressions::closing(text, at);
        if (end == std::string_view::npos) {
            return;
        }
        (void)expressions::evaluate(text.substr(at, end + 1 - at), heard);
        at += 2;
    }
}

// What the document says of itself, by the name that expressions have for it.
struct own_name {
    std::string_view name, key;
};
constexpr own_name own_names[] = {{"pipeline.tags", "tags"},
                                  {"pipeline.description", "description"},
                                  {"pipeline.orgIdentifier", "orgIdentifier"},
                                  {"pipeline.projectIdentifier", "projectIdentifier"},
                                  {"org.identifier", "orgIdentifier"},
                                  {"project.identifier", "projectIdentifier"}};
constexpr std::string_view inputs_name = "inputSet";

bool may_name_own(std::string_view text) noexcept {
    const auto holds = [&](std::string_view part) {
        return text.find(part) != std::string_view::npos;
    };
    return holds(inputs_name) || std::any_of(std::begin(own_names), std::end(own_names),
                                             [&](const own_name& own) { return holds(own.name); });
}

json json_of(yaml::value v) {
    std::string text;
    yaml::append_json(text, v);
    return json::parse(text, nullptr, false);
}

// What entries of lists go by: `stage: {identifier: a}`, or `name: v`.
const json* name_of(const json& entry) {
    const json& inner =
        entry.is_object() && entry.size() == 1 && entry.front().is_object() ? entry.front() : entry;
    for (const char* key : {"identifier", "name"}) {
        const auto found = inner.is_object() ? inner.find(key) : inner.end();
        if (found != inner.end()) {
            return &*found;
        }
    }
    return nullptr;
}

void lay_over(json& below, json above);

void lay_list_over(json& below, json above) {
    std::unordered_map<std::string, std::size_t> places;
    for (std::size_t i = 0; i < below.size(); ++i) {
        if (const json* name = name_of(below[i])) {
            places.emplace(plan::text_of(*name), i);
        }
    }
    for (json& entry : above) {
        const json* name = name_of(entry);
        const auto same = name ? places.find(plan::text_of(*name)) : places.end();
        if (same == places.end()) {
            below.push_back(std::move(entry));
        } else {
            lay_over(below[same->second], std::move(entry));
        }
    }
}

void lay_over(json& below, json above) {
    if (below.is_object() && above.is_object()) {
        for (auto& [key, value] : above.items()) {
            lay_over(below[key], std::move(value));
        }
    } else if (below.is_array() && above.is_array()) {
        lay_list_over(below, std::move(above));
    } else {
        below = std::move(above);
    }
}

std::string inputs_of(const context& c) {
    json all = json::object();
    for (const yaml::value given : c.laid_over) {
        lay_over(all["pipeline"], json_of(given));
    }
    return plan::text_of(all);
}

// Nothing: the document does not say it.
std::optional<std::string> own_value(const context& c, yaml::value pipeline,
                                     std::string_view name) {
    if (name == inputs_name) {
        return inputs_of(c);
    }
    for (const own_name& own : own_names) {
        if (own.name == name) {
            const yaml::value said = pipeline[own.key];
            return said ? std::optional{plan::text_of(json_of(said))} : std::nullopt;
        }
    }
    return std::nullopt;
}

class asking {
public:
    asking(context& c, yaml::value pipeline) : context_(c), pipeline_(pipeline) {}

    // The whole name, then its parts.
    void ask(const std::vector<std::string_view>& parts) {
        const bool whole = expressions::is_keeper(parts.front());
        const std::size_t least = whole ? parts.size() : parts.front() == "pipeline" ? 2 : 1;
        for (std::size_t count = parts.size(); count >= least; --count) {
            if (is_known(expressions::host_name(parts, count))) {
                return;
            }
        }
    }

    json values = json::object();

private:
    bool is_known(const std::string& name) {
        if (values.contains(name) || !asked_.insert(name).second) {
            return values.contains(name);
        }
        plan::resolution got;
        if (context_.options.resolver) {
            plan::reference wanted;
            wanted.kind = plan::reference_kind::value;
            wanted.identifier = name;
            got = context_.options.resolver->resolve(wanted);
        }
        auto own = got.found ? std::nullopt : own_value(context_, pipeline_, name);
        if (!got.found && !own) {
            return false;
        }
        values[name] = got.found ? std::move(got.text) : std::move(*own);
        return true;
    }

    context& context_;
    yaml::value pipeline_;
    std::unordered_set<std::string> asked_;
};

}  // namespace

void ask_for_values(context& c, const yaml::document& document, yaml::value pipeline) {
    listener heard;
    std::unordered_set<std::string_view> seen;
    for (const yaml::node& n : document.nodes) {
        const std::string_view text =
            n.what == yaml::kind::text && !n.alias ? std::string_view{n.text, n.size} : "";
        if (expressions::has_expression(text) && (c.options.resolver || may_name_own(text)) &&
            seen.insert(text).second) {
            listen(text, heard);
        }
    }
    asking host{c, pipeline};
    for (const std::vector<std::string>& name : heard.names) {
        host.ask({name.begin(), name.end()});
    }
    if (!host.values.empty()) {
        c.builder.unfinished().host_values =
            host.values.dump(-1, ' ', false, json::error_handler_t::replace);
    }
}

}  // namespace weir::harness
