// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/json.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace weir::test {

// The events of a file, for tests that look at single ones.
class events {
public:
    explicit events(const std::string& text);

    [[nodiscard]] const std::vector<json>& all() const noexcept { return all_; }

    // Those of `type` whose `field` is `value`.
    [[nodiscard]] std::vector<json> of(std::string_view type) const;
    [[nodiscard]] std::vector<json> of(std::string_view type, std::string_view field,
                                       std::string_view value) const;

    // The only one; fails the test when there is none, or another.
    [[nodiscard]] json one(std::string_view type, std::string_view field,
                           std::string_view value) const;

private:
    std::vector<json> all_;
};

// Fails the test unless the events prove the run right; gives them.
[[nodiscard]] events proven(const std::string& text);

}  // namespace weir::test
