// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/json_fwd.hpp"
#include "adapters/plan/strategy.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace weir::plan {

// One turn of a loop. Small: the values stay in the expansion.
struct instance {
    std::uint64_t index = 0;        // 0 .. count-1, after exclusion
    std::uint64_t combination = 0;  // matrix: before exclusion; otherwise index
};

// What a strategy comes to once its expressions are known: a lazy, ordered row of instances. A
// million combinations are an iterator, not an array. Immutable; shared by the instances' lanes.
class expansion {
public:
    // Gives the value of an expression, or null and a message in `error`.
    using evaluator = std::function<std::unique_ptr<json>(std::string_view expression, std::string& error)>;

    struct options {
        std::uint64_t max_instances = 1'000'000;
        bool labels = false;
        bool compat_harness = false;
    };

    // [own stack] Null and `error` when the strategy comes to nothing sensible.
    [[nodiscard]] static std::shared_ptr<const expansion> make(const strategy&, const options&, const evaluator&,
                                                               std::string& error);
    ~expansion();

    [[nodiscard]] std::uint64_t count() const noexcept;
    [[nodiscard]] std::uint64_t max_concurrency() const noexcept;   // 0: all at once
    [[nodiscard]] strategy_kind kind() const noexcept;

    // The instances in order: `first` when count() > 0, then `advance` until it says false. Amortised O(1).
    [[nodiscard]] instance first() const noexcept;
    [[nodiscard]] bool advance(instance&) const noexcept;

    // [own stack] The suffix of the instance's identifier, with its leading "_". `name_of` evaluates
    // nodeName for this instance and is asked only when the strategy has one.
    [[nodiscard]] std::string suffix(const instance&, const evaluator& name_of) const;

    // [own stack] Null when there is no such name. matrix: an axis. repeat: "item", "partition".
    [[nodiscard]] std::unique_ptr<json> value(const instance&, std::string_view name) const;
    [[nodiscard]] json values(const instance&) const;   // all of them, an object

private:
    expansion();
    struct state;
    std::unique_ptr<const state> state_;
};

}  // namespace weir::plan
