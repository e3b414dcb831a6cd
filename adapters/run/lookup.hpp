// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/expressions/expression.hpp"
#include "adapters/run/frame.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace weir::runs {

class run;

// The names that an expression sees at one place of a run: loop values (inner levels win),
// variables, and the status and outputs of nodes that have ended. [own stack]
class lookup final : public expressions::scope {
public:
    lookup(run& owner, const frame& at) : run_{owner}, at_{at} {}

    expressions::found resolve(const std::vector<std::string_view>& path, json& value,
                               std::size_t& used) const override;

private:
    using names = std::vector<std::string_view>;

    const frame* enclosing(plan::node_kind) const noexcept;
    expressions::found loop_value(const frame* from, bool inner_too, plan::strategy_kind,
                                  const names&, std::size_t first, json& value,
                                  std::size_t& used) const;
    expressions::found strategy_value(const frame* from, const names&, std::size_t first, json&,
                                      std::size_t& used) const;
    expressions::found of_node(const frame* level, const names&, json&, std::size_t& used) const;
    expressions::found variable(std::string_view variables, const names&, std::size_t first, json&,
                                std::size_t& used) const;
    expressions::found past(std::string_view below, const names&, std::size_t first, json&,
                            std::size_t& used) const;
    expressions::found input(const frame* pipeline, const names&, json&, std::size_t& used) const;
    expressions::found pipeline_value(const frame* pipeline, const names&, json&,
                                      std::size_t& used) const;
    expressions::found hosts_value(const names&, json&, std::size_t& used) const;
    expressions::found gathered_at(const names&, json&, std::size_t& used) const;
    expressions::found settled(json& value) const;
    const plan::node* stage_at(std::string_view path) const;
    bool is_ahead(std::string_view path) const;

    run& run_;
    const frame& at_;
    mutable unsigned depth_ = 0;  // of variables that refer to variables
};

}  // namespace weir::runs
