// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "tests/adapters/run/world.hpp"

namespace weir::runs::test {

using enum event_type;

// A stage that waits at `q` from the beginning, beside others.
inline std::string beside(const texts& others, const std::string& more = {}) {
    texts all{stage("w", {meet("m", "q", more)})};
    all.insert(all.end(), others.begin(), others.end());
    return pipeline({parallel(all)});
}

inline void check_released(const story& told, std::int64_t ms, std::uint32_t parties) {
    const auto& said = told.decision("q");
    INFO(told.text());
    CHECK(said.type == barrier_released);
    CHECK(said.ms() == ms);
    CHECK(said.parties == parties);
}

inline void check_broken(const story& told, std::int64_t ms, std::string_view reason,
                         std::string_view culprit, const std::vector<std::string>& missing = {}) {
    const auto& said = told.decision("q");
    INFO(told.text());
    CHECK(said.type == barrier_broken);
    CHECK(said.ms() == ms);
    CHECK(said.reason == reason);
    CHECK(said.culprit == culprit);
    CHECK(said.missing == missing);
}

}  // namespace weir::runs::test
