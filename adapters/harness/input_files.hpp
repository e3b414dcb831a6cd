// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/harness/inputs.hpp"
#include "adapters/harness/library.hpp"
#include "adapters/harness/templates.hpp"

#include <string>
#include <vector>

namespace weir::harness {

// The mappings of a pipeline's shape that a document of inputs holds, in the order in which they
// are laid over it: an input set (`inputSet: {pipeline: ...}`), an overlay (`overlayInputSet:
// {inputSetReferences: [...]}`), `pipeline: ...`, or the pipeline's keys at the root.
class input_documents {
public:
    input_documents(context& c, library& from, const home& at, std::string pipeline)
        : context_(c), library_(from), home_(at), pipeline_(std::move(pipeline)) {}

    void add(yaml::value root, const std::string& what);
    // A list of input sets by identifier, as overlays and Pipeline stages have it.
    void add_references(yaml::value list, std::string_view what);

    [[nodiscard]] const std::vector<input_source>& sources() const noexcept { return sources_; }
    std::vector<input_source> sources_;

private:
    context& context_;
    library& library_;
    const home& home_;
    std::string pipeline_;
    std::vector<std::string> chain_;
};

}  // namespace weir::harness
