// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/diagnostic.hpp"

#include "adapters/plan/json_writer.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace weir::plan {

namespace {

struct row {
    std::string_view text;
    std::string_view title;
    plan::severity severity;
};

constexpr std::array rows{
#define WEIR_DIAGNOSTIC(text, name, severity_of_it, title) \
    row{text, title, severity::severity_of_it},
#include "adapters/plan/diagnostics.def"
#undef WEIR_DIAGNOSTIC
};

constexpr const row& row_of(code c) noexcept { return rows[static_cast<std::size_t>(c)]; }

std::string_view file_of(const span& where, const std::vector<std::string>& files) {
    return where.known() && where.file < files.size() ? std::string_view{files[where.file]}
                                                      : std::string_view{};
}

void write(json_writer& out, const note& n, const std::vector<std::string>& files) {
    out.begin_object();
    out.member("message", n.message);
    out.member("file", file_of(n.where, files));
    out.member("line", n.where.line);
    out.member("column", n.where.column);
    out.end_object();
}

std::string_view name_of(severity s) {
    return s == severity::error ? "error" : s == severity::warning ? "warning" : "note";
}

}  // namespace

void write_members(json_writer& out, const diagnostic& d, const std::vector<std::string>& files) {
    out.member("code", text_of(d.what));
    out.member("severity", name_of(severity_of(d.what)));
    out.member("message", d.message);
    out.member("file", file_of(d.where, files));
    out.member("line", d.where.line);
    out.member("column", d.where.column);
    out.member("end_line", d.where.end_line);
    out.member("end_column", d.where.end_column);
    out.member("path", d.path);
    out.key("notes");
    out.begin_array();
    for (const note& n : d.notes) write(out, n, files);
    out.end_array();
    out.member("help", d.help);
}

std::string_view text_of(code c) noexcept { return row_of(c).text; }
std::string_view title_of(code c) noexcept { return row_of(c).title; }
severity severity_of(code c) noexcept { return row_of(c).severity; }

diagnostic& diagnostics::add(code what, span where, std::string message) {
    return items_.emplace_back(diagnostic{what, std::move(message), where, {}, {}, {}});
}

bool diagnostics::any_error() const noexcept {
    return std::any_of(items_.begin(), items_.end(),
                       [](const diagnostic& d) { return severity_of(d.what) == severity::error; });
}

void diagnostics::append(diagnostics&& others) {
    items_.insert(items_.end(), std::make_move_iterator(others.items_.begin()),
                  std::make_move_iterator(others.items_.end()));
    others.items_.clear();
}

std::string to_json(const diagnostics& findings, const std::vector<std::string>& files) {
    json_writer out;
    out.begin_array();
    for (const diagnostic& d : findings.all()) {
        out.begin_object();
        write_members(out, d, files);
        out.end_object();
    }
    out.end_array();
    return std::move(out).take();
}

}  // namespace weir::plan
