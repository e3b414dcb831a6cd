// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/planning.hpp"

#include "adapters/plan/json_text.hpp"

namespace weir::harness {

namespace {

expressions::found take(const json& from, std::string_view name, json& value) {
    const auto found = from.find(name);
    if (found == from.end()) {
        return expressions::found::missing;
    }
    if (found->is_string() && expressions::has_expression(found->get_ref<const std::string&>())) {
        return expressions::found::not_yet;
    }
    value = *found;
    return expressions::found::yes;
}

}  // namespace

expressions::found planning::resolve(const std::vector<std::string_view>& path, json& value,
                                     std::size_t& used) const {
    if (path.size() >= 3 && path[1] == "variables") {
        used = 3;
        if (path[0] == "pipeline") {
            return take(pipeline_variables, path[2], value);
        }
        if (path[0] == "stage") {
            return take(stage_variables, path[2], value);
        }
    }
    if (path.size() >= 2 && path[0] == "pipeline") {
        used = 2;
        if (take(pipeline, path[1], value) == expressions::found::yes) {
            return expressions::found::yes;
        }
    }
    return expressions::found::not_yet;
}

std::optional<std::string> planning::fold(std::string_view text) const {
    if (!expressions::has_expression(text)) {
        return std::string{text};
    }
    const expressions::result got = expressions::interpolate(text, *this);
    if (got.status != expressions::status::ok) {
        return std::nullopt;
    }
    return plan::text_of(got.value);
}

}  // namespace weir::harness
