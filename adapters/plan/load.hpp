// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/diagnostic.hpp"
#include "adapters/plan/plan.hpp"
#include "adapters/plan/resolver.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace weir::plan {

// A document given beside the one that is loaded.
struct given_document {
    std::string_view text;
    std::string file;  // its name, for diagnostics
};

// What every adapter's `load` takes and gives.
struct load_options {
    std::string file_name = "<input>";               // for diagnostics
    std::map<std::string, std::string>
        variables;  // --set NAME=VALUE: pipeline variables and inputs
    std::vector<given_document> inputs;   // --inputs FILE: a later one wins, `variables` over all
    weir::plan::resolver* resolver = nullptr;   // null: nothing that is elsewhere is found
    std::uint32_t most_levels = 16;       // of children in children, and of templates in templates
    bool compat_harness = false;
    bool slots_release = false;  // a loop's turn that waits gives its slot up, unless the loop says
    bool inputs_may_be_missing = false;  // check, plan: an input not given is an unknown
};

struct loaded {
    std::shared_ptr<const weir::plan::plan> plan;    // null when findings hold an error
    diagnostics findings;
    std::vector<std::string> files;                  // also when there is no plan
};

}  // namespace weir::plan
