// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/expressions/expression.hpp"
#include "adapters/run/event.hpp"
#include "adapters/run/frame.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace weir::runs {

class run;

// The names that an expression sees at one place of a run: loop values (inner levels win),
// variables, and the status and outputs of nodes that have ended. docs/expressions.md lists them;
// tests/conformance/harness-expressions.json shows those of Harness's documentation. [own stack]
class lookup final : public expressions::scope {
public:
    lookup(run& owner, const frame& at) : run_{owner}, at_{at} {}

    expressions::found resolve(const std::vector<std::string_view>& path, json& value,
                               std::size_t& used) const override;

private:
    using names = std::vector<std::string_view>;

    // A node as a path names it: which, and by which path in the run.
    struct place {
        const plan::node* what = nullptr;  // null: there is no such node
        std::string at;
    };

    const frame* enclosing(plan::node_kind) const noexcept;
    const frame* step_around() const noexcept;

    // lookup.cpp: roots, variables, what the host knows.
    expressions::found variable(std::string_view variables, const names&, std::size_t first, json&,
                                std::size_t& used) const;
    expressions::found input(const frame* pipeline, const names&, json&, std::size_t& used) const;
    expressions::found pipeline_value(const frame* pipeline, const names&, json&,
                                      std::size_t& used) const;
    expressions::found of_pipeline(const frame& pipeline, const names&, json&,
                                   std::size_t& used) const;
    expressions::found hosts_value(const names&, json&, std::size_t& used) const;
    expressions::found gathered_at(const names&, json&, std::size_t& used) const;
    expressions::found settled(json& value) const;

    // lookup_loops.cpp: the loops around, and how loops do.
    expressions::found loop_value(const frame* from, bool inner_too, plan::strategy_kind,
                                  const names&, std::size_t first, json& value,
                                  std::size_t& used) const;
    expressions::found strategy_value(const frame* from, const names&, std::size_t first, json&,
                                      std::size_t& used) const;
    expressions::found turn_value(const frame& turn, const names&, std::size_t first, json&,
                                  std::size_t& used) const;
    expressions::found looping_node(const names&, std::size_t first, json&,
                                    std::size_t& used) const;
    expressions::found all_looping(json& value) const;
    expressions::found nearest_loop(json& value) const;
    expressions::found loop_status(std::string_view loop, json& value) const;
    std::string path_of_loop(const plan::node& loop) const;

    // lookup_nodes.cpp: nodes by their paths, and what is known of them.
    expressions::found of_frame(const frame* level, const names&, std::size_t first, json&,
                                std::size_t& used) const;
    expressions::found of_node(place from, const names&, std::size_t first, json&,
                               std::size_t& used) const;
    expressions::found known_of(const place&, const names&, std::size_t i, json&,
                                std::size_t& used) const;
    expressions::found spec_of(const place&, const names&, std::size_t i, json&,
                               std::size_t& used) const;
    expressions::found status_of(const place&, std::string_view word, json&) const;
    expressions::found output_of(const place&, const names&, std::size_t i, json&,
                                 std::size_t& used) const;
    bool descend(place&, std::string_view name) const;
    bool is_around(std::string_view path) const noexcept;

    run& run_;
    const frame& at_;
    mutable unsigned depth_ = 0;  // of values that refer to values
};

// What is around a place; what is around a child is not the child's to see.
[[nodiscard]] const frame* around(const frame*) noexcept;

}  // namespace weir::runs
