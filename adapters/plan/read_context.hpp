// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/builder.hpp"
#include "adapters/plan/diagnostic.hpp"
#include "adapters/plan/json_source.hpp"
#include "adapters/plan/read.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir::plan {

// What the readers of one plan JSON share. One thread, one load.
class read_context {
public:
    read_context(const load_options& given, syntax_check, diagnostics& into);

    // Adds a finding and returns it for notes and help. After `most_findings` further ones are
    // counted only.
    diagnostic& report(code, const source::value&, std::string message, std::string help = {});

    // The same about a node that has been read.
    diagnostic& report(code, node_index, std::string message, std::string help = {});

    // E0203: `what` must be `expected` and is something else.
    void wrong_kind(const source::value&, std::string_view what, std::string_view expected);

    // How much has been told so far, warnings included.
    [[nodiscard]] std::size_t told() const noexcept { return told_; }

    [[nodiscard]] std::size_t errors() const noexcept { return errors_; }

    // Whether findings are still listed, so that it is worth while to find help for them.
    [[nodiscard]] bool lists() const noexcept;

    // "did you mean `x`?", or "".
    [[nodiscard]] std::string suggestion(std::string_view word,
                                         std::span<const std::string_view> candidates) const;

    [[nodiscard]] span where(node_index i) const { return places_[i].where(); }

    // A node from this JSON; what is reported from now on concerns it.
    node_index begin(node_index made, const source::value& from);
    void continue_with(node_index i) noexcept { current_ = i; }

    // Puts what was counted into the findings. Last.
    void finish_report();

    [[nodiscard]] const plan& made() { return builder.unfinished(); }

    const load_options& options;
    const syntax_check syntax;
    class builder builder;
    std::uint32_t files = 0;  // how many the plan names

private:
    diagnostics& findings_;
    std::vector<source::value> places_;  // by node
    node_index current_ = no_node;
    diagnostic dropped_{};
    std::optional<code> dropped_code_;
    std::size_t dropped_count_ = 0;
    std::size_t told_ = 0;
    std::size_t errors_ = 0;
};

// Values that every part of a plan is made of. Each tells what is wrong with them; null is as good
// as not there, and gives the default.
[[nodiscard]] std::string read_text(read_context&, std::string_view what, const source::value&);
[[nodiscard]] bool read_truth(read_context&, std::string_view what, const source::value&);
[[nodiscard]] std::int64_t read_whole(read_context&, std::string_view what, const source::value&,
                                      std::int64_t least, std::int64_t most);
[[nodiscard]] std::int64_t read_duration(read_context&, std::string_view what, const source::value&,
                                         std::int64_t least = 1);
[[nodiscard]] std::string read_expression(read_context&, std::string_view what,
                                          const source::value&);
// A text that may hold expressions, and words around them.
[[nodiscard]] std::string read_computed(read_context&, std::string_view what, const source::value&);
[[nodiscard]] span read_position(read_context&, const source::value&);

// JSON that is handed on as it stands; "" where it cannot be. `expressions`: a text in it holds
// one.
[[nodiscard]] std::string_view read_opaque(read_context&, std::string_view what,
                                           const source::value&, bool* expressions = nullptr);
[[nodiscard]] std::string_view read_object(read_context&, std::string_view what,
                                           const source::value&);

void no_such_word(read_context&, std::string_view what, const source::value&,
                  std::span<const std::string_view> words);

// One of an enumeration's names, from `first` to `last`.
template <class words>
[[nodiscard]] std::optional<words> read_word(read_context& c, std::string_view what,
                                             const source::value& v, words last,
                                             words first = words{}) {
    for (auto i = static_cast<unsigned>(first); v && i <= static_cast<unsigned>(last); ++i)
        if (v.spells(name_of(static_cast<words>(i))))
            return static_cast<words>(i);
    if (!v)
        return std::nullopt;
    std::vector<std::string_view> names;
    for (auto i = static_cast<unsigned>(first); i <= static_cast<unsigned>(last); ++i)
        names.push_back(name_of(static_cast<words>(i)));
    no_such_word(c, what, v, names);
    return std::nullopt;
}

}  // namespace weir::plan
