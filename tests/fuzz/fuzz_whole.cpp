// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/load.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

// Gives the documents in turn, whatever is asked for.
struct giver final : weir::plan::resolver {
    weir::plan::resolution resolve(const weir::plan::reference& wanted) override {
        if (documents.empty() || wanted.identifier.starts_with('-'))
            return {};
        const std::string_view text = documents[next++ % documents.size()];
        return {true, std::string{text}, wanted.identifier, {}};
    }

    std::vector<std::string_view> documents;
    std::size_t next = 0;
};

}  // namespace

// Documents between lines of `%%%%`: the first is loaded with the second as its inputs, and what it
// refers to is answered with the others. A plan, or an error, with places in files that are listed.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace weir;
    std::string_view text{reinterpret_cast<const char*>(data), size};
    constexpr std::string_view between = "\n%%%%\n";
    std::vector<std::string_view> parts;
    for (std::size_t end = 0; end != std::string_view::npos && parts.size() < 16;) {
        end = text.find(between);
        parts.push_back(text.substr(0, end));
        text = end == std::string_view::npos ? text : text.substr(end + between.size());
    }
    giver from;
    plan::load_options options;
    options.resolver = &from;
    if (parts.size() > 1)
        options.inputs.push_back({parts[1], "inputs"});
    if (parts.size() > 2)
        from.documents.assign(parts.begin() + 2, parts.end());
    for (const bool open : {false, true}) {
        options.inputs_may_be_missing = open;
        from.next = 0;
        const plan::loaded l = harness::load(parts[0], options);
        if (static_cast<bool>(l.plan) == l.findings.any_error())
            std::abort();
        for (const plan::diagnostic& d : l.findings.all()) {
            if (d.where.file >= l.files.size())
                std::abort();
        }
    }
    return 0;
}
