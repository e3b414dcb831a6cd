// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

namespace weir::bench {

struct point {
    double x = 0, y = 0;
};

// A bar for each x, the largest `widest` characters long. Of several points at one x the least is
// taken: a benchmark tries a few before it measures.
inline std::string plot(std::string_view title, std::vector<point> points, int widest = 60) {
    std::sort(points.begin(), points.end(),
              [](const point& a, const point& b) { return a.x != b.x ? a.x < b.x : a.y < b.y; });
    const auto same = [](const point& a, const point& b) { return a.x == b.x; };
    points.erase(std::unique(points.begin(), points.end(), same), points.end());
    double most = 0;
    for (const auto& p : points) {
        most = std::max(most, p.y);
    }
    std::string text{title};
    text += '\n';
    for (const auto& p : points) {
        const auto length = most > 0 ? std::lround(p.y / most * widest) : 0;
        char numbers[64];
        std::snprintf(numbers, sizeof numbers, "%10.0f | ", p.x);
        text += numbers + std::string(static_cast<std::size_t>(length), '#');
        std::snprintf(numbers, sizeof numbers, " %.2f\n", p.y);
        text += numbers;
    }
    return text;
}

}  // namespace weir::bench
