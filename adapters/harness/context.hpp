// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/harness/yaml.hpp"
#include "adapters/plan/builder.hpp"
#include "adapters/plan/diagnostic.hpp"
#include "adapters/plan/load.hpp"

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace weir::harness {

// Where a barrier reference that a Barrier step writes stands, until all declarations are known.
struct barrier_use {
    plan::node_index node;
    std::string_view reference;
    plan::span where;
    plan::span value = {};       // its `value`; unknown: none
    plan::node_index scope = 0;  // the pipeline where it stands
    bool resolved = false;       // the node has its barrier
};

// Why a document beside the first is read: what a finding in it says of that, and where.
struct origin {
    std::string message;
    plan::span where;
};

// A pipeline that a stage of type Pipeline runs, with its inputs put in.
struct child_pipeline {
    yaml::value pipeline;  // none: it could not be resolved
    std::string inputs;    // plan::node_extras::inputs
    origin used;           // by that stage
};

// An input that nobody gave.
struct missing_input {
    std::string name;
    plan::span where;
    bool while_running = false;
    bool of_child = false;
};

class library;
class planning;

// Where references of a document are looked up from.
struct home {
    std::string org, project;
};

// What the readers of one document share. One thread, one load.
class context {
public:
    context(const plan::load_options& given, plan::diagnostics& into);
    ~context();
    context(const context&) = delete;
    context& operator=(const context&) = delete;

    // Adds a finding and returns it for notes and help. After `most_findings` further ones are
    // counted only.
    plan::diagnostic& report(plan::code, plan::span, std::string message, std::string help = {});

    // E0601 for a construct that is known and not run yet: its first place makes the finding,
    // others notes.
    void unsupported(std::string construct, plan::span, std::string help = {});

    // E0203: `what` must be `expected` and is something else.
    void wrong_kind(yaml::value, std::string_view what, std::string_view expected);

    // Puts what was counted and collected into the findings. Last.
    void finish_report();
    [[nodiscard]] plan::diagnostics& findings() noexcept { return findings_; }
    // "did you mean `x`?" for the nearest candidate, or "". Empty once findings are only counted: a
    // document of a million mistakes costs no million searches.
    [[nodiscard]] std::string suggestion(std::string_view word,
                                         std::span<const std::string_view> candidates) const;

    // How much has been told so far, whatever it is.
    [[nodiscard]] std::size_t told() const noexcept { return told_; }

    const plan::load_options& options;
    plan::builder builder;
    std::unique_ptr<planning> known;  // values that expressions can have before a run
    std::vector<barrier_use> barriers;
    plan::node_index scope = 0;                                     // the pipeline that is read
    home at_home;                                                   // its own
    library* elsewhere = nullptr;                                   // documents beside the first
    std::unordered_map<yaml::node_index, child_pipeline> children;  // by their stage's mapping
    std::vector<origin> origins{{}};                                // by file
    std::vector<yaml::value> laid_over;  // inputs, as `inputSet` has them
    std::vector<missing_input> missing;  // the first of them
    std::size_t missing_count = 0;
    bool incomplete =
        false;  // parts are elsewhere or could not be read: who uses a barrier is not known
    std::string scratch;  // for JSON that is built and kept at once

private:
    static constexpr std::size_t most_findings = 200;

    bool told_before(plan::code, const plan::span&, const std::string& message);
    void add_origins(plan::diagnostic&) const;

    plan::diagnostics& findings_;
    std::unordered_set<std::string> elsewhere_;  // findings in other documents, told once
    plan::diagnostic dropped_{};
    plan::code dropped_code_{};
    std::size_t dropped_count_ = 0;
    std::size_t told_ = 0;
    struct construct {
        plan::span first;
        std::string help;
        std::vector<plan::span> others;
    };
    std::map<std::string, construct> unsupported_;
};

// While it lives, findings in a document speak of this use of it.
class use_of_document {
public:
    use_of_document(context& c, std::uint32_t file, origin use)
        : origins_(c.origins), file_(file < origins_.size() ? file : 0) {
        before_ = std::exchange(origins_[file_], file_ == 0 ? origin{} : std::move(use));
    }
    ~use_of_document() { origins_[file_] = std::move(before_); }
    use_of_document(const use_of_document&) = delete;
    use_of_document& operator=(const use_of_document&) = delete;

private:
    std::vector<origin>& origins_;
    std::uint32_t file_;
    origin before_;
};

// What to do about a text with a place that another tool fills in (`${NAME}`); else "".
[[nodiscard]] std::string placeholder_help(std::string_view text);

// Is this text a runtime input that nobody gave (possible only with inputs_may_be_missing)?
[[nodiscard]] bool is_open_input(std::string_view text) noexcept;
[[nodiscard]] inline bool is_open_input(yaml::value v) noexcept {
    return v.is_scalar() && is_open_input(v.text());
}

}  // namespace weir::harness
