// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/read.hpp"

#include "adapters/plan/describe.hpp"
#include "adapters/plan/json.hpp"
#include "adapters/plan/read_check.hpp"
#include "adapters/plan/read_members.hpp"
#include "adapters/plan/read_node.hpp"

#include <utility>

namespace weir::plan {

namespace {

struct draft {
    source::value version, files, barriers, variables, host_values, compat, root;
};
constexpr member_of<draft> members[] = {
    {"version", need::required, &draft::version},
    {"files", need::optional, &draft::files},
    {"barriers", need::optional, &draft::barriers},
    {"variables", need::optional, &draft::variables},
    {"host_values", need::optional, &draft::host_values},
    {"compat", need::optional, &draft::compat},
    {"root", need::required, &draft::root},
};

source::value member(const source::value& object, std::string_view name) {
    for (source::value key = object.first(); key; key = key.next().next())
        if (key.spells(name))
            return key.next();
    return {};
}

// A reader of this version would go wrong with another's: nothing else is looked at then.
bool version_known(read_context& c, const source::value& version) {
    if (!version || version.whole() == plan_json_version)
        return true;
    c.report(code::unknown_version, version,
             "this plan has version " + std::string(version.raw().substr(0, 40)) +
                 "; this library reads version " + std::to_string(plan_json_version));
    return false;
}

std::uint32_t elements(const source::value& list) {
    std::uint32_t count = 0;
    if (list.is(source::kind::array))
        for (source::value v = list.first(); v; v = v.next())
            ++count;
    return count;
}

void read_files(read_context& c, const source::value& v) {
    if (!v)
        return;
    if (!v.is(source::kind::array))
        return c.wrong_kind(v, "`files`", "a list");
    auto& files = c.builder.unfinished().files;
    for (source::value one = v.first(); one; one = one.next())
        files.push_back(read_text(c, "an entry of `files`", one));
    c.files = static_cast<std::uint32_t>(files.size());
}

// What was given beside the plan replaces what stands in it.
void read_variables(read_context& c, const source::value& v, const source::value& document) {
    std::string& variables = c.builder.unfinished().variables;
    variables = read_object(c, "`variables`", v);
    if (c.options.variables.empty())
        return;
    json all = variables.empty() ? json::object() : json::parse(variables);
    for (const auto& [name, value] : c.options.variables) {
        const auto there = all.find(name);
        if (there != all.end()) {
            *there = value;
            continue;
        }
        std::vector<std::string> keys;
        for (const auto& [known, ignored] : all.items())
            keys.push_back(known);
        const std::vector<std::string_view> names(keys.begin(), keys.end());
        c.report(code::unknown_input, v ? v : document,
                 "a value was given for `" + name + "`, which is no variable of this plan",
                 c.suggestion(name, names));
    }
    variables = all.dump(-1, ' ', false, json::error_handler_t::replace);
}

// The JSON's own name comes behind those of the documents that the plan was made from.
void read_document(read_context& c, source::document& document) {
    const source::value v = document.root();
    const bool object = v.is(source::kind::object);
    if (object && !version_known(c, member(v, "version")))
        return;
    if (object)
        document.set_file(elements(member(v, "files")));
    draft d;
    if (!read_members(c, "the document", v, members, d))
        return;
    read_files(c, d.files);
    read_variables(c, d.variables, v);
    c.builder.unfinished().host_values = read_object(c, "`host_values`", d.host_values);
    const std::string compat = read_text(c, "`compat`", d.compat);
    if (d.compat.is(source::kind::text) && compat != "harness")
        c.report(code::bad_value, d.compat, "`" + compat + "` is no engine that `compat` knows",
                 "it is `harness`, or is left out");
    c.builder.unfinished().compat_harness = d.compat || c.options.compat_harness;
    if (!d.root)
        return;
    read_nodes nodes;
    const std::size_t before = c.errors();
    read_root(c, d.root, nodes);
    if (c.made().nodes.empty())
        return;
    read_barriers(c, d.barriers, nodes);
    if (!d.barriers || d.barriers.is(source::kind::array))
        resolve_barriers(c, nodes);
    check_paths(c);
    if (c.errors() != before)
        return;  // half a tree would only lead to further findings
    check_lanes(c);
    if (c.options.slots_release)
        c.builder.release_slots();
}

}  // namespace

loaded read_json(std::string_view text, const load_options& options, syntax_check syntax) {
    loaded out;
    if (auto document = source::document::parse(text, source::limits{}, out.findings)) {
        read_context c(options, syntax, out.findings);
        read_document(c, *document);
        c.finish_report();
        out.files = c.made().files;
        if (!out.findings.any_error())
            out.plan = c.builder.finish();
    }
    out.files.push_back(options.file_name);
    return out;
}

}  // namespace weir::plan
