// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace weir::plan {

// [any] "_" and at most 126 characters of the label; what is no ASCII letter or digit becomes "_".
[[nodiscard]] std::string clean_suffix(std::string_view label);

// The suffixes of a loop all of whose labels can be made at once. Only what differs from the plain
// rule is kept: equal labels and suffixes that would collide.
class label_table {
public:
    // `for_each` calls back with every instance's index and label, in order, and may be asked
    // twice.
    using visitor = std::function<void(std::uint64_t index, std::string_view label)>;
    label_table(const std::function<void(const visitor&)>& for_each, bool leave_equal);

    [[nodiscard]] std::string suffix(std::uint64_t index, std::string_view label) const;
    [[nodiscard]] std::uint64_t renamed() const noexcept { return renamed_.size(); }

private:
    std::vector<std::pair<std::uint64_t, std::uint64_t>>
        repeats_;  // index, how many equal came before
    std::unordered_map<std::uint64_t, std::string> renamed_;
};

// The suffixes of a loop whose labels become known one by one, in the order in which they are
// asked.
class label_register {
public:
    explicit label_register(bool leave_equal) noexcept : leave_equal_(leave_equal) {}

    // [any thread] The same index gets the same suffix again, whatever the label.
    [[nodiscard]] std::string suffix(std::uint64_t index, std::string_view label);
    [[nodiscard]] std::uint64_t renamed() const;

private:
    mutable std::mutex guard_;
    std::unordered_map<std::uint64_t, std::string> given_;
    std::unordered_map<std::string, std::uint64_t> labels_;  // how often each came
    std::unordered_set<std::string> used_;
    std::uint64_t renamed_ = 0;
    const bool leave_equal_;
};

}  // namespace weir::plan
