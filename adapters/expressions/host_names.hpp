// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace weir::expressions {

// Names that only the host gives a value: `secrets.getValue("x")`, `infra.namespace`,
// `connector.name`, whatever does not begin with one of the words that a pipeline has itself; and
// `pipeline.sequenceId`, `pipeline.triggeredBy.name`, what is no part of any pipeline.
[[nodiscard]] bool is_hosts(const std::vector<std::string_view>& path) noexcept;

// Roots whose values go by a text in brackets: `secrets.getValue("x")`.
[[nodiscard]] bool is_keeper(std::string_view root) noexcept;

// The first `count` parts of a path as they are written: what the host is asked for.
[[nodiscard]] std::string host_name(const std::vector<std::string_view>& path, std::size_t count);

}  // namespace weir::expressions
