// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/strategy_text.hpp"

#include "adapters/harness/context.hpp"
#include "adapters/harness/strategy.hpp"
#include "adapters/harness/yaml_compose.hpp"
#include "adapters/plan/json.hpp"

namespace weir::harness {

std::unique_ptr<plan::strategy> strategy_of(std::string_view text, plan::diagnostics& findings,
                                            bool compat_harness) {
    const auto document = yaml::compose(text, yaml::limits{}, findings);
    if (!document) {
        return nullptr;
    }
    plan::load_options options;
    options.compat_harness = compat_harness;
    context c{options, findings};
    const auto at = c.builder.add(plan::no_node, plan::node_kind::pipeline);
    const yaml::value root = document->root();
    const yaml::value inner = root.is(yaml::kind::mapping) ? root["strategy"] : yaml::value{};
    read_strategy(c, inner ? inner : root, inner ? inner : root, at);
    c.finish_report();
    return findings.any_error() ? nullptr : std::move(c.builder.extras(at).strategy);
}

}  // namespace weir::harness
