// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/json.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace weir::test {

// Parts of a Harness pipeline, as JSON, which is YAML too.
[[nodiscard]] json shell(const std::string& id, const std::string& script,
                         const json& more_of_spec = json::object());
[[nodiscard]] json meet(const std::string& barrier, const std::string& timeout = "10m");
[[nodiscard]] json step(const std::string& id, const std::string& type, const json& spec);
[[nodiscard]] json group(const std::string& id, std::vector<json> steps);
[[nodiscard]] json stage(const std::string& id, std::vector<json> steps);
[[nodiscard]] json parallel(std::vector<json> entries);

// The document's text.
[[nodiscard]] std::string pipeline(const std::string& id, std::vector<std::string> barriers,
                                   std::vector<json> stages);

// `count` parallel stages that meet at one barrier, each with a step before and one after it; block
// YAML as people write it.
[[nodiscard]] std::string many_stages(std::size_t count);

}  // namespace weir::test
