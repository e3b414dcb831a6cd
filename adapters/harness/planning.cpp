// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/planning.hpp"

#include "adapters/plan/json_text.hpp"

namespace weir::harness {

void planning::named_values::set(json object) {
    by_name.clear();
    values = std::move(object);
    for (const auto& [name, value] : values.items()) {
        by_name.emplace(name, &value);
    }
}

expressions::found planning::take(const named_values& from, std::string_view name, json& value) {
    const auto found = from.by_name.find(name);
    if (found == from.by_name.end()) {
        return expressions::found::missing;
    }
    const json& content = *found->second;
    if (content.is_string() && expressions::has_expression(content.get_ref<const std::string&>())) {
        return expressions::found::not_yet;
    }
    value = content;
    return expressions::found::yes;
}

expressions::found planning::resolve(const std::vector<std::string_view>& path, json& value,
                                     std::size_t& used) const {
    if (path.size() >= 3 && path[1] == "variables") {
        used = 3;
        if (path[0] == "pipeline") {
            return take(pipeline_variables_, path[2], value);
        }
        if (path[0] == "stage") {
            return take(stage_variables_, path[2], value);
        }
    }
    if (path.size() >= 2 && path[0] == "pipeline") {
        const auto own = pipeline.find(path[1]);
        if (own != pipeline.end()) {
            used = 2;
            value = *own;
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
