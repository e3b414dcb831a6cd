// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/host_values.hpp"

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
            names.insert(expressions::host_name(path, path.size()));
        }
        return expressions::found::not_yet;
    }

    mutable std::set<std::string> names;
};

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
            (void)expressions::interpolate(text, heard);
        }
    }
    json values = json::object();
    for (const std::string& name : heard.names) {
        plan::reference wanted;
        wanted.kind = plan::reference_kind::value;
        wanted.identifier = name;
        plan::resolution got = c.options.resolver->resolve(wanted);
        if (got.found) {
            values[name] = std::move(got.text);
        }
    }
    if (!values.empty()) {
        c.builder.unfinished().host_values =
            values.dump(-1, ' ', false, json::error_handler_t::replace);
    }
}

}  // namespace weir::harness
