// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/load.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

// A document becomes a plan, or an error with a place where there is one.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace weir;
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    for (const bool open : {false, true}) {
        plan::load_options options;
        options.inputs_may_be_missing = open;
        const plan::loaded l = harness::load(text, options);
        if (static_cast<bool>(l.plan) == l.findings.any_error()) {
            std::abort();
        }
    }
    (void)harness::looks_like(text);
    return 0;
}
