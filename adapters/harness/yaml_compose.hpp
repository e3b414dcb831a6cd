// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/harness/yaml.hpp"
#include "adapters/plan/diagnostic.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace weir::harness::yaml {

// What a document may cost. The defaults hold a document of hundreds of thousands of stages.
struct limits {
    std::size_t bytes = std::size_t{64} << 20;
    std::uint32_t depth = 256;  // aliases counted as what they stand for
    std::uint32_t nodes = 8'000'000;
    std::uint32_t alias_nodes = 200'000;  // nodes that aliases and merge keys stand for, in all
};

// [any, never blocks] Composes the one document of a YAML text, or says in `findings` why not:
// invalid YAML or UTF-8, a limit, a key twice, several documents. An empty document is one null
// value. `file` is what positions are said to be in.
[[nodiscard]] std::optional<document> compose(std::string_view text, const limits&,
                                              plan::diagnostics& findings, std::uint16_t file = 0);

// The same for a value that was given from outside, composed into `target`: every node gets the
// position `at`. Nothing and no change of `target.top` when it is no YAML.
[[nodiscard]] node_index compose_into(document& target, std::string_view text, plan::span at,
                                      const limits&, plan::diagnostics& findings);

}  // namespace weir::harness::yaml
