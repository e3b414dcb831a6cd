// SPDX-License-Identifier: BSL-1.0
#include "fibers/lane.hpp"

#include <cassert>
#include <exception>

#include "fibers/scheduling.hpp"

namespace weir::fibers {

wake_code lane::park() noexcept {
    assert(home_->current_ == this);
    parked_ = true;
    sleep();
    return code_;
}

void lane::unpark(wake_code code) noexcept {
    assert(parked_);
    parked_ = false;
    code_ = code;
    home_->floor_->order->ring.push(entry());
}

void lane::yield() noexcept {
    auto& order = *home_->floor_->order;
    frame_ = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
    order.ring.push(entry());
    auto* next = order.next();
    if (next != context_) {
        next->resume();
        home_->current_ = this;
    }
}

void lane::live() noexcept {
    home_->current_ = this;
    while (body_ != nullptr) {
        body_(argument_);
        home_->ended(*this);
        sleep();
    }
}

void lane::check() const noexcept {
    assert(home_->current_ == this);
    assert(canary_ == whole && "the stack above this one has overflowed");
    [[maybe_unused]] const auto top = reinterpret_cast<std::uintptr_t>(this + 1);
    assert(top - frame_ + 1024 < home_->floor_->memory.size() && "this stack is nearly used up");
    assert(!std::current_exception() && "parked in a catch block");
    assert(std::uncaught_exceptions() == 0 && "parked in a destructor that an exception runs");
}

}  // namespace weir::fibers
