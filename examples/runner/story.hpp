// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "examples/runner/board.hpp"
#include "examples/runner/paint.hpp"

#include <cstdint>
#include <string>

namespace weir::runner {

// "0.31 s", "1 m 02 s", "3 h 20 m".
[[nodiscard]] std::string duration_text(std::int64_t ns);

// "███░░": who has arrived, of all.
[[nodiscard]] std::string bar_text(std::size_t part, std::size_t whole, std::size_t width,
                                   const marks& with);

// Tells events in lines for people.
class story {
public:
    explicit story(bool colours) : paint_(colours), marks_(marks_for_locale()) {}

    // The line for an event that `of` has taken already; empty when it is not worth one.
    // `steps_start`: whether the start of a step is.
    [[nodiscard]] std::string line(board& of, const weir_event& event, const json_value& fields,
                                   bool steps_start);
    [[nodiscard]] std::string output_line(std::int64_t now_ns, std::string_view path,
                                          std::string_view text) const;

    // The end: what came of the run, and what failed, and why.
    [[nodiscard]] std::string summary(const board& of, bool interrupted) const;

private:
    [[nodiscard]] std::string node_line(const board& of, const weir_event& event,
                                        const json_value& fields) const;
    [[nodiscard]] std::string barrier_line(board& of, const weir_event& event,
                                           const json_value& fields) const;
    [[nodiscard]] std::string mark_of(weir_outcome outcome) const;

    brush paint_;
    const marks& marks_;
};

}  // namespace weir::runner
