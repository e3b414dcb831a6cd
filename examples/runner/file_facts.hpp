// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace weir::runner {

// What a document of Harness's says of itself at its top: `template:` with `identifier: base` ...
// Read from block notation as Harness writes it, and from JSON; of other texts, nothing.
struct file_facts {
    std::string root;  // the first key: "pipeline", "template", "inputSet" ...
    std::string identifier, version, org, project;
    std::string environment;  // an infrastructure definition's
};

[[nodiscard]] file_facts facts_of(std::string_view text);

// The identifiers of the pipelines that stages of type Pipeline in this text run.
[[nodiscard]] std::vector<std::string> pipelines_run(std::string_view text);

}  // namespace weir::runner
