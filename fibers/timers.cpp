// SPDX-License-Identifier: BSL-1.0
#include "fibers/timers.hpp"

#include <bit>

namespace weir::fibers {
namespace {

void make_ring(timer_link& sentinel) noexcept {
    sentinel.prev = sentinel.next = &sentinel;
}

bool empty(const timer_link& sentinel) noexcept {
    return sentinel.next == &sentinel;
}

void insert_after(timer_link& place, timer_link& link) noexcept {
    link.prev = &place;
    link.next = place.next;
    place.next->prev = &link;
    place.next = &link;
}

void unlink(timer_link& link) noexcept {
    link.prev->next = link.next;
    link.next->prev = link.prev;
    link.prev = link.next = nullptr;
}

// Takes the whole ring as a chain that ends in null, linked by `next` only.
timer_link* take_all(timer_link& sentinel) noexcept {
    if (empty(sentinel)) {
        return nullptr;
    }
    timer_link* chain = sentinel.next;
    sentinel.prev->next = nullptr;
    make_ring(sentinel);
    return chain;
}

}  // namespace

wheel::wheel() noexcept {
    for (auto& l : levels_) {
        for (auto& ring : l.rings) {
            make_ring(ring);
        }
    }
    make_ring(far_);
    make_ring(due_);
}

bool wheel::earlier(const timer& a, const timer& b) noexcept {
    return a.deadline_ != b.deadline_ ? a.deadline_ < b.deadline_ : a.sequence_ < b.sequence_;
}

void wheel::arm(timer& t, std::int64_t deadline) noexcept {
    if (t.armed()) {
        unlink(t);
        --armed_;
    }
    t.deadline_ = deadline < 0 ? 0 : deadline;
    t.sequence_ = sequence_++;
    ++armed_;
    if (static_cast<std::uint64_t>(t.deadline_) >> tick_bits <= position_) {
        place_due(t);
    } else {
        place(t);
    }
}

void wheel::disarm(timer& t) noexcept {
    if (t.armed()) {
        unlink(t);
        --armed_;
    }
}

timer* wheel::take(std::int64_t now) noexcept {
    const auto tick = static_cast<std::uint64_t>(now) >> tick_bits;
    while (position_ < tick && empty(due_)) {
        const slot next = next_slot();
        if (next.level > levels || next.tick > tick) {
            position_ = tick;
            break;
        }
        enter(next);
    }
    if (empty(due_) || whole(*due_.next).deadline_ > now) {
        return nullptr;
    }
    timer& first = whole(*due_.next);
    unlink(first);
    --armed_;
    return &first;
}

std::int64_t wheel::bound() noexcept {
    if (!empty(due_)) {
        return whole(*due_.next).deadline_;
    }
    const slot next = next_slot();
    return next.level > levels ? -1 : static_cast<std::int64_t>(next.tick << tick_bits);
}

std::int64_t wheel::first() noexcept {
    while (empty(due_)) {
        const slot next = next_slot();
        if (next.level > levels) {
            return -1;
        }
        enter(next);
    }
    return whole(*due_.next).deadline_;
}

// A timer stands at the lowest level at which its tick and the position have all higher digits in
// common. So every slot of a level lies ahead of the position's own, and is emptied downwards when
// the position gets there.
void wheel::place(timer& t) noexcept {
    const auto tick = static_cast<std::uint64_t>(t.deadline_) >> tick_bits;
    for (unsigned l = 0; l < levels; ++l) {
        if (tick >> (slot_bits * (l + 1)) == position_ >> (slot_bits * (l + 1))) {
            const std::size_t index = (tick >> (slot_bits * l)) % slots;
            insert_after(*levels_[l].rings[index].prev, t);
            levels_[l].occupied[index / 64] |= std::uint64_t{1} << (index % 64);
            return;
        }
    }
    insert_after(*far_.prev, t);
}

void wheel::place_due(timer& t) noexcept {
    timer_link* before = due_.prev;
    while (before != &due_ && earlier(t, whole(*before))) {
        before = before->prev;
    }
    insert_after(*before, t);
}

wheel::slot wheel::next_slot() noexcept {
    for (unsigned l = 0; l < levels; ++l) {
        auto& occupied = levels_[l].occupied;
        const std::uint64_t digits = position_ >> (slot_bits * l);
        const std::size_t here = digits % slots;
        for (std::size_t word = here / 64; word < occupied.size(); ++word) {
            while (occupied[word] != 0) {
                const auto bit = static_cast<unsigned>(std::countr_zero(occupied[word]));
                const std::size_t index = word * 64 + bit;
                if (!empty(levels_[l].rings[index])) {
                    return {l, (digits - here + index) << (slot_bits * l)};
                }
                occupied[word] &= occupied[word] - 1;
            }
        }
    }
    if (!empty(far_)) {
        return {levels, ((position_ >> (slot_bits * levels)) + 1) << (slot_bits * levels)};
    }
    return {levels + 1, 0};
}

// Moves the position to the slot's first tick and spreads the slot: to `due_`, in order, what is of
// that tick.
void wheel::enter(const slot& next) noexcept {
    position_ = next.tick;
    if (next.level > 0) {
        timer_link& ring =
            next.level == levels
                ? far_
                : levels_[next.level].rings[(next.tick >> (slot_bits * next.level)) % slots];
        for (timer_link* chain = take_all(ring); chain != nullptr;) {
            timer_link* rest = chain->next;
            place(whole(*chain));
            chain = rest;
        }
    }
    timer_link& ring = levels_[0].rings[position_ % slots];
    for (timer_link* chain = sorted(take_all(ring)); chain != nullptr;) {
        timer_link* rest = chain->next;
        insert_after(*due_.prev, *chain);
        chain = rest;
    }
}

// A merge sort of a chain, from the bottom up: bins[i] holds a sorted chain of 2^i timers, or
// nothing.
timer_link* wheel::sorted(timer_link* chain) noexcept {
    auto merge = [](timer_link* a, timer_link* b) noexcept {
        timer_link head;
        timer_link* tail = &head;
        while (a != nullptr && b != nullptr) {
            timer_link*& less = earlier(whole(*b), whole(*a)) ? b : a;
            tail->next = less;
            tail = less;
            less = less->next;
        }
        tail->next = a != nullptr ? a : b;
        return head.next;
    };
    std::array<timer_link*, 64> bins{};
    while (chain != nullptr) {
        timer_link* rest = chain->next;
        chain->next = nullptr;
        std::size_t i = 0;
        for (; bins[i] != nullptr; ++i) {
            chain = merge(bins[i], chain);
            bins[i] = nullptr;
        }
        bins[i] = chain;
        chain = rest;
    }
    timer_link* all = nullptr;
    for (timer_link* bin : bins) {
        all = merge(bin, all);
    }
    return all;
}

}  // namespace weir::fibers
