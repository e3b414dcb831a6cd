// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

namespace weir::property {

// Draws that are the same on every machine.
class dice {
public:
    explicit dice(std::uint64_t seed) noexcept : state_{seed} {}

    std::uint64_t draw() noexcept {
        std::uint64_t z = state_ += 0x9e3779b97f4a7c15;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
    std::uint64_t below(std::uint64_t n) noexcept { return draw() % n; }
    std::int64_t between(std::int64_t a, std::int64_t b) noexcept {
        return a + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(b - a + 1)));
    }
    bool in(unsigned hundred) noexcept { return below(100) < hundred; }  // so many times in 100

    template <class T>
    const T& of(const std::vector<T>& all) noexcept {
        return all[below(all.size())];
    }

private:
    std::uint64_t state_;
};

inline std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
    const char* const text = std::getenv(variable);
    return text && *text ? std::strtoull(text, nullptr, 10) : otherwise;
}

}  // namespace weir::property
