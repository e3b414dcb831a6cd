// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <utility>

namespace weir::runner {

// Owns a descriptor and closes it.
class descriptor {
public:
    descriptor() noexcept = default;
    explicit descriptor(int number) noexcept : number_(number) {}
    descriptor(descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    descriptor& operator=(descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    ~descriptor() { close(); }

    void close() noexcept;
    [[nodiscard]] int get() const noexcept { return number_; }
    explicit operator bool() const noexcept { return number_ >= 0; }

private:
    int number_ = -1;
};

// Fills 0, 1 and 2 where the caller closed them, so that no other file takes their place; writing
// to such a one fails as it did before.
void guard_standard_descriptors() noexcept;

// How many descriptors this process may hold.
[[nodiscard]] unsigned long descriptor_limit() noexcept;

}  // namespace weir::runner
