// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/plan.hpp"

#include <cstdint>
#include <map>
#include <string_view>
#include <utility>

namespace weir::plan {

inline constexpr std::uint32_t no_barrier = ~std::uint32_t{0};

// [any] The pipeline that a node stands in: the root, or the child around it. A pipeline's own is
// itself.
[[nodiscard]] node_index pipeline_of(const plan&, node_index) noexcept;

// What a barrier's name means where it is used: the pipeline around declares it, else one of its
// parents. Reads the plan's barriers once; the plan must stay as it is.
class barrier_names {
public:
    explicit barrier_names(const plan&);

    // The barrier that `id` names in a node's place; no_barrier when nobody declares it.
    [[nodiscard]] std::uint32_t seen_from(node_index, std::string_view id) const;

    // The one that this very pipeline declares.
    [[nodiscard]] std::uint32_t declared_in(node_index pipeline, std::string_view id) const;

private:
    const plan& plan_;
    std::map<std::pair<node_index, std::string_view>, std::uint32_t> declared_;
};

}  // namespace weir::plan
