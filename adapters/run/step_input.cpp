// SPDX-License-Identifier: BSL-1.0
#include "adapters/run/step_input.hpp"

#include "adapters/plan/json.hpp"
#include "adapters/run/clocks.hpp"
#include "adapters/run/lookup.hpp"
#include "adapters/run/run.hpp"

namespace weir::runs {

namespace {

std::string resolved_spec(const activation& a, bool& resolved, std::string& error) {
    const auto& what = *a.what;
    if (!what.spec_has_expressions)
        return std::string{what.spec.empty() ? "{}" : what.spec};
    auto spec = expressions::interpolate_json(what.spec, lookup{a.owner, a});
    resolved = spec.status == expressions::status::ok;
    if (!resolved)
        error = std::move(spec.message);
    return resolved ? spec.value.dump(-1, ' ', false, json::error_handler_t::replace)
                    : std::string{};
}

}  // namespace

bool step_input(const activation& a, std::uint32_t attempt, std::string& input,
                std::string& error) {
    if (a.owner.options().simulated && !a.what->spec_has_expressions)
        return true;
    bool resolved = true;
    const auto spec = resolved_spec(a, resolved, error);
    if (!resolved)
        return false;
    const json about = json_object("type", a.what->type, "id", a.what->id, "name", a.what->name,
                                   "path", a.path, "attempt", attempt, "timeout_ms",
                                   timeout_ns(a) / nanoseconds_a_millisecond);
    input = about.dump(-1, ' ', false, json::error_handler_t::replace);
    input.pop_back();
    input += ",\"spec\":";
    input += spec;
    input += '}';
    return true;
}

}  // namespace weir::runs
