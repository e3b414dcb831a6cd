// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <weir/weir.h>

#include <cstdint>

namespace weir::plugin {

struct host_lane;
struct host_party;
struct notice;
struct slot_wait;

// An event that is on its way to the host, embedded in what it tells of: sending it needs no
// memory, so that what was promised can be kept. One word: which of the four, and where.
class posted {
public:
    posted() noexcept = default;
    explicit posted(host_party& p) noexcept : posted{&p, party} {}
    explicit posted(notice& n) noexcept : posted{&n, whole} {}
    explicit posted(slot_wait& w) noexcept : posted{&w, slot} {}
    // No event: the lane has ended, and those of it that were on their way are before this.
    explicit posted(host_lane& over) noexcept : posted{&over, lane} {}

    explicit operator bool() const noexcept { return word_ != 0; }
    [[nodiscard]] host_party* as_party() const noexcept { return as<host_party>(party); }
    [[nodiscard]] notice* as_notice() const noexcept { return as<notice>(whole); }
    [[nodiscard]] slot_wait* as_slot_wait() const noexcept { return as<slot_wait>(slot); }
    [[nodiscard]] host_lane* as_lane() const noexcept { return as<host_lane>(lane); }
    [[nodiscard]] posted& next() const noexcept;

private:
    enum tag : std::uintptr_t { party, whole, slot, lane };

    posted(void* what, tag of) noexcept : word_{reinterpret_cast<std::uintptr_t>(what) | of} {}

    template <class T>
    [[nodiscard]] T* as(tag of) const noexcept {
        return (word_ & 3) == of ? reinterpret_cast<T*>(word_ & ~std::uintptr_t{3}) : nullptr;
    }

    std::uintptr_t word_ = 0;
};

// Several, in order.
struct posted_chain {
    posted first;
    posted last;

    explicit operator bool() const noexcept { return static_cast<bool>(first); }
    void append(posted one) noexcept {
        one.next() = {};
        if (last)
            last.next() = one;
        else
            first = one;
        last = one;
    }
    void append(const posted_chain& more) noexcept {
        if (!more)
            return;
        if (last)
            last.next() = more.first;
        else
            first = more.first;
        last = more.last;
    }
};

}  // namespace weir::plugin
