// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/check/symbolic.hpp"

#include <cstdint>
#include <vector>

namespace weir::check {

// Which of the keys are equal: of a class, the first stands for all.
class key_classes {
public:
    explicit key_classes(std::size_t keys);
    explicit key_classes(const scenario&);

    [[nodiscard]] bool are_equal(std::uint32_t a, std::uint32_t b) const noexcept {
        return class_[a] == class_[b];
    }
    void join(std::uint32_t key, std::uint32_t other) noexcept { class_[key] = class_[other]; }
    void part(std::uint32_t key) noexcept { class_[key] = fresh_++; }

    // `held`: which keys matter (held_while_waiting).
    void apply(scenario&, const std::vector<bool>& held) const;

private:
    std::vector<std::uint32_t> class_;
    std::uint32_t fresh_ = 0;
};

// The worst case with each way in which keys that nobody knows may be equal to others, as far as
// it can matter; the first: all differ. When these are more than `most`, some of them, and `all`
// says so.
struct key_choices {
    std::vector<scenario> tried;
    bool all = true;
};
[[nodiscard]] key_choices choices_of_keys(const occurrences&, const scenario& worst,
                                          const std::vector<bool>& held, std::uint64_t most);

}  // namespace weir::check
