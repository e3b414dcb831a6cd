// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/harness/context.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir::harness {

struct infrastructure {
    std::string identifier;
    bool simultaneous = false;  // several may deploy to it at once
};

// The infrastructure definitions of an environment, in the order in which the resolver gives them;
// nothing, and `why`, when it knows none.
[[nodiscard]] std::optional<std::vector<infrastructure>> infrastructures_of(
    context&, std::string_view environment, std::string& why);

// The references of a group's environments; nothing, and `why`, when the resolver does not know it.
[[nodiscard]] std::optional<std::vector<std::string>> environments_of(context&,
                                                                      std::string_view group,
                                                                      std::string& why);

}  // namespace weir::harness
