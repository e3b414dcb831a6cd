// SPDX-License-Identifier: BSL-1.0
#include "fibers/wait_list.hpp"

#include <cstdlib>

#include "fibers/barrier.hpp"

namespace weir::fibers {

wait_list::~wait_list() {
    std::free(entries_);
}

void wait_list::reserve(std::size_t waiters) noexcept {
    // Twice that: so many holes can come before closing them up is worth it.
    const std::size_t want = 2 * waiters;
    if (want <= capacity_ || want >= nowhere) {
        return;
    }
    const std::size_t capacity = want < 8 ? 8 : std::bit_ceil(want);
    if (void* grown = std::realloc(entries_, capacity * sizeof(ready_entry))) {
        entries_ = static_cast<ready_entry*>(grown);
        capacity_ = static_cast<std::uint32_t>(capacity);
    }
}

void wait_list::remove(std::uint32_t place) noexcept {
    if (place + 1 == size_) {
        --size_;
    } else {
        entries_[place].who = nullptr;
        ++holes_;
    }
}

void wait_list::release(ready_ring& ring) noexcept {
    if (holes_ == 0) {
        if (size_ != 0) {
            ring.push(entries_, size_);
        }
    } else {
        for (std::uint32_t i = 0; i < size_; ++i) {
            if (entries_[i].who != nullptr) {
                ring.push(entries_[i]);
            }
        }
    }
    size_ = holes_ = 0;
}

bool wait_list::listed(const lane_party& p) noexcept {
    return p.waiting() && p.index_ != nowhere;
}

// The new places are written beside the old ones' contexts, handed to the parties, and only then
// taken.
bool wait_list::compact(party* members) noexcept {
    if (holes_ == 0) {
        return false;
    }
    std::uint32_t to = 0;
    for (std::uint32_t i = 0; i < size_; ++i) {
        if (entries_[i].who != nullptr) {
            entries_[i].frame = to++;
        }
    }
    for (party* p = members; p != nullptr; p = p->next_) {
        if (auto& at = static_cast<lane_party&>(*p); listed(at)) {
            at.index_ = static_cast<std::uint32_t>(entries_[at.index_].frame);
        }
    }
    to = 0;
    for (std::uint32_t i = 0; i < size_; ++i) {
        if (entries_[i].who != nullptr) {
            entries_[to++].who = entries_[i].who;
        }
    }
    size_ = to;
    holes_ = 0;
    for (party* p = members; p != nullptr; p = p->next_) {
        if (auto& at = static_cast<lane_party&>(*p); listed(at)) {
            entries_[at.index_].frame = at.frame();
        }
    }
    return true;
}

}  // namespace weir::fibers
