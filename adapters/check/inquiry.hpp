// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/check/check.hpp"
#include "adapters/check/explain.hpp"
#include "adapters/check/key_choices.hpp"
#include "adapters/check/occurrences.hpp"
#include "adapters/check/search.hpp"
#include "adapters/check/symbolic.hpp"

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace weir::check {

// What is spent on, and told of, all components together.
struct allowance {
    std::uint64_t steps = 0;       // of searches
    std::size_t findings = 0;      // that may still be told
    // A step that asks for a lock of nobody knows how many permits: not proved because of it.
    plan::node_index unknown_amounts = plan::no_node;
};

// Unknowns by what they are about, and whether they hold.
using assumptions = std::map<std::pair<plan::node_index, unknown::about>, bool>;

// Does one component of a plan get stuck, and when?
class inquiry {
public:
    inquiry(occurrences& all, plan::diagnostics& findings, const options& how, allowance& left)
        : all_{all}, findings_{findings}, how_{how}, left_{left} {}

    verdict run();

    // Those of the assumptions that can matter either way under which it certainly gets stuck,
    // whatever else holds; of deadlock_when.
    [[nodiscard]] const std::vector<assumptions>& certain() const noexcept { return certain_; }

private:
    verdict flow(const scenario& worst);
    verdict decide(const std::vector<scenario>& stuck, std::size_t tried, std::size_t keys,
                   const std::vector<std::uint32_t>& fixed);
    void note_certain(const scenario& stuck, std::size_t keys,
                      const std::vector<std::uint32_t>& fixed,
                      std::map<assumptions, std::size_t>& so_far);
    [[nodiscard]] plan::node_index unknown_amounts() const;
    void note_all_certain(const scenario& like, std::size_t keys);
    [[nodiscard]] std::vector<equality> equalities(const scenario& least);
    [[nodiscard]] equality equality_of(const scenario& least, const key_classes& now,
                                       std::uint32_t key, std::size_t& tries);
    [[nodiscard]] scenario turned(scenario given, std::uint32_t unknown) const;
    answer ask(const scenario&);
    void tell(circumstances&);
    [[nodiscard]] symbolic_run stuck_run(const scenario&) const;

    occurrences& all_;
    plan::diagnostics& findings_;
    const options& how_;
    allowance& left_;
    std::vector<bool> held_;  // locks that matter
    std::vector<assumptions> certain_;
};

}  // namespace weir::check
