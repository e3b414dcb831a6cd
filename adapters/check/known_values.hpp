// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/check/occurrences.hpp"
#include "adapters/expressions/expression.hpp"
#include "adapters/plan/json.hpp"

#include <string_view>
#include <vector>

namespace weir::check {

// What expressions at an occurrence can know before a run: the loops' values, variables that are
// written out, names. Everything else is for the run to say. [own stack]
class known_values final : public expressions::scope {
public:
    known_values(const plan::plan& document, const std::vector<occurrence>& all,
                 occurrence_index at) noexcept
        : document_{document}, all_{all}, at_{at} {}

    expressions::found resolve(const std::vector<std::string_view>& path, json& value,
                               std::size_t& used) const override;

private:
    using names = std::vector<std::string_view>;

    [[nodiscard]] occurrence_index enclosing(plan::node_kind) const noexcept;
    expressions::found of_loop(occurrence_index from, bool outwards, plan::strategy_kind,
                               const names&, std::size_t first, json&, std::size_t& used) const;
    expressions::found of_strategy(occurrence_index from, const names&, std::size_t first, json&,
                                   std::size_t& used) const;
    expressions::found of_node(occurrence_index, const names&, json&, std::size_t& used) const;
    expressions::found variable(std::string_view variables, const names&, json&,
                                std::size_t& used) const;

    const plan::plan& document_;
    const std::vector<occurrence>& all_;
    occurrence_index at_;
};

}  // namespace weir::check
