// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/run/event.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace weir::runs {

// How steps behave that nobody carries out: how long each takes and how it ends. A step takes one
// second and succeeds unless told otherwise. docs/simulate.md has the JSON.
class simulation {
public:
    struct behaviour {
        std::string pattern;  // a path; a segment `*` stands for any one segment
        std::int64_t duration_ns = 1'000'000'000;
        outcome how = outcome::succeeded;
        std::string message;
        std::string outputs;
    };

    // [own stack] Null and `error` when the text is not what the page says. Empty text: all
    // defaults.
    [[nodiscard]] static std::shared_ptr<const simulation> parse(std::string_view json_text,
                                                                 std::string& error);

    // The first behaviour whose pattern matches, else the default.
    [[nodiscard]] const behaviour& of(std::string_view path) const noexcept;

private:
    behaviour default_;
    std::vector<behaviour> steps_;
};

}  // namespace weir::runs
