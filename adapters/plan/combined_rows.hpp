// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/json.hpp"
#include "adapters/plan/odometer.hpp"
#include "adapters/plan/row_source.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace weir::plan {

// Matrices one after another, rows that are merged into the combinations of the first, and rows
// that follow: what GitHub, GitLab and Tekton make of a matrix and its `include`.
class combined_rows final : public row_source {
public:
    enum class naming : std::uint8_t { in_parentheses, in_brackets, numbered };

    // An entry of `include`. It fits a combination that has, for each condition, one of its values
    // (numbers in dimension::same).
    struct addition {
        struct condition {
            std::uint32_t dimension;
            std::vector<std::uint32_t> values;
        };
        std::vector<condition> fits;
        json row;    // all of it: what follows where it fits nothing
        json extra;  // what it merges into a combination that it fits
    };

    // When two entries bring the same new name: the later one's value stays (GitHub), or an entry
    // that contradicts what is there does not fit any more (Tekton).
    enum class merging : std::uint8_t { later_stays, must_agree };

    // What became of an addition.
    enum class fate : std::uint8_t { merged, follows, dropped };

    struct rules {
        combined_rows::naming naming = naming::in_parentheses;
        combined_rows::merging merging = merging::later_stays;
        bool sorted = false;         // names within a row by the alphabet, not as declared
        bool share_nothing = false;  // a row follows only if no value of it is in any other row
    };

    explicit combined_rows(rules how) : how_(how) {}

    odometer& add_matrix() { return matrices_.emplace_back(); }
    void add(addition entry) { additions_.push_back(std::move(entry)); }

    // After all of it is added, the matrices finished. False when it would mean to look through too
    // many combinations, or the rows are more than `most`; `count()` then says how many, roughly.
    [[nodiscard]] bool finish(std::uint64_t most);

    [[nodiscard]] const std::vector<fate>& fates() const noexcept { return fates_; }

    [[nodiscard]] std::uint64_t count() const noexcept override { return count_; }
    [[nodiscard]] std::uint64_t first() const noexcept override { return allowed(0); }
    [[nodiscard]] std::uint64_t next(std::uint64_t position) const noexcept override {
        return simple_ ? matrices_.front().allowed(position + 1) : allowed(position + 1);
    }
    void append_values(const instance&, std::string& out) const override;
    void append_suffix(const instance&, std::string& out) const override;

private:
    struct matcher {  // an addition that is merged, ready to be looked up
        std::vector<std::pair<std::uint32_t, std::vector<bool>>> fits;  // dimension, by `same`
        std::size_t addition;
    };

    struct fragment {        // what a value adds to a row's texts, made once
        std::string member;  // `"name":value`
        std::string shown;   // as the display has it
    };

    [[nodiscard]] matcher matcher_of(std::size_t addition) const;
    [[nodiscard]] bool fits(const matcher&, std::uint64_t combination) const;
    [[nodiscard]] bool decide_fates(std::uint64_t most);
    void decide_rows_that_follow();
    [[nodiscard]] std::uint64_t allowed(std::uint64_t position) const noexcept;
    [[nodiscard]] std::pair<const odometer*, std::uint64_t> place(std::uint64_t position) const;
    [[nodiscard]] json extras(std::uint64_t combination) const;
    template <class visitor>
    void for_each_value(const instance&, const visitor&) const;
    template <class visitor>
    bool for_each_fragment(const instance&, const visitor&) const;
    void make_fragments();

    const rules how_;
    std::vector<odometer> matrices_;
    std::vector<std::vector<std::size_t>> order_;  // of each matrix's names within a row
    std::vector<std::vector<std::vector<fragment>>> fragments_;  // of each matrix, in that order
    std::vector<std::uint64_t> begins_;  // the position of each matrix's first, and the end
    std::vector<addition> additions_;
    std::vector<fate> fates_;
    std::vector<matcher> merged_;
    std::vector<std::size_t> following_;  // additions
    std::uint64_t count_ = 0;
    bool simple_ = false;  // one matrix, nothing else
};

}  // namespace weir::plan
