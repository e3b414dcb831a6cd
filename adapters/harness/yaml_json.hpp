// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/harness/yaml.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace weir::harness::yaml {

struct json_facts {
    bool has_expressions = false;  // "<+" occurs in some text
    std::uint32_t depth = 0;
};

// [any] Appends a value as compact JSON: mappings keep their order, numbers are written as they
// stand. A mapping's entry named `without` is left out at the top level.
json_facts append_json(std::string& out, value, std::string_view without = {});

}  // namespace weir::harness::yaml
