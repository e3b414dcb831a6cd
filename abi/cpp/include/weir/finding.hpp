// SPDX-License-Identifier: BSL-1.0
// What a document is accused of.
#pragma once

#include <weir/detail/json.hpp>
#include <weir/text.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// Another place that a finding speaks of. Lines and columns count from 1.
struct note {
    std::string message;
    std::string file;
    std::uint32_t line = 0;
    std::uint32_t column = 0;
};

/// A finding about a document: docs/diagnostics.md. Lines and columns count from 1; line 0 is no
/// position.
struct finding {
    std::string code;      ///< "E0104"
    std::string severity;  ///< "error" or "warning"
    std::string message;
    std::string file;
    std::string path;  ///< of the node
    std::string help;
    std::uint32_t line = 0;
    std::uint32_t column = 0;
    std::uint32_t end_line = 0;
    std::uint32_t end_column = 0;
    std::vector<note> notes;
};

namespace detail {

template <typename Place>
bool read_place(json_reader& from, std::string_view name, Place& into) {
    if (name == "message")
        return into.message = from.string(), true;
    if (name == "file")
        return into.file = from.string(), true;
    if (name == "line")
        return into.line = from.number(), true;
    if (name == "column")
        return into.column = from.number(), true;
    return false;
}

inline note read_note(json_reader& from) {
    note read;
    from.object([&](std::string_view name) {
        if (!read_place(from, name, read))
            from.skip();
    });
    return read;
}

inline void read_member(json_reader& from, std::string_view name, finding& into) {
    if (read_place(from, name, into))
        return;
    if (name == "code") {
        into.code = from.string();
    } else if (name == "severity") {
        into.severity = from.string();
    } else if (name == "path") {
        into.path = from.string();
    } else if (name == "help") {
        into.help = from.string();
    } else if (name == "end_line") {
        into.end_line = from.number();
    } else if (name == "end_column") {
        into.end_column = from.number();
    } else if (name == "notes") {
        from.array([&] { into.notes.push_back(read_note(from)); });
    } else {
        from.skip();
    }
}

}  // namespace detail

/// The findings of plan::load, errors and warnings, in the document's order.
class findings {
public:
    findings() noexcept = default;
    explicit findings(text written) noexcept : written_(std::move(written)) {}

    /// As the library wrote them: a JSON array. Valid as long as this. [any thread, never blocks]
    std::string_view json() const noexcept { return written_.view(); }

    /// Read into structs.
    std::vector<finding> list() const {
        std::vector<finding> all;
        detail::json_reader from(json());
        from.array([&] {
            finding read;
            from.object([&](std::string_view name) { detail::read_member(from, name, read); });
            all.push_back(std::move(read));
        });
        return all;
    }

private:
    text written_;
};

/// A finding on one line, as compilers write: "pipeline.yaml:4:11: error E0203: ...".
inline std::string to_string(const finding& found) {
    std::string line = found.file;
    if (found.line != 0) {
        line += ":" + std::to_string(found.line) + ":" + std::to_string(found.column);
    }
    return line + ": " + found.severity + " " + found.code + ": " + found.message;
}

}  // namespace weir
