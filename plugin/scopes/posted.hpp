// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <weir/weir.h>

#include <cstdint>

namespace weir::plugin {

struct notice;
struct host_party;
struct slot_wait;

// An event that is on its way to the host, embedded in what it tells of: sending it needs no
// memory, so that what was promised can be kept. One word: which of the three, and where.
class posted {
public:
    posted() noexcept = default;
    explicit posted(notice& n) noexcept : word_{reinterpret_cast<std::uintptr_t>(&n) | 1} {}
    explicit posted(slot_wait& w) noexcept : word_{reinterpret_cast<std::uintptr_t>(&w) | 2} {}
    explicit posted(host_party& p) noexcept : word_{reinterpret_cast<std::uintptr_t>(&p)} {}

    explicit operator bool() const noexcept { return word_ != 0; }
    [[nodiscard]] notice* as_notice() const noexcept {
        return (word_ & 1) != 0 ? reinterpret_cast<notice*>(word_ & ~std::uintptr_t{1}) : nullptr;
    }
    [[nodiscard]] slot_wait* as_slot_wait() const noexcept {
        return (word_ & 2) != 0 ? reinterpret_cast<slot_wait*>(word_ & ~std::uintptr_t{2})
                                : nullptr;
    }
    [[nodiscard]] host_party* as_party() const noexcept {
        return (word_ & 3) == 0 ? reinterpret_cast<host_party*>(word_) : nullptr;
    }
    [[nodiscard]] posted& next() const noexcept;

private:
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
