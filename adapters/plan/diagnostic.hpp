// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/span.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir::plan {

enum class severity : std::uint8_t { error, warning, note };

// Every code that a diagnostic can carry, from diagnostics.def: stable for ever, never re-used.
enum class code : std::uint16_t {
#define WEIR_DIAGNOSTIC(text, name, severity, title) name,
#include "adapters/plan/diagnostics.def"
#undef WEIR_DIAGNOSTIC
};

[[nodiscard]] std::string_view text_of(code) noexcept;      // "E0104"
[[nodiscard]] std::string_view title_of(code) noexcept;     // one line, for the table in the docs
[[nodiscard]] severity severity_of(code) noexcept;

struct note {
    std::string message;
    span where;
};

// A finding about a document or plan: what is wrong, where, why, and what to do about it.
struct diagnostic {
    code what;
    std::string message;
    span where;
    std::string path;  // of the node it concerns; may be empty
    std::vector<note> notes;
    std::string help;  // may be empty
};

class diagnostics {
public:
    // The returned reference is valid until the next add: notes and help are put on it there.
    diagnostic& add(code what, span where, std::string message);

    [[nodiscard]] const std::vector<diagnostic>& all() const noexcept { return items_; }
    [[nodiscard]] bool any_error() const noexcept;
    void append(diagnostics&& others);

private:
    std::vector<diagnostic> items_;
};

// One array of objects as DESIGN.md, "The weir command", lists them; `files` are the names that
// span::file indexes.
[[nodiscard]] std::string to_json(const diagnostics&, const std::vector<std::string>& files);

class json_writer;

// One of those objects without its braces.
void write_members(json_writer&, const diagnostic&, const std::vector<std::string>& files);

}  // namespace weir::plan
