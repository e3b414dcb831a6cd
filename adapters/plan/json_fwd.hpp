// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace weir {

using json = nlohmann::ordered_json;

}  // namespace weir
