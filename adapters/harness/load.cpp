// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/load.hpp"

#include "adapters/harness/assembly.hpp"
#include "adapters/harness/barriers.hpp"
#include "adapters/harness/checks.hpp"
#include "adapters/harness/context.hpp"
#include "adapters/harness/host_values.hpp"
#include "adapters/harness/inputs.hpp"
#include "adapters/harness/library.hpp"
#include "adapters/harness/pipeline.hpp"
#include "adapters/harness/yaml_compose.hpp"

namespace weir::harness {

namespace {

constexpr std::size_t sniffed = 64 * 1024;

void read(yaml::document& document, const plan::load_options& options, plan::loaded& out) {
    context c{options, out.findings};
    library elsewhere{c, out.files};
    c.elsewhere = &elsewhere;
    if (const yaml::value found = find_pipeline(c, document.root())) {
        const yaml::value pipeline = assemble(c, elsewhere, document, found);
        if (tell_missing(c)) {
            read_pipeline(c, pipeline, c.builder.add(plan::no_node, plan::node_kind::pipeline));
            resolve_barriers(c, elsewhere, pipeline);
            ask_for_values(c, document, pipeline);
            check_structure(c);
        }
    }
    c.finish_report();
    if (!out.findings.any_error()) {
        if (options.slots_release) {
            c.builder.release_slots();
        }
        c.builder.unfinished().files = out.files;
        c.builder.unfinished().compat_harness = options.compat_harness;
        out.plan = c.builder.finish();
    }
}

// Block notation, quoted keys and JSON.
bool begins_with_pipeline(std::string_view content) noexcept {
    while (!content.empty() &&
           (content[0] == '{' || content[0] == '"' || content[0] == '\'' || content[0] == ' ')) {
        content.remove_prefix(1);
    }
    if (!content.starts_with("pipeline")) {
        return false;
    }
    content.remove_prefix(8);
    while (!content.empty() && (content[0] == '"' || content[0] == '\'' || content[0] == ' ')) {
        content.remove_prefix(1);
    }
    return content.starts_with(':');
}

// What else Harness keeps as YAML, by a root key that nobody else has: `load` then says what it is.
bool begins_other_document(std::string_view content, std::string_view whole) noexcept {
    for (const std::string_view key :
         {"inputSet:", "overlayInputSet:", "environmentGroup:", "infrastructureDefinition:"}) {
        if (content.starts_with(key)) {
            return true;
        }
    }
    return content.starts_with("template:") &&
           whole.find(" versionLabel:") != std::string_view::npos;
}

}  // namespace

plan::loaded load(std::string_view text, const plan::load_options& options) {
    plan::loaded out;
    out.files.push_back(options.file_name);
    if (auto document = yaml::compose(text, yaml::limits{}, out.findings)) {
        read(*document, options, out);
    }
    return out;
}

bool looks_like(std::string_view text) {
    text = text.substr(0, sniffed);
    if (text.starts_with("\xEF\xBB\xBF")) {
        text.remove_prefix(3);
    }
    std::size_t root_indent = std::string_view::npos;
    bool stages = false;
    while (!text.empty()) {
        const std::size_t end = text.find_first_of("\r\n");
        const std::string_view line = text.substr(0, end);
        text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
        const std::size_t indent = line.find_first_not_of(' ');
        if (indent == std::string_view::npos || line[indent] == '#' || line[indent] == '%' ||
            line.starts_with("---")) {
            continue;
        }
        if (root_indent == std::string_view::npos && line.substr(indent) == "{") {
            continue;  // JSON, one key a line: what is in it is the root's
        }
        if (root_indent == std::string_view::npos) {
            root_indent = indent;
        }
        const std::string_view content = line.substr(indent);
        if (indent == root_indent &&
            (begins_with_pipeline(content) || begins_other_document(content, text))) {
            return true;
        }
        if (stages && (content.starts_with("- stage:") || content.starts_with("- parallel:"))) {
            return content.find_first_not_of(" \t", content.find(':') + 1) ==
                   std::string_view::npos;
        }
        stages = indent == root_indent && content.starts_with("stages:");
    }
    return false;
}

}  // namespace weir::harness
