// SPDX-License-Identifier: BSL-1.0
#include "fibers/slots.hpp"

#include <cassert>
#include <utility>

#include "fibers/worker.hpp"

namespace weir::fibers {
namespace {

constexpr wake_code granted = 1;
constexpr wake_code cancelled = 2;

}  // namespace

slots::slots(worker& home, std::uint32_t limit) noexcept : home_{home}, limit_{limit} {}

slots::~slots() {
    assert(first_ == nullptr);
}

bool slots::try_take() noexcept {
    if (first_ != nullptr || !room()) {
        return false;
    }
    ++in_use_;
    return true;
}

bool slots::take(waiter& w) noexcept {
    if (try_take()) {
        return true;
    }
    enqueue(w);
    w.who = home_.current();
    return w.who->park() == granted;
}

bool slots::ask(waiter& w) noexcept {
    if (try_take()) {
        return true;
    }
    enqueue(w);
    return false;
}

void slots::enqueue(waiter& w) noexcept {
    waiter* before = last_;
    while (before != nullptr && before->rank > w.rank) {
        before = before->prev;
    }
    w.prev = before;
    w.next = before == nullptr ? first_ : before->next;
    (w.prev == nullptr ? first_ : w.prev->next) = &w;
    (w.next == nullptr ? last_ : w.next->prev) = &w;
    ++waiting_;
    w.waits = true;
}

void slots::give() noexcept {
    assert(in_use_ > 0);
    --in_use_;
    hand_out();
}

void slots::cancel(waiter& w) noexcept {
    if (!w.waits) {
        return;
    }
    if (lane* const who = remove(w)) {
        who->unpark(cancelled);
    }
}

void slots::set_limit(std::uint32_t limit) noexcept {
    limit_ = limit;
    hand_out();
}

void slots::hand_out() noexcept {
    while (first_ != nullptr && room()) {
        ++in_use_;
        waiter& next = *first_;
        if (lane* const who = remove(next)) {
            who->unpark(granted);
        } else {
            next.granted(next);
        }
    }
}

lane* slots::remove(waiter& w) noexcept {
    (w.prev == nullptr ? first_ : w.prev->next) = w.next;
    (w.next == nullptr ? last_ : w.next->prev) = w.prev;
    --waiting_;
    w.waits = false;
    return std::exchange(w.who, nullptr);
}

}  // namespace weir::fibers
