// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <atomic>

namespace weir::fibers {

// One thing told to a worker from anywhere. It is embedded in what it concerns, so that telling
// allocates nothing. At most one flight at a time: whoever posts it again waits for `deliver` to
// have been entered (from there on it may be posted anew). `deliver` runs on the worker's own stack
// and may free the message. It throws nothing.
struct message {
    message* next = nullptr;
    void (*deliver)(message&) noexcept = nullptr;
};

// Many producers, one consumer, in order of arrival.
class inbox {
public:
    // [any, never blocks]
    void push(message& m) noexcept {
        message* head = head_.load(std::memory_order_relaxed);
        do {
            m.next = head;
            // Sequentially consistent: the owner says that it is asleep, then looks here; we write
            // here, then look whether it is asleep. One of the two sees the other.
        } while (!head_.compare_exchange_weak(head, &m, std::memory_order_seq_cst,
                                              std::memory_order_relaxed));
    }

    // All that came since, oldest first, linked by `next`. [consumer]
    [[nodiscard]] message* take() noexcept {
        message* newest = head_.exchange(nullptr, std::memory_order_acquire);
        message* oldest = nullptr;
        while (newest != nullptr) {
            message* older = newest->next;
            newest->next = oldest;
            oldest = newest;
            newest = older;
        }
        return oldest;
    }

    // [any]
    [[nodiscard]] bool empty() const noexcept {
        return head_.load(std::memory_order_seq_cst) == nullptr;
    }

private:
    alignas(64) std::atomic<message*> head_{nullptr};
};

}  // namespace weir::fibers
