// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/yaml_compose.hpp"

#include "adapters/harness/yaml_composer.hpp"
#include "adapters/harness/yaml_text.hpp"

#include <string>

namespace weir::harness::yaml {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

bool acceptable(std::string_view text, const limits& most, plan::diagnostics& findings,
                std::uint16_t file) {
    if (text.size() > most.bytes) {
        plan::diagnostic& d =
            findings.add(plan::code::too_large, {file},
                         "the document has " + std::to_string(text.size()) + " bytes; at most " +
                             std::to_string(most.bytes) + " are read");
        d.help = "a pipeline of this size is usually generated: split it into child pipelines";
        return false;
    }
    if (auto fault = check_text(text)) {
        fault->where.file = file;
        plan::diagnostic& d =
            findings.add(plan::code::not_utf8, fault->where, std::move(fault->message));
        d.help = std::move(fault->help);
        return false;
    }
    if (too_many_directives(text)) {
        findings.add(plan::code::not_yaml, {file, 1, 1, 1, 2},
                     "more than " + std::to_string(directive_limit) + " lines begin with `%`");
        return false;
    }
    return true;
}

}  // namespace

std::optional<document> compose(std::string_view text, const limits& most,
                                plan::diagnostics& findings, std::uint16_t file) {
    if (!acceptable(text, most, findings, file)) {
        return std::nullopt;
    }
    if (text.starts_with(byte_order_mark)) {
        text.remove_prefix(byte_order_mark.size());
    }
    document made;
    made.file = file;
    made.nodes.reserve(text.size() / 16 + 16);
    composer c{made, text, most, findings, nullptr};
    if (!c.run()) {
        return std::nullopt;
    }
    made.top = c.top();
    return made;
}

node_index compose_into(document& target, std::string_view text, plan::span at, const limits& most,
                        plan::diagnostics& findings) {
    if (!acceptable(text, most, findings, static_cast<std::uint16_t>(at.file))) {
        return none;
    }
    composer c{target, text, most, findings, &at};
    return c.run() ? c.top() : none;
}

}  // namespace weir::harness::yaml
