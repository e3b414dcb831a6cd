// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/diagnostic.hpp"
#include "adapters/plan/expansion.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace weir::dialects {

// Whose way to write a loop a text follows.
enum class dialect : std::uint8_t { harness, github, gitlab, tekton, argo };

// [any] By its name, "gitlab"; and all names, in the order of the enum.
[[nodiscard]] std::optional<dialect> dialect_named(std::string_view name) noexcept;
[[nodiscard]] const std::vector<std::string_view>& dialect_names();

struct options {
    dialect which = dialect::harness;
    std::uint64_t most = 0;  // instances; 0: the engine's own limit, or 1,000,000
    bool labels = false;     // Harness: suffixes name values instead of places
    bool compat_harness = false;
};

// [own stack] Reads a bare strategy, YAML or JSON, and gives its instances: as many, in the order
// and with the values and names that the engine gives them (docs/dialects.md). Null when the
// findings hold an error. Where the engine drops, reorders or changes something without a word, a
// warning says so. Expressions among values stand for themselves; one that decides how many
// instances there are is an error.
[[nodiscard]] std::shared_ptr<const plan::expansion> expand(std::string_view text, const options&,
                                                            plan::diagnostics& findings);

// [own stack] For expansion::suffix: a nodeName's value for one instance. Of its expressions those
// that the loop itself can answer are replaced, the others stand for themselves.
[[nodiscard]] plan::expansion::evaluator names_of(const plan::expansion&, const plan::instance&);

}  // namespace weir::dialects
