// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/expressions/expression.hpp"
#include "adapters/plan/json.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace weir::harness {

// What expressions can know before a run: the pipeline's and the current stage's variables, and the
// pipeline's own name and identifier.
class planning : public expressions::scope {
public:
    expressions::found resolve(const std::vector<std::string_view>& path, json& value,
                               std::size_t& used) const override;

    // The text with its expressions replaced, or nothing when one of them is known only in a run.
    [[nodiscard]] std::optional<std::string> fold(std::string_view text) const;

    json pipeline = json::object();  // name, identifier

    // Takes an object of variables; the stage's are replaced with each stage.
    void set_pipeline_variables(json variables) { pipeline_variables_.set(std::move(variables)); }
    void set_stage_variables(json variables) { stage_variables_.set(std::move(variables)); }

private:
    // json finds members one by one; a document may have very many.
    struct named_values {
        void set(json object);

        json values = json::object();
        std::unordered_map<std::string_view, const json*> by_name;
    };
    static expressions::found take(const named_values&, std::string_view name, json& value);

    named_values pipeline_variables_;
    named_values stage_variables_;
};

}  // namespace weir::harness
