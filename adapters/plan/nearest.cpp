// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/nearest.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace weir::plan {

namespace {

constexpr std::size_t longest = 64;

char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Insertions, deletions, substitutions and swaps of neighbours that turn `a` into `b`.
std::size_t distance(std::string_view a, std::string_view b) noexcept {
    std::array<std::array<std::size_t, longest + 1>, 3> rows;
    for (std::size_t j = 0; j <= b.size(); ++j) {
        rows[0][j] = j;
    }
    std::size_t now = 0;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        const auto& before = rows[now];
        const auto& two_before = rows[(now + 2) % 3];
        auto& row = rows[(now + 1) % 3];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const bool same = lower(a[i - 1]) == lower(b[j - 1]);
            row[j] = std::min({before[j] + 1, row[j - 1] + 1, before[j - 1] + (same ? 0 : 1)});
            if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
                lower(a[i - 2]) == lower(b[j - 1])) {
                row[j] = std::min(row[j], two_before[j - 2] + 1);
            }
        }
        now = (now + 1) % 3;
    }
    return rows[now][b.size()];
}

}  // namespace

std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates) {
    if (word.empty() || word.size() > longest) {
        return {};
    }
    std::string_view best;
    std::size_t least = std::max<std::size_t>(1, word.size() / 3) + 1;
    for (const std::string_view candidate : candidates) {
        if (candidate.size() > longest || candidate == word) {
            continue;
        }
        const std::size_t d = distance(word, candidate);
        if (d < least) {
            least = d;
            best = candidate;
        }
    }
    return best;
}

std::string did_you_mean(std::string_view candidate) {
    return candidate.empty() ? std::string{} : "did you mean `" + std::string{candidate} + "`?";
}

}  // namespace weir::plan
