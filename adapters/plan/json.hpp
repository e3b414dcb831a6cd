// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <nlohmann/json.hpp>

namespace weir {

// The one JSON value of the library: objects keep the order in which they were written.
// Costly to include; headers take json_fwd.hpp.
using json = nlohmann::ordered_json;

}  // namespace weir
