// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace weir::plan {

// [any] The order in which a Java HashMap that these names were put into, in the order given, hands
// them out: as indices into `names`.
[[nodiscard]] std::vector<std::size_t> java_hash_order(const std::vector<std::string_view>& names);

}  // namespace weir::plan
