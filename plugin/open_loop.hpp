// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <weir/weir.h>

#include "adapters/plan/expansion.hpp"

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace weir::plugin {

// A strategy that a host walks through. [one thread at a time]
class open_loop {
public:
    explicit open_loop(std::shared_ptr<const plan::expansion> turns)
        : turns_{std::move(turns)}, left_{turns_->count()}, at_{} {
        if (left_ != 0)
            at_ = turns_->first();
    }

    // One caller at a time. [any thread]
    [[nodiscard]] bool enter() noexcept { return !inside_.exchange(true); }
    void leave() noexcept { inside_ = false; }

    // Throws std::bad_alloc, and is where it was then.
    [[nodiscard]] std::uint32_t next(unsigned char* to, std::size_t stride, std::uint32_t capacity);

private:
    struct piece {  // an instance's texts, as places in texts_
        std::uint64_t index;
        std::size_t suffix, values, end;
    };

    void make(std::uint32_t count);

    const std::shared_ptr<const plan::expansion> turns_;
    std::uint64_t left_;
    plan::instance at_;
    std::string texts_;  // of the last batch
    std::vector<piece> pieces_;
    std::atomic<bool> inside_{false};
};

}  // namespace weir::plugin
