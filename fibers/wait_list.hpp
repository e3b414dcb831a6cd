// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "fibers/ready.hpp"

namespace weir::fibers {

class lane_party;
class party;

// Who waits at a barrier, in order of arrival, in the very form in which the ready ring wants them:
// a release is one block copy. One that leaves becomes a hole, in O(1). [worker]
class wait_list {
public:
    wait_list() = default;
    ~wait_list();
    wait_list(const wait_list&) = delete;
    wait_list& operator=(const wait_list&) = delete;

    // Room for so many waiters; without memory it stays as it was, and `add` may say no.
    void reserve(std::size_t waiters) noexcept;

    static constexpr std::uint32_t nowhere = ~std::uint32_t{0};

    // Puts a lane behind all others, and answers where; `nowhere` when there is no room. `members`
    // are all who may stand here, linked.
    [[nodiscard]] std::uint32_t add(ready_entry e, party* members) noexcept {
        if (size_ == capacity_ && !compact(members)) {
            return nowhere;
        }
        entries_[size_] = e;
        return size_++;
    }
    void remove(std::uint32_t place) noexcept;

    // Moves all to the end of the ring.
    void release(ready_ring& ring) noexcept;

    [[nodiscard]] std::size_t size() const noexcept { return size_ - holes_; }

private:
    static bool listed(const lane_party& p) noexcept;
    bool compact(party* members) noexcept;

    ready_entry* entries_ = nullptr;
    std::uint32_t size_ = 0;  // with holes
    std::uint32_t capacity_ = 0;
    std::uint32_t holes_ = 0;
};

}  // namespace weir::fibers
