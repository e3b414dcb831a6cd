// SPDX-License-Identifier: BSL-1.0
// Rings of waits for locks, over all workers. Whether a wait is one for ever is the greatest answer
// that agrees with itself: it is, if what is free, and what will be given back, is too little, or
// one before it waits for ever; and a hold will not be given back if the wait for which it is kept,
// or all of its owner's, are for ever.
#include <new>

#include "fibers/locks.hpp"
#include "fibers/worker.hpp"

namespace weir::fibers {

bool locks::is_wanted(const request& hold) const noexcept {
    std::lock_guard proof{mutex_};
    return hold.queue_->first != nullptr;
}

void locks::keep(request& hold, kept how, const request* wait) noexcept {
    std::lock_guard proof{mutex_};
    hold.kept_ = how;
    hold.kept_for_ = wait;
    hold.kept_at_ = hold.owner_->ended_;
}

bool locks::is_stuck(const request& wait) const noexcept {
    std::lock_guard proof{mutex_};
    return wait.stuck_ && !wait.granted_ && !wait.refused_;
}

const locks::request* locks::way_back(const request& wait) const noexcept {
    std::lock_guard proof{mutex_};
    const request* at = &wait;
    for (auto left = waits(proof); left != 0 && at != nullptr && at->stuck_; --left) {
        request* through = nullptr;
        at = after(*at, through, proof);
        if (through != nullptr && through->owner_ == wait.owner_) {
            return through;
        }
    }
    return nullptr;
}

std::size_t locks::waits(held) const noexcept {
    std::size_t all = 0;
    for (const auto& [key, q] : queues_) {
        for (const request* w = q.first; w != nullptr; w = w->next_) {
            ++all;
        }
    }
    return all;
}

void locks::find_stalls() noexcept {
    std::lock_guard proof{mutex_};
    for (bool ended = true; ended;) {
        mark_stuck(proof);
        request* const first = oldest_stuck(nullptr, proof);
        ended = first != nullptr && end_ring(*first, proof);
    }
}

bool locks::is_kept(const request& hold) noexcept {
    if (hold.kept_ == kept::no || hold.kept_at_ != hold.owner_->ended_) {
        return false;
    }
    return hold.kept_ == kept::for_one ? hold.kept_for_->stuck_ : !hold.owner_->moves_;
}

void locks::mark_stuck(held) noexcept {
    for (auto& [key, q] : queues_) {
        for (request* h = q.holds; h != nullptr; h = h->next_hold_) {
            if (h->owner_ != nullptr) {
                h->owner_->moves_ = false;
            }
        }
        for (request* w = q.first; w != nullptr; w = w->next_) {
            w->stuck_ = true;
            if (w->owner_ != nullptr) {
                w->owner_->moves_ = false;
            }
        }
    }
    for (bool changed = true; changed;) {
        changed = false;
        for (auto& [key, q] : queues_) {
            std::uint64_t for_ever = 0;
            for (const request* h = q.holds; h != nullptr; h = h->next_hold_) {
                for_ever += is_kept(*h) ? h->permits_ : 0;
            }
            for (request* w = q.first; w != nullptr; w = w->next_) {
                if (w->stuck_ && for_ever + w->permits_ > q.capacity) {
                    break;  // nobody overtakes it
                }
                changed = changed || w->stuck_;
                w->stuck_ = false;
                if (w->owner_ != nullptr) {
                    w->owner_->moves_ = true;
                }
            }
        }
    }
}

// Of all owners when `of` is null.
locks::request* locks::oldest_stuck(const owner* of, held) const noexcept {
    request* oldest = nullptr;
    for (const auto& [key, q] : queues_) {
        for (request* w = q.first; w != nullptr; w = w->next_) {
            const bool fits = w->stuck_ && (of == nullptr || w->owner_ == of);
            if (fits && (oldest == nullptr || w->ticket_ < oldest->ticket_)) {
                oldest = w;
            }
        }
    }
    return oldest;
}

// What keeps a wait: a hold that is none's to give back, or null, and somebody waits before it.
locks::request* locks::stuck_hold(const queue& q, const request& waits) noexcept {
    request* first = nullptr;
    std::uint64_t for_ever = 0;
    for (request* h = q.holds; h != nullptr; h = h->next_hold_) {
        if (is_kept(*h)) {
            for_ever += h->permits_;
            first = h;  // the last in the list has it longest
        }
    }
    return for_ever + waits.permits_ > q.capacity ? first : nullptr;
}

// The next wait in the ring, and the hold through which it comes; null: its owner waits for no
// lock.
locks::request* locks::after(const request& wait, request*& through, held proof) const noexcept {
    through = stuck_hold(*wait.queue_, wait);
    if (through != nullptr && through->kept_ == kept::for_one) {
        return const_cast<request*>(through->kept_for_);
    }
    if (through != nullptr) {
        return oldest_stuck(through->owner_, proof);
    }
    request* before = wait.queue_->first;
    while (!before->stuck_) {
        before = before->next_;
    }
    return before;
}

// From any stuck wait on the way leads into a ring. False: that is for one of its owners to end.
bool locks::end_ring(request& from, held proof) noexcept {
    request* through = nullptr;
    request* in_it = &from;
    for (auto left = waits(proof); left != 0 && in_it != nullptr; --left) {
        in_it = after(*in_it, through, proof);
        if (through != nullptr && through->kept_ == kept::for_all) {
            through->owner_->is_stalled();
            return false;
        }
    }
    if (in_it == nullptr) {
        return false;
    }
    request* youngest = in_it;
    for (request* at = after(*in_it, through, proof); at != in_it;
         at = after(*at, through, proof)) {
        youngest = at->ticket_ > youngest->ticket_ ? at : youngest;
    }
    try {
        youngest->ring_ = story_of(*youngest, proof);
    } catch (const std::bad_alloc&) {
        youngest->ring_.clear();
    }
    queue& q = *youngest->queue_;
    dequeue(q, *youngest, proof);
    youngest->refused_ = true;
    youngest->queue_ = nullptr;
    tell(grant(q, proof));
    youngest->home_->post(*youngest);
    return true;
}

// "lock 'x' is held by a, which waits for lock 'y', held by b, which waits for lock 'x'"
std::string locks::story_of(const request& first, held proof) const {
    std::string text = "lock '" + *first.queue_->key + "'";
    std::string_view joins = " is held by ";
    const request* at = &first;
    do {
        request* through = nullptr;
        const request* const next = after(*at, through, proof);
        if (through != nullptr) {
            text.append(joins).append(through->name_).append(", which waits for lock '");
        } else {
            text.append(joins == " is held by " ? " is wanted before by " : ", wanted before by ")
                .append(next->name_)
                .append(", which waits for lock '");
        }
        text.append(*next->queue_->key).append("'");
        joins = ", held by ";
        at = next;
    } while (at != &first);
    return text;
}

}  // namespace weir::fibers
