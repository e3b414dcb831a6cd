// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/naming.hpp"

#include <algorithm>

namespace weir::plan {

namespace {

constexpr std::size_t longest = 126;

bool letter_or_digit(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// The second of some equal labels gets _0, the third _1.
std::string told_apart(std::string_view label, std::uint64_t before) {
    std::string text(label);
    if (before > 0) text += "_" + std::to_string(before - 1);
    return text;
}

// A suffix that nobody has: the instance's index behind what fits of the old one.
template <class taken>
std::string made_unique(const std::string& suffix, std::uint64_t index, const taken& is_taken) {
    std::string end = "_" + std::to_string(index);
    for (;;) {
        const std::size_t room = 1 + longest - std::min(longest, end.size());
        std::string name = suffix.substr(0, room) + end;
        if (!is_taken(name)) return name;
        end += "_" + std::to_string(index);
        // Nothing of the old name is left: what still collides is the index with itself.
        if (end.size() > longest) return name;
    }
}

std::uint64_t hash(std::string_view text) noexcept { return std::hash<std::string_view>{}(text); }

using hashes = std::vector<std::pair<std::uint64_t, std::uint64_t>>;  // hash, index

// Calls `found(index, how many equal before)` for all but the first of each group of equal hashes.
template <class visitor>
void for_repeats(hashes& all, const visitor& found) {
    std::sort(all.begin(), all.end());
    for (std::size_t i = 1, before = 0; i < all.size(); ++i) {
        before = all[i].first == all[i - 1].first ? before + 1 : 0;
        if (before > 0) found(all[i].second, before);
    }
}

}  // namespace

std::string clean_suffix(std::string_view label) {
    std::string suffix = "_";
    for (std::size_t i = 0; i < label.size() && suffix.size() <= longest; ++i) {
        const bool inside_a_character = (static_cast<unsigned char>(label[i]) & 0xc0) == 0x80;
        if (!inside_a_character) suffix += letter_or_digit(label[i]) ? label[i] : '_';
    }
    return suffix;
}

label_table::label_table(const std::function<void(const visitor&)>& for_each, bool leave_equal) {
    hashes seen;
    for_each([&](std::uint64_t index, std::string_view label) {
        seen.emplace_back(hash(label), index);
    });
    for_repeats(seen, [&](std::uint64_t index, std::uint64_t before) {
        repeats_.emplace_back(index, before);
    });
    std::sort(repeats_.begin(), repeats_.end());
    if (leave_equal) return;

    seen.clear();
    for_each([&](std::uint64_t index, std::string_view label) {
        seen.emplace_back(hash(suffix(index, label)), index);
    });
    for_repeats(seen, [&](std::uint64_t index, std::uint64_t) { renamed_[index]; });
    if (renamed_.empty()) return;

    std::unordered_set<std::uint64_t> taken;
    for (const auto& [h, index] : seen) taken.insert(h);
    for_each([&](std::uint64_t index, std::string_view label) {
        const auto it = renamed_.find(index);
        if (it == renamed_.end()) return;
        const std::string base = clean_suffix(label);
        it->second =
            made_unique(base, index, [&](const std::string& s) { return taken.contains(hash(s)); });
        taken.insert(hash(it->second));
    });
}

std::string label_table::suffix(std::uint64_t index, std::string_view label) const {
    if (const auto it = renamed_.find(index); it != renamed_.end()) return it->second;
    const auto at =
        std::lower_bound(repeats_.begin(), repeats_.end(), std::pair{index, std::uint64_t{0}});
    const bool repeated = at != repeats_.end() && at->first == index;
    return clean_suffix(told_apart(label, repeated ? at->second : 0));
}

std::string label_register::suffix(std::uint64_t index, std::string_view label) {
    const std::lock_guard lock(guard_);
    if (const auto known = given_.find(index); known != given_.end()) return known->second;
    const std::uint64_t before = labels_[std::string(label)]++;
    std::string suffix = clean_suffix(told_apart(label, before));
    if (!leave_equal_ && used_.contains(suffix)) {
        suffix =
            made_unique(suffix, index, [this](const std::string& s) { return used_.contains(s); });
        ++renamed_;
    }
    used_.insert(suffix);
    return given_.emplace(index, std::move(suffix)).first->second;
}

std::uint64_t label_register::renamed() const {
    const std::lock_guard lock(guard_);
    return renamed_;
}

}  // namespace weir::plan
