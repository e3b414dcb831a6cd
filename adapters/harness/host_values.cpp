// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/host_values.hpp"

#include "adapters/expressions/brackets.hpp"
#include "adapters/expressions/expression.hpp"
#include "adapters/expressions/host_names.hpp"
#include "adapters/plan/json.hpp"

#include <set>
#include <string>
#include <unordered_set>
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
        if (!path.empty() && expressions::is_hosts(path.front()) && path.size() <= most_parts &&
            names.size() < most_names) {
            names.emplace(path.begin(), path.end());
        }
        return expressions::found::not_yet;
    }

    mutable std::set<std::vector<std::string>> names;
};

// Each expression of a text by itself: one that is not known yet ends an evaluation.
void listen(std::string_view text, const listener& heard) {
    for (std::size_t at = 0; (at = text.find("<+", at)) != std::string_view::npos;) {
        const std::size_t end = expressions::closing(text, at);
        if (end == std::string_view::npos) {
            return;
        }
        (void)expressions::evaluate(text.substr(at, end + 1 - at), heard);
        at = end + 1;
    }
}

}  // namespace

void ask_for_values(context& c, const yaml::document& document) {
    if (!c.options.resolver) {
        return;
    }
    listener heard;
    std::unordered_set<std::string_view> seen;
    for (const yaml::node& n : document.nodes) {
        const std::string_view text =
            n.what == yaml::kind::text && !n.alias ? std::string_view{n.text, n.size} : "";
        if (expressions::has_expression(text) && seen.insert(text).second) {
            listen(text, heard);
        }
    }
    json values = json::object();
    std::unordered_set<std::string> asked;
    for (const std::vector<std::string>& name : heard.names) {
        const std::vector<std::string_view> parts{name.begin(), name.end()};
        const std::size_t least = expressions::is_keeper(parts.front()) ? parts.size() : 1;
        bool known = false;
        for (std::size_t count = parts.size(); count >= least && !known; --count) {
            plan::reference wanted;
            wanted.kind = plan::reference_kind::value;
            wanted.identifier = expressions::host_name(parts, count);
            known = values.contains(wanted.identifier);
            if (known || !asked.insert(wanted.identifier).second) {
                continue;
            }
            plan::resolution got = c.options.resolver->resolve(wanted);
            known = got.found;
            if (known) {
                values[wanted.identifier] = std::move(got.text);
            }
        }
    }
    if (!values.empty()) {
        c.builder.unfinished().host_values =
            values.dump(-1, ' ', false, json::error_handler_t::replace);
    }
}

}  // namespace weir::harness
