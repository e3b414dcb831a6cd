// SPDX-License-Identifier: BSL-1.0
#include "examples/runner/commands.hpp"
#include "examples/runner/diagnostics.hpp"
#include "examples/runner/exit_status.hpp"
#include "examples/runner/paint.hpp"
#include "examples/runner/sarif.hpp"

#include <cstring>

#include <unistd.h>

namespace weir::runner {

namespace {

// The elements of a JSON array, without its brackets.
std::string_view elements(std::string_view array) {
    const std::size_t first = array.find('['), last = array.rfind(']');
    if (first == std::string_view::npos || last == std::string_view::npos) {
        return {};
    }
    array = array.substr(first + 1, last - first - 1);
    const std::size_t start = array.find_first_not_of(" \t\r\n");
    if (start == std::string_view::npos) {
        return {};
    }
    return array.substr(start, array.find_last_not_of(" \t\r\n") - start + 1);
}

std::string counted(std::size_t n, const std::string& what) {
    return std::to_string(n) + " " + what + (n == 1 ? "" : "s");
}

class checker {
public:
    explicit checker(const check_options& options)
        : options_(options), loader_{options.document, WEIR_LOAD_INPUTS_OPEN, options.files} {}

    void file(const std::string& name) {
        document from;
        std::string problem;
        if (!read_document(name, from, problem)) {
            status_ = complain(problem, exit_environment);
            return;
        }
        loading loaded = loader_.load(from);
        if (!loaded.problem.empty()) {
            status_ = complain(loaded.problem, exit_environment);
            return;
        }
        if (loaded.status != WEIR_OK && status_ == exit_success) {
            status_ = exit_document;
        }
        if (options_.slots && loaded.status == WEIR_OK && !add_slots(loaded)) {
            return;
        }
        if (options_.format != findings_format::text) {
            const std::string_view found = elements(loaded.diagnostics);
            all_ += all_.empty() || found.empty() ? "" : ",";
            all_ += found;
            return;
        }
        const finding_counts counts =
            show_diagnostics(loaded, from, wants_colours(STDOUT_FILENO), out_);
        if (counts.errors + counts.warnings == 0) {
            out_.line(from.name + ": nothing to say against it");
        } else {
            out_.line(from.name + ": " + counted(counts.errors, "error") + ", " +
                      counted(counts.warnings, "warning"));
        }
    }

    // The library's remarks about slots behind its findings.
    bool add_slots(loading& loaded) {
        owned_text text;
        const weir_status status =
            weir_plan_describe(loaded.plan.get(), WEIR_FORMAT_SLOTS, text.out());
        if (status != WEIR_OK) {
            status_ = complain(describe(status, new_error()), exit_environment);
            return false;
        }
        const std::string_view found = elements(loaded.diagnostics), more = elements(text.view());
        std::string all{found};
        all += found.empty() || more.empty() ? "" : ",";
        all += more;
        loaded.diagnostics = "[" + all + "]";
        return true;
    }

    int finish() {
        if (options_.format == findings_format::json) {
            out_.line("[" + all_ + "]");
        } else if (options_.format == findings_format::sarif) {
            out_.line(sarif_of("[" + all_ + "]"));
        }
        out_.flush();
        if (out_.error() != 0) {
            return complain(std::string{"cannot write: "} + std::strerror(out_.error()),
                            exit_environment);
        }
        return status_;
    }

private:
    const check_options& options_;
    loader loader_;
    sink out_{STDOUT_FILENO};
    std::string all_;
    int status_ = exit_success;
};

}  // namespace

int check_command(const check_options& options) {
    checker checks{options};
    for (const std::string& name : options.files) {
        checks.file(name);
    }
    return checks.finish();
}

}  // namespace weir::runner
