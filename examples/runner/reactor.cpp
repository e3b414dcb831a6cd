// SPDX-License-Identifier: BSL-1.0
#include "examples/runner/reactor.hpp"

#include <algorithm>
#include <array>

#include <sys/epoll.h>

namespace weir::runner {

namespace {

// A descriptor's number may be used anew within one turn; its token tells the two apart.
constexpr std::uint64_t pack(int descriptor, std::uint64_t token) noexcept {
    return token << 32 | static_cast<std::uint32_t>(descriptor);
}

}  // namespace

reactor::reactor() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {}

bool reactor::watch(int descriptor, handler readable) {
    const std::uint64_t token = ++last_token_ & 0xFFFF'FFFF;
    epoll_event interest{};
    interest.events = EPOLLIN;
    interest.data.u64 = pack(descriptor, token);
    if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, descriptor, &interest) != 0)
        return false;
    watched_[descriptor] = {token, std::make_shared<handler>(std::move(readable))};
    return true;
}

void reactor::forget(int descriptor) noexcept {
    if (watched_.erase(descriptor) != 0) {
        ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, descriptor, nullptr);
    }
}

reactor::timer reactor::at(time when, handler due) {
    const timer key{when, ++last_token_};
    timers_.emplace(key, std::make_shared<handler>(std::move(due)));
    return key;
}

int reactor::milliseconds_to_next() const noexcept {
    if (timers_.empty())
        return -1;
    const auto left = timers_.begin()->first.first - std::chrono::steady_clock::now();
    const auto ms = std::chrono::ceil<std::chrono::milliseconds>(left).count();
    return static_cast<int>(std::clamp<std::int64_t>(ms, 0, 60'000));
}

void reactor::turn() {
    std::array<epoll_event, 64> ready;
    const int count =
        ::epoll_wait(epoll_.get(), ready.data(), ready.size(), milliseconds_to_next());
    for (int i = 0; i < count; ++i) {
        const std::uint64_t data = ready[static_cast<std::size_t>(i)].data.u64;
        const auto found = watched_.find(static_cast<int>(data & 0xFFFF'FFFF));
        if (found == watched_.end() || found->second.token != data >> 32)
            continue;
        const std::shared_ptr<handler> keep = found->second.readable;
        (*keep)();
    }
    const time now = std::chrono::steady_clock::now();
    while (!timers_.empty() && timers_.begin()->first.first <= now) {
        const std::shared_ptr<handler> due = timers_.begin()->second;
        timers_.erase(timers_.begin());
        (*due)();
    }
}

}  // namespace weir::runner
