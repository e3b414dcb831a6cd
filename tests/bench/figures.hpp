// SPDX-License-Identifier: BSL-1.0
#pragma once

// What the programs that are compared share: key=value arguments, clocks, what the kernel says of
// this process's memory, and figures as one line of JSON, named as the anchors name theirs.

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace weir::bench {

inline double clock_ns(clockid_t which) noexcept {
    timespec at{};
    ::clock_gettime(which, &at);
    return 1e9 * static_cast<double>(at.tv_sec) + static_cast<double>(at.tv_nsec);
}
inline double now_ns() noexcept {
    return clock_ns(CLOCK_MONOTONIC);
}
inline double cpu_ns() noexcept {
    return clock_ns(CLOCK_PROCESS_CPUTIME_ID);
}

struct instant {
    double wall = now_ns();
    double cpu = cpu_ns();
};

// Bytes.
struct memory {
    double resident = 0;
    double page_tables = 0;
    double virtual_size = 0;

    static memory now() {
        memory m;
        std::ifstream status{"/proc/self/status"};
        for (std::string word; status >> word;) {
            double* const field = word == "VmRSS:"    ? &m.resident
                                  : word == "VmPTE:"  ? &m.page_tables
                                  : word == "VmSize:" ? &m.virtual_size
                                                      : nullptr;
            if (field != nullptr && status >> *field) {
                *field *= 1024;
            }
        }
        return m;
    }
};

class arguments {
public:
    arguments(int count, char** values) {
        for (int i = 1; i < count; ++i) {
            const std::string_view one{values[i]};
            const std::size_t at = one.find('=');
            if (at != one.npos) {
                given_[std::string{one.substr(0, at)}] = one.substr(at + 1);
            }
        }
    }
    [[nodiscard]] std::size_t number(const std::string& key, std::size_t otherwise) const {
        const auto found = given_.find(key);
        return found == given_.end() ? otherwise : std::stoull(found->second);
    }
    [[nodiscard]] bool is(const std::string& key, std::string_view value) const {
        const auto found = given_.find(key);
        return found != given_.end() && found->second == value;
    }

private:
    std::map<std::string, std::string> given_;
};

class line {
public:
    line(const char* bench, const std::string& impl, std::size_t n) {
        text_ = std::string{R"({"bench":")"} + bench + R"(","lang":"c++","impl":")" + impl +
                R"(","n":)" + std::to_string(n);
    }
    line& add(const char* key, double value) {
        char digits[64];
        std::snprintf(digits, sizeof digits, ",\"%s\":%.2f", key, value);
        text_ += digits;
        return *this;
    }
    void print() const {
        std::printf("%s}\n", text_.c_str());
        std::fflush(stdout);
    }

private:
    std::string text_;
};

// [sorted, not empty]
inline double percentile(const std::vector<double>& sorted, double part) {
    return sorted[static_cast<std::size_t>(part * static_cast<double>(sorted.size() - 1))];
}

}  // namespace weir::bench
