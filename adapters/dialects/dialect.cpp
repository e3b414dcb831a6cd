// SPDX-License-Identifier: BSL-1.0
#include "adapters/dialects/dialect.hpp"

#include "adapters/dialects/harness_loop.hpp"
#include "adapters/dialects/reading.hpp"
#include "adapters/harness/yaml_compose.hpp"

#include <algorithm>

namespace weir::dialects {

namespace {

struct row {
    std::string_view name;
    loop (*read)(context&, yaml::value root, std::uint64_t most);
    std::uint64_t most;  // the engine's own limit
};

constexpr std::uint64_t ours = 1'000'000;

constexpr row rows[] = {
    {"harness", nullptr, ours},   {"github", read_github, 256}, {"gitlab", read_gitlab, 200},
    {"tekton", read_tekton, 256}, {"argo", read_argo, ours},
};

}  // namespace

std::optional<dialect> dialect_named(std::string_view name) noexcept {
    const auto found = std::find_if(std::begin(rows), std::end(rows),
                                    [&](const row& r) { return r.name == name; });
    if (found == std::end(rows)) {
        return std::nullopt;
    }
    return static_cast<dialect>(found - std::begin(rows));
}

const std::vector<std::string_view>& dialect_names() {
    static const std::vector<std::string_view> names = [] {
        std::vector<std::string_view> all;
        for (const row& r : rows) {
            all.push_back(r.name);
        }
        return all;
    }();
    return names;
}

std::shared_ptr<const plan::expansion> expand(std::string_view text, const options& how,
                                              plan::diagnostics& findings) {
    const row& engine = rows[static_cast<std::size_t>(how.which)];
    const std::uint64_t most = how.most != 0 ? how.most : engine.most;
    std::shared_ptr<const plan::expansion> made;
    plan::span where{0, 1, 1, 1, 2};
    if (!engine.read) {
        made = expand_harness(text, how, most, findings);
    } else if (const auto document = yaml::compose(text, yaml::limits{}, findings)) {
        const plan::load_options none;
        context c{none, findings};
        yaml::value root = document->root();
        if (const yaml::value inner = member(root, "strategy")) {
            root = inner;
        }
        where = root.where();
        loop found = engine.read(c, root, most);
        c.finish_report();
        if (found.rows && !findings.any_error()) {
            made = plan::expansion::make(std::move(found.rows), found.cap);
        }
    }
    if (made && made->count() == 0) {
        findings.add(plan::code::empty_loop, where, "this loop has no instances").help =
            "what it loops is skipped";
    }
    return made;
}

}  // namespace weir::dialects
