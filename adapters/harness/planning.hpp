// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/expressions/expression.hpp"
#include "adapters/plan/json.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace weir::harness {

// What expressions can know before a run: the pipeline's and the current stage's variables, and the
// pipeline's own name and identifier.
class planning : public expressions::scope {
public:
    expressions::found resolve(const std::vector<std::string_view>& path, json& value,
                               std::size_t& used) const override;

    // The text with its expressions replaced, or nothing when one of them is known only in a run.
    [[nodiscard]] std::optional<std::string> fold(std::string_view text) const;

    json pipeline = json::object();            // name, identifier
    json pipeline_variables = json::object();
    json stage_variables = json::object();
};

}  // namespace weir::harness
