// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/json.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace weir::plan {

// All combinations of some axes' values as one number each: a mixed radix, first axis slowest.
// Excluded ones are stepped over, whole blocks at a time where an exclusion names slow axes only.
class odometer {
public:
    // One axis, without the values that some exclusion removes by themselves.
    struct dimension {
        std::string name;
        std::vector<json> values;
        std::vector<std::uint32_t> original;  // the value's index as declared
        std::vector<std::uint32_t> same;      // values of equal text have equal numbers
        std::vector<std::uint32_t> before;    // how many of equal text stand before it
        std::vector<std::uint32_t> alike;     // by `same`: how many of equal text there are
        std::uint64_t stride = 1;
    };

    // Values of one dimension, each by its number in `same`.
    struct term {
        std::uint32_t dimension;
        std::vector<std::uint32_t> values;
    };

    static constexpr std::uint64_t too_many = std::uint64_t{1} << 62;

    // Are values equal when their texts are (`1` and `"1"`), or only in type and value?
    enum class equal_by : std::uint8_t { text, value };
    void add(std::string name, std::vector<json> values, equal_by how = equal_by::text);

    // The number in `same` of the values of this text, if there are any. After add, before finish.
    [[nodiscard]] std::optional<std::uint32_t> number_of(std::uint32_t of,
                                                         const std::string& text) const;

    // Removes the combinations that have one of the values of each term. A term without values is
    // met by none.
    void exclude(std::vector<term> entry);

    // After the last add and exclude. `count()` is at least too_many when there are more
    // combinations than `walkable` and counting would mean to walk them, or more exclusions than
    // can be told apart.
    void finish(std::uint64_t walkable);

    [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
    [[nodiscard]] const std::vector<dimension>& dimensions() const noexcept { return dimensions_; }

    // The first combination at or behind `from` that is not excluded; combinations() when there is
    // none.
    [[nodiscard]] std::uint64_t allowed(std::uint64_t from) const noexcept {
        return masks_.empty() ? from : step_over(from);
    }
    [[nodiscard]] std::uint64_t combinations() const noexcept { return combinations_; }
    [[nodiscard]] std::uint32_t digit(std::uint64_t combination,
                                      const dimension& d) const noexcept {
        return static_cast<std::uint32_t>(combination / d.stride % d.values.size());
    }

    // How many combinations before this one have equal values in every axis.
    [[nodiscard]] std::uint64_t equal_before(std::uint64_t combination) const noexcept;

private:
    struct fixed {  // one term, in numbers
        std::uint32_t dimension;
        std::uint32_t same;
    };
    struct mask {  // the exclusions that name the same axes
        std::vector<std::uint32_t> dimensions;
        std::unordered_set<std::uint64_t> keys;
        std::uint64_t stride = 1;  // of the fastest axis named: all of its block is excluded
    };
    using rest = std::pair<const fixed*, const fixed*>;

    static void count_alike(dimension&);
    void drop_single_values();
    [[nodiscard]] bool make_masks();
    [[nodiscard]] bool add_keys(const std::vector<term>& entry, mask&);
    [[nodiscard]] bool count_excluded(std::size_t at, const std::vector<rest>& alive,
                                      std::uint64_t& sum, std::uint64_t& budget) const;
    [[nodiscard]] std::uint64_t step_over(std::uint64_t from) const noexcept;
    [[nodiscard]] std::uint64_t key(const mask&, std::uint64_t combination) const noexcept;

    std::vector<dimension> dimensions_;
    std::vector<std::unordered_map<std::string, std::uint32_t>> numbers_;  // until finish
    std::vector<std::vector<term>> entries_;                               // as given
    std::vector<std::vector<fixed>> exclusions_;  // of two axes and more, by axis
    std::vector<mask> masks_;                     // those with the longest stride first
    std::size_t steps_ = 0;                       // taken to tell exclusions apart
    bool all_differ_ = false;                     // no axis has equal values
    std::uint64_t combinations_ = 0;
    std::uint64_t count_ = 0;
};

}  // namespace weir::plan
