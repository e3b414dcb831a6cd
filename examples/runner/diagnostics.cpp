// SPDX-License-Identifier: BSL-1.0
#include "examples/runner/diagnostics.hpp"

#include "examples/runner/json.hpp"
#include "examples/runner/paint.hpp"
#include "examples/runner/source_excerpt.hpp"
#include "examples/runner/utf8.hpp"

#include <map>

namespace weir::runner {

namespace {

class renderer {
public:
    renderer(const document& about, const loading& loaded, bool colours, sink& to)
        : about_(about), loaded_(loaded), brush_(colours), to_(to) {}

    void finding(const json_value& item) {
        const std::string& severity = item["severity"].text();
        const ink colour = severity == "warning" ? ink::yellow
                           : severity == "note"  ? ink::cyan
                                                 : ink::red;
        head(item, brush_(colour, severity + "[" + item["code"].text() + "]: "));
        for (const json_value& note : item["notes"].items())
            head(note, brush_(ink::cyan, "note: "));
        if (!item["help"].text().empty()) {
            to_.line("  " + brush_(ink::cyan, "help: ") + printable(item["help"].text()));
        }
    }

private:
    static position position_of(const json_value& item) {
        const auto number = [&item](std::string_view key) {
            return static_cast<std::size_t>(std::max<std::int64_t>(item[key].integer(), 0));
        };
        return {number("line"), number("column"), number("end_line"), number("end_column")};
    }

    void head(const json_value& item, const std::string& label) {
        const position where = position_of(item);
        const std::string& file = item["file"].text().empty() ? about_.name : item["file"].text();
        std::string place = file + ":";
        if (where.line != 0)
            place += std::to_string(where.line) + ":" + std::to_string(where.column) + ":";
        to_.line(brush_(ink::bold, place) + " " + label +
                 brush_(ink::bold, printable(item["message"].text())));
        const auto other = loaded_.others.find(file);
        if (file != about_.name && other == loaded_.others.end())
            return;
        const auto& text = file == about_.name ? about_.text : other->second;
        const auto& lines = lines_.try_emplace(file, text).first->second;
        const excerpt shown = excerpt_of(lines, where);
        if (shown.source.empty())
            return;
        const std::string number = std::to_string(where.line);
        const std::string margin(std::max<std::size_t>(number.size(), 5), ' ');
        to_.line(margin.substr(number.size()) + number + brush_(ink::faint, " | ") + shown.source);
        to_.line(margin + brush_(ink::faint, " | ") + brush_(ink::green, shown.marks));
    }

    const document& about_;
    const loading& loaded_;
    std::map<std::string, source_lines> lines_;  // of the files that were shown
    brush brush_;
    sink& to_;
};

}  // namespace

finding_counts show_diagnostics(const loading& loaded, const document& about, bool colours,
                                sink& to) {
    renderer show{about, loaded, colours, to};
    if (const auto all = json_value::parse(loaded.diagnostics)) {
        for (const json_value& item : all->items())
            show.finding(item);
    }
    return count_diagnostics(loaded.diagnostics);
}

finding_counts count_diagnostics(std::string_view json) {
    finding_counts counts;
    if (const auto all = json_value::parse(json)) {
        for (const json_value& item : all->items()) {
            const std::string& severity = item["severity"].text();
            counts.warnings += severity == "warning" ? 1 : 0;
            counts.errors += severity == "error" ? 1 : 0;
        }
    }
    return counts;
}

}  // namespace weir::runner
