// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/json_fwd.hpp"
#include "adapters/plan/span.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir::plan {

// A `while` makes its instances one after another, for as long as its condition holds.
enum class strategy_kind : std::uint8_t { matrix, repeat, parallelism, while_true };
enum class loop_failure : std::uint8_t { run_all, skip_queued, cancel_all };
enum class slot_policy : std::uint8_t { unset, hold, release };

// A number that the document gives outright, or by an expression that is evaluated at the node's
// turn. A text without "<+" in `expression` is read as the number it spells.
struct amount {
    std::int64_t value = 0;
    std::string expression;  // not empty: it decides
    bool given = false;
    span where;

    [[nodiscard]] bool constant() const noexcept;
};

// A list that the document gives outright, or by an expression. A text without "<+" in `expression`
// is read as the JSON list it holds. A text with "<+" among `values` is evaluated too, and stays
// one value. Scalars are best given as the text that the document has: 1.10 is then not 1.1.
struct value_list {
    std::vector<json> values;
    std::string expression;  // not empty: it decides
    bool given = false;
    span where;

    [[nodiscard]] bool constant_size() const noexcept;
};

struct axis {
    std::string name;
    value_list values;
    span where;
};

// One entry of `exclude`: removes every combination that equals it in all the keys it names.
struct exclusion {
    struct term {
        std::uint32_t axis;
        std::string value;  // compared as text
    };
    std::vector<term> terms;
    span where;
};

// How a node loops, as the document says it (SEMANTICS.md, section 3). Immutable once loaded; what
// it comes to is an expansion.
struct strategy {
    strategy_kind kind = strategy_kind::matrix;
    std::vector<axis> axes;            // matrix, in declared order, first slowest
    std::vector<exclusion> exclude;    // matrix
    value_list exclude_list;           // or an expression that gives its entries, as objects
    amount times;                      // repeat: times; parallelism: its number; while: at most
    value_list items;                  // repeat
    amount partition_size, start, end; // repeat
    bool percentage = false;           // unit of the three above
    amount max_concurrency;            // 0: all at once
    std::string node_name;
    std::string when;                  // expression; empty: true
    std::string condition;             // while: expression, before each turn
    loop_failure on_failure = loop_failure::run_all;
    slot_policy slot_while_waiting = slot_policy::unset;
    bool deployment = false;           // a matrix of services and environments that the stage lists
    span where;

    // Neither the number of instances nor the cap hangs on an expression (`when` is not looked at).
    [[nodiscard]] bool size_known() const noexcept;
};

// [any, never blocks] The names that plan JSON uses.
[[nodiscard]] std::string_view name_of(strategy_kind) noexcept;
[[nodiscard]] std::string_view name_of(loop_failure) noexcept;
[[nodiscard]] std::string_view name_of(slot_policy) noexcept;

}  // namespace weir::plan
