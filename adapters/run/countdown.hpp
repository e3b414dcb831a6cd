// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>

namespace weir::runs {

// A time that runs out, and that several may make stand still: it goes on when the last of them has
// let go. Whoever owns it arms its timer.
class countdown {
public:
    void start(std::int64_t limit_ns, std::int64_t now_ns) noexcept {
        left_ns_ = limit_ns;
        since_ns_ = now_ns;
    }
    void stop() noexcept { left_ns_ = -1; }

    // True: it ran, and stands still from now on.
    bool hold(std::int64_t now_ns) noexcept {
        if (holds_++ != 0 || left_ns_ < 0)
            return false;
        left_ns_ -= now_ns - since_ns_;
        left_ns_ = left_ns_ < 0 ? 0 : left_ns_;
        return true;
    }

    // True: it runs again, until `deadline_ns`.
    bool release(std::int64_t now_ns) noexcept {
        if (holds_ == 0 || --holds_ != 0 || left_ns_ < 0)
            return false;
        since_ns_ = now_ns;
        return true;
    }

    [[nodiscard]] bool held() const noexcept { return holds_ != 0; }
    [[nodiscard]] bool running() const noexcept { return left_ns_ >= 0 && holds_ == 0; }
    [[nodiscard]] std::int64_t deadline_ns() const noexcept { return since_ns_ + left_ns_; }
    [[nodiscard]] std::int64_t left_ns() const noexcept { return left_ns_; }

private:
    std::int64_t left_ns_ = -1;  // as of since_ns_; < 0: it was not started
    std::int64_t since_ns_ = 0;
    std::uint32_t holds_ = 0;
};

}  // namespace weir::runs
