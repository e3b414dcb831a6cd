// SPDX-License-Identifier: BSL-1.0
#include "fibers/join.hpp"

#include <cassert>
#include <utility>

#include "fibers/worker.hpp"

namespace weir::fibers {

join::~join() {
    assert(waiter_ == nullptr);
}

void join::done() noexcept {
    assert(open_ > 0);
    if (--open_ == 0 && waiter_ != nullptr) {
        std::exchange(waiter_, nullptr)->unpark();
    }
}

void join::wait() noexcept {
    assert(waiter_ == nullptr);
    while (open_ != 0) {  // more may be added before the lane has its turn
        waiter_ = home_.current();
        waiter_->park();
    }
}

}  // namespace weir::fibers
