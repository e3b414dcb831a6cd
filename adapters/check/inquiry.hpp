// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/check/check.hpp"
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
    std::uint64_t steps = 0;   // of searches
    std::size_t findings = 0;  // that may still be told
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
    verdict decide(const std::vector<scenario>& stuck, std::size_t sides,
                   const std::vector<std::uint32_t>& fixed);
    bool is_certain(const scenario& stuck, const std::vector<std::uint32_t>& fixed);
    [[nodiscard]] scenario turned(scenario given, std::uint32_t unknown) const;
    answer ask(const scenario&);
    void tell(const scenario&, const std::vector<bool>& matters);
    void tell_all(symbolic_run&, const scenario&, const std::vector<bool>& matters);

    occurrences& all_;
    plan::diagnostics& findings_;
    const options& how_;
    allowance& left_;
    std::vector<assumptions> certain_;
};

}  // namespace weir::check
