// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/diagnostic.hpp"
#include "adapters/plan/instance.hpp"
#include "adapters/plan/json_fwd.hpp"
#include "adapters/plan/row_source.hpp"
#include "adapters/plan/strategy.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace weir::plan {

// Why a strategy comes to nothing sensible.
struct refusal {
    code what = code::bad_strategy;  // or bad_expression, too_many_instances
    std::string message;
    span where;
};

// What a strategy comes to once its expressions are known: a lazy, ordered row of instances. A
// million combinations are an iterator, not an array. Immutable; shared by the instances' lanes.
// Of a `while` it is all the turns that there may be: whether one comes, its condition says.
// Other engines' loops are the same to those who walk it: their rule is a row_source.
class expansion {
public:
    // Gives the value of an expression, or null and a message in `error`.
    // It is asked for whole texts: "<+a.b>.split(',')" as well as "<+a.b>".
    using evaluator =
        std::function<std::unique_ptr<json>(std::string_view text, std::string& error)>;

    struct options {
        std::uint64_t max_instances = 1'000'000;
        bool labels = false;
        bool compat_harness = false;
    };

    // [own stack] Null, and why, when the strategy comes to nothing sensible. The strategy may be
    // gone afterwards. Takes time by the number of values and exclusions, not of instances.
    [[nodiscard]] static std::shared_ptr<const expansion> make(const strategy&, const options&,
                                                               const evaluator&, refusal&);
    [[nodiscard]] static std::shared_ptr<const expansion> make(const strategy&, const options&,
                                                               const evaluator&,
                                                               std::string& error);
    // [own stack] The loop of another engine: rows with its values and its names. `cap` as
    // max_concurrency.
    [[nodiscard]] static std::shared_ptr<const expansion> make(std::shared_ptr<const row_source>,
                                                               std::uint64_t cap);
    ~expansion();

    [[nodiscard]] std::uint64_t count() const noexcept;
    [[nodiscard]] std::uint64_t max_concurrency() const noexcept;  // 0: all at once
    [[nodiscard]] strategy_kind kind() const noexcept;

    // The instances in order: `first` when count() > 0, then `advance` until it says false.
    // Amortised O(1).
    [[nodiscard]] instance first() const noexcept;
    [[nodiscard]] bool advance(instance&) const noexcept;

    // [own stack, any thread] The suffix of the instance's identifier, with its leading "_". With a
    // nodeName, `name_of` evaluates it for this instance (null: the plain suffix serves) and names
    // that were given before matter: ask in instance order for the same names in every run; asking
    // again for one gives the same answer. Otherwise `name_of` is not called and may be empty.
    [[nodiscard]] std::string suffix(const instance&, const evaluator& name_of) const;
    void append_suffix(const instance&, const evaluator& name_of, std::string& out) const;

    // [any thread] How many suffixes had to be made unique beyond the rule: a warning's matter. Of
    // those given so far with a nodeName, else of all.
    [[nodiscard]] std::uint64_t renamed() const;

    // [own stack] Null when there is no such name. matrix: an axis. repeat: "item", "partition".
    // Scalars are texts; objects and lists keep their form, their text is compact JSON.
    [[nodiscard]] std::unique_ptr<json> value(const instance&, std::string_view name) const;
    [[nodiscard]] json values(const instance&) const;  // all of them, an object, slowest axis first

    // [own stack, any thread] The same as compact JSON, without making values first.
    void append_values(const instance&, std::string& out) const;

private:
    expansion();
    struct state;
    std::unique_ptr<const state> state_;
};

}  // namespace weir::plan
