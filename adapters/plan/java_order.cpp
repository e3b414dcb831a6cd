// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/java_order.hpp"

#include <algorithm>
#include <cstdint>
#include <numeric>

namespace weir::plan {

namespace {

// String.hashCode works on UTF-16 units; a malformed byte counts as itself.
std::uint32_t java_hash(std::string_view name) {
    std::uint32_t hash = 0;
    const auto unit = [&hash](std::uint32_t u) { hash = 31 * hash + u; };
    for (std::size_t i = 0; i < name.size();) {
        const auto lead = static_cast<unsigned char>(name[i]);
        const std::size_t length = lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
        std::uint32_t point = length == 1 ? lead : lead & (0x7fu >> length);
        for (std::size_t k = 1; k < length && i + k < name.size(); ++k) {
            point = (point << 6) | (static_cast<unsigned char>(name[i + k]) & 0x3fu);
        }
        i += length;
        if (point < 0x10000) {
            unit(point);
        } else {
            unit(0xd7c0 + (point >> 10));
            unit(0xdc00 + (point & 0x3ff));
        }
    }
    return hash ^ (hash >> 16);
}

}  // namespace

std::vector<std::size_t> java_hash_order(const std::vector<std::string_view>& names) {
    std::size_t capacity = 16;
    while (names.size() * 4 > capacity * 3) capacity *= 2;
    std::vector<std::size_t> order(names.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return (java_hash(names[a]) & (capacity - 1)) < (java_hash(names[b]) & (capacity - 1));
    });
    return order;
}

}  // namespace weir::plan
