// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/json_fwd.hpp"
#include "adapters/plan/span.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir::plan {

enum class strategy_kind : std::uint8_t { matrix, repeat, parallelism };
enum class loop_failure : std::uint8_t { run_all, skip_queued, cancel_all };
enum class slot_policy : std::uint8_t { unset, hold, release };

// A number that the document gives outright, or by an expression that is evaluated at the node's turn.
struct amount {
    std::int64_t value = 0;
    std::string expression;  // not empty: it decides
    bool given = false;
    span where;
};

// A list that the document gives outright, or by an expression.
struct value_list {
    std::vector<json> values;
    std::string expression;  // not empty: it decides
    bool given = false;
    span where;
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
    amount times;                      // repeat: times; parallelism: its number
    value_list items;                  // repeat
    amount partition_size, start, end; // repeat
    bool percentage = false;           // unit of the three above
    amount max_concurrency;            // 0: all at once
    std::string node_name;
    std::string when;                  // expression; empty: true
    loop_failure on_failure = loop_failure::run_all;
    slot_policy slot_while_waiting = slot_policy::unset;
    span where;

    // Neither the number of instances nor the cap hangs on an expression.
    [[nodiscard]] bool size_known() const noexcept;
};

}  // namespace weir::plan
