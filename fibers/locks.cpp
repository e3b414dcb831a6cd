// SPDX-License-Identifier: BSL-1.0
#include "fibers/locks.hpp"

#include <cassert>
#include <new>
#include <utility>

#include "fibers/worker.hpp"

namespace weir::fibers {
namespace {

constexpr wake_code granted = 1;
constexpr wake_code cancelled = 2;
constexpr wake_code refused = 3;

}  // namespace

locks::~locks() {
    assert(queues_.empty());
}

acquired locks::acquire(request& r, worker& home, std::string_view key, std::uint32_t permits,
                        std::uint32_t capacity) noexcept {
    {
        std::lock_guard proof{mutex_};
        const acquired may = find(r, key, permits, capacity, proof);
        if (may != acquired::yes || take(*r.queue_, r, proof)) {
            return may;
        }
        r.home_ = &home;
        r.who_ = home.current();
        enqueue(*r.queue_, r, proof);
    }
    switch (r.who_->park()) {
    case granted:
        return acquired::yes;
    case refused:
        return acquired::deadlock;
    default:
        return acquired::cancelled;
    }
}

acquired locks::try_acquire(request& r, std::string_view key, std::uint32_t permits,
                            std::uint32_t capacity) noexcept {
    std::lock_guard proof{mutex_};
    const acquired may = find(r, key, permits, capacity, proof);
    if (may != acquired::yes || take(*r.queue_, r, proof)) {
        return may;
    }
    r.queue_ = nullptr;
    return acquired::not_now;
}

acquired locks::find(request& r, std::string_view key, std::uint32_t permits,
                     std::uint32_t capacity, held proof) noexcept {
    assert(r.queue_ == nullptr);
    queue* q = nullptr;
    try {
        const auto [at, made] = queues_.try_emplace(std::string{key});
        q = &at->second;
        if (made) {
            *q = {.key = &at->first, .capacity = capacity};
        }
    } catch (const std::bad_alloc&) {
        return acquired::no_memory;
    }
    if (permits == 0 || permits > q->capacity) {
        grant(*q, proof);
        return acquired::too_many;
    }
    r.queue_ = q;
    r.permits_ = permits;
    return acquired::yes;
}

bool locks::take(queue& q, request& r, held proof) noexcept {
    const bool free = q.first == nullptr && r.permits_ <= q.capacity - q.taken;
    if (free) {
        q.taken += r.permits_;
        link_hold(q, r, proof);
    }
    return free;
}

void locks::release(request& r) noexcept {
    request* next = nullptr;
    {
        std::lock_guard proof{mutex_};
        queue& q = *std::exchange(r.queue_, nullptr);
        assert(q.taken >= r.permits_);
        q.taken -= r.permits_;
        unlink_hold(q, r, proof);
        next = grant(q, proof);
    }
    tell(next);
}

bool locks::cancel(request& r) noexcept {
    if (r.who_ == nullptr) {
        return false;
    }
    request* next = nullptr;
    {
        std::lock_guard proof{mutex_};
        if (r.granted_ || r.refused_) {
            return false;
        }
        queue& q = *std::exchange(r.queue_, nullptr);
        dequeue(q, r, proof);
        next = grant(q, proof);
    }
    tell(next);
    std::exchange(r.who_, nullptr)->unpark(cancelled);
    return true;
}

std::size_t locks::size() const noexcept {
    std::lock_guard proof{mutex_};
    return queues_.size();
}

void locks::enqueue(queue& q, request& r, held) noexcept {
    r.granted_ = r.refused_ = false;
    r.ticket_ = ++tickets_;
    r.prev_ = q.last;
    r.next_ = nullptr;
    (q.last == nullptr ? q.first : q.last->next_) = &r;
    q.last = &r;
    if (r.owner_ != nullptr) {
        ++r.owner_->waits_;
    }
    for (request* h = q.holds; h != nullptr; h = h->next_hold_) {
        if (h->owner_ != nullptr && h->owner_->waits_ != 0) {
            h->owner_->is_stalled();
        }
    }
}

void locks::dequeue(queue& q, request& r, held) noexcept {
    (r.prev_ == nullptr ? q.first : r.prev_->next_) = r.next_;
    (r.next_ == nullptr ? q.last : r.next_->prev_) = r.prev_;
    if (r.owner_ != nullptr) {
        ++r.owner_->ended_;
        --r.owner_->waits_;
    }
}

void locks::link_hold(queue& q, request& r, held) noexcept {
    r.kept_ = kept::no;
    r.prev_hold_ = nullptr;
    r.next_hold_ = std::exchange(q.holds, &r);
    if (r.next_hold_ != nullptr) {
        r.next_hold_->prev_hold_ = &r;
    }
}

void locks::unlink_hold(queue& q, request& r, held) noexcept {
    (r.prev_hold_ == nullptr ? q.holds : r.prev_hold_->next_hold_) = r.next_hold_;
    if (r.next_hold_ != nullptr) {
        r.next_hold_->prev_hold_ = r.prev_hold_;
    }
}

locks::request* locks::grant(queue& q, held proof) noexcept {
    request* first = nullptr;
    request** end = &first;
    while (q.first != nullptr && q.first->permits_ <= q.capacity - q.taken) {
        request& r = *q.first;
        dequeue(q, r, proof);
        q.taken += r.permits_;
        link_hold(q, r, proof);
        r.granted_ = true;
        r.next_ = nullptr;
        *end = &r;
        end = &r.next_;
    }
    if (q.first == nullptr && q.taken == 0) {
        queues_.erase(queues_.find(*q.key));
    }
    return first;
}

void locks::tell(request* next) noexcept {
    while (next != nullptr) {
        request& r = *next;
        next = r.next_;  // once told, it may be gone
        r.home_->post(r);
    }
}

void locks::request::wake(message& m) noexcept {
    auto& r = static_cast<request&>(m);
    std::exchange(r.who_, nullptr)->unpark(r.refused_ ? refused : granted);
}

}  // namespace weir::fibers
