// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>

namespace weir::plugin {

struct host_lane;
struct scope_record;

// "deploy/eu/smoke": the names of the scopes and lanes above, and its own. [under the tree's lock]
[[nodiscard]] std::string path_of(const host_lane& lane);
[[nodiscard]] std::string path_of(const scope_record& scope);

}  // namespace weir::plugin
