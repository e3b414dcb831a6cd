// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <string>

namespace weir::plan {

// What a document refers to and does not hold. Numbered like WEIR_RESOLVE_* of weir.h; plugin/
// checks that they agree.
enum class reference_kind : std::uint8_t {
    pipeline = 1,   // a child, by a Pipeline stage
    templated = 2,  // a template, by `templateRef`
    input_set = 3,  // by an overlay, or by a Pipeline stage's `inputSetReferences`
    parent = 4,     // a pipeline one of whose stages runs the pipeline that is loaded
    value = 5,      // what an expression names that only the host knows: `secrets`, `connector` ...
    environment_group = 6,  // by `envGroupRef`: `environmentGroup: {envIdentifiers: [...]}`
    infrastructures =
        7  // of the environment `identifier`: a list of `infrastructureDefinition: ...`
};

// The level that a template is looked for on: a reference's `account.` or `org.` names it.
enum class reference_scope : std::uint8_t { project, organization, account };

struct reference {
    reference_kind kind = reference_kind::pipeline;
    reference_scope scope = reference_scope::project;
    std::string identifier;  // without its scope
    std::string version;     // of a template; empty: the stable one
    std::string org;         // empty: not said
    std::string project;
    std::string pipeline;  // whose input set it is
};

struct resolution {
    bool found = false;
    std::string text;  // the document
    std::string file;  // its name, for diagnostics; equal names are one file
    std::string why;   // why it was not found, or ""
};

// Gives the documents that others refer to. Called while a document is loaded, on the thread that
// loads it, once for each reference that differs. [own stack]
class resolver {
public:
    virtual ~resolver() = default;
    [[nodiscard]] virtual resolution resolve(const reference&) = 0;
};

}  // namespace weir::plan
