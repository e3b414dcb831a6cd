// SPDX-License-Identifier: BSL-1.0
#include "fibers/event.hpp"

#include <cassert>
#include <utility>

#include "fibers/worker.hpp"

namespace weir::fibers {
namespace {

constexpr wake_code time_is_up = 1;
constexpr wake_code cut_short = 2;

}  // namespace

event::~event() {
    assert(waiter_ == nullptr);
}

bool event::set(wake_code code) noexcept {
    if (set_) {
        return false;
    }
    set_ = true;
    code_ = code;
    if (waiter_ != nullptr) {
        std::exchange(waiter_, nullptr)->unpark();
    }
    return true;
}

wake_code event::wait() noexcept {
    assert(waiter_ == nullptr);
    if (!set_) {
        waiter_ = home_.current();
        waiter_->park();
    }
    return code_;
}

void event::reset() noexcept {
    assert(waiter_ == nullptr);
    set_ = false;
}

sleep::sleep(worker& home) noexcept : timer{&elapsed}, home_{home}, over_{home} {}

bool sleep::until(std::int64_t deadline_ns) noexcept {
    if (!over_.is_set()) {
        home_.arm(*this, deadline_ns);
    }
    const wake_code how = over_.wait();
    home_.disarm(*this);
    over_.reset();
    return how == time_is_up;
}

bool sleep::for_ns(std::int64_t ns) noexcept {
    return until(home_.now() + ns);
}

void sleep::cancel() noexcept {
    over_.set(cut_short);
}

void sleep::elapsed(timer& t) noexcept {
    static_cast<sleep&>(t).over_.set(time_is_up);
}

}  // namespace weir::fibers
