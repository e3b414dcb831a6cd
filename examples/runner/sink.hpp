// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>
#include <string_view>

namespace weir::runner {

// Text on its way to a descriptor, gathered until `flush`. What cannot be written is dropped and
// remembered: a reader that went away must not end a run.
class sink {
public:
    explicit sink(int descriptor) noexcept : descriptor_(descriptor) {}

    void put(std::string_view text);
    void line(std::string_view text);
    void flush() noexcept;

    // errno of the first write that failed, or 0.
    [[nodiscard]] int error() const noexcept { return error_; }
    [[nodiscard]] int descriptor() const noexcept { return descriptor_; }

private:
    int descriptor_;
    int error_ = 0;
    std::string gathered_;
};

}  // namespace weir::runner
