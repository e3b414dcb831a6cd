// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/yaml_compose.hpp"
#include "adapters/harness/yaml_json.hpp"
#include "adapters/plan/json.hpp"
#include "adapters/plan/json_text.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

// Whatever is composed can be written as JSON that a reader accepts; whatever is not is told once.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace weir;
    plan::diagnostics findings;
    const auto document =
        harness::yaml::compose({reinterpret_cast<const char*>(data), size}, {}, findings);
    if (!document) {
        if (!findings.any_error()) {
            std::abort();
        }
        return 0;
    }
    std::string text;
    const harness::yaml::json_facts facts = harness::yaml::append_json(text, document->root());
    json value;
    std::string error;
    if (facts.depth <= 60 && !plan::parse_json(text, value, error) &&
        error.find("members") == std::string::npos) {
        std::abort();
    }
    return 0;
}
