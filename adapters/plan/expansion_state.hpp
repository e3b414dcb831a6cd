// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/expansion.hpp"
#include "adapters/plan/expansion_input.hpp"
#include "adapters/plan/naming.hpp"
#include "adapters/plan/odometer.hpp"

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace weir::plan {

// What an expansion knows: an odometer for a matrix, a row of items for a repeat, or just a number.
struct expansion::state {
    state(const strategy&, const options&);
    state(std::shared_ptr<const row_source>, std::uint64_t cap);

    strategy_kind kind;
    bool labels;
    bool compat;
    std::string node_name;
    std::uint64_t count = 0;
    std::uint64_t cap = 0;

    std::shared_ptr<const row_source> rows;  // another engine's: what follows is not used
    odometer matrix;
    std::vector<std::size_t> by_name;  // the matrix's axes by name, for labels
    std::vector<json> items;           // what is left of them, each an instance unless in parts
    std::uint64_t part = 0;            // items to a partition; 0: none

    mutable label_register names;  // nodeName

    // Each reads its kind of strategy; false when it is refused. The count may be beyond the limit.
    [[nodiscard]] bool combine(const strategy&, const expansion_input&);
    [[nodiscard]] bool repeat(const strategy&, const expansion_input&);
    // parallelism, and while: there the instances are those that it may have at most.
    [[nodiscard]] bool number(const strategy&, const expansion_input&);

    [[nodiscard]] json partition(const instance&) const;
    // "0_2", as declared, slowest axis first
    [[nodiscard]] std::string indices(const instance&) const;
    void append_indices(const instance&, std::string& out) const;
    [[nodiscard]] std::string label(const instance&) const;  // what names it: values, or indices

    // Null when no suffix can differ from its label but by `equal_before`.
    [[nodiscard]] const label_table* table() const;
    // Do indices and a counter behind them always fit?
    [[nodiscard]] bool plain_suffixes() const noexcept { return plain_; }

private:
    [[nodiscard]] bool exclude(const strategy&, const std::vector<std::uint32_t>& place,
                               const expansion_input&);
    [[nodiscard]] bool read_range(const strategy&, const expansion_input&, std::uint64_t size,
                                  std::uint64_t& from, std::uint64_t& to) const;

    void look_at_suffixes();

    bool plain_ = false;
    mutable std::once_flag table_made_;
    mutable std::unique_ptr<const label_table> table_;
};

}  // namespace weir::plan
