// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/json.hpp"
#include "tests/support/proof.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace weir::test {

// One line of an events file, and where what is wrong with it goes.
class record {
public:
    record(const json& fields, std::size_t line, proof& into)
        : fields_(fields), line_(line), into_(into) {}

    // A field that must be there; its absence is a violation.
    [[nodiscard]] std::string text(std::string_view name) const;
    [[nodiscard]] std::int64_t number(std::string_view name) const;

    [[nodiscard]] const json* find(std::string_view name) const;
    [[nodiscard]] bool flag(std::string_view name) const;
    [[nodiscard]] std::string outcome() const;  // one of the six, else a violation

    void wrong(const std::string& what) const { into_.violations.push_back({line_, what}); }
    [[nodiscard]] std::size_t line() const noexcept { return line_; }
    [[nodiscard]] proof& into() const noexcept { return into_; }

private:
    const json& fields_;
    std::size_t line_;
    proof& into_;
};

}  // namespace weir::test
