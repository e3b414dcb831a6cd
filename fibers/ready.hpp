// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace boost::fibers {
class context;
}

namespace weir::fibers {

// A lane that can go on: its context, and where its stack stood when it parked, for the prefetcher.
struct ready_entry {
    boost::fibers::context* who;
    std::uintptr_t frame;
};

// The lanes of one worker that are ready, first come first served, in one dense array: the next
// ones are known before their memory is touched, so it can be fetched ahead. Room is made when a
// lane is made; pushing cannot fail. [worker]
class ready_ring {
public:
    ready_ring() = default;
    ~ready_ring() { std::free(entries_); }
    ready_ring(const ready_ring&) = delete;
    ready_ring& operator=(const ready_ring&) = delete;

    // Room for `count` entries in all; false when there is no memory.
    [[nodiscard]] bool reserve(std::size_t count) noexcept {
        return count <= capacity_ || grow(std::bit_ceil(count < 64 ? 64 : count));
    }

    [[nodiscard]] std::size_t size() const noexcept { return tail_ - head_; }
    [[nodiscard]] bool empty() const noexcept { return tail_ == head_; }

    void push(ready_entry e) noexcept { entries_[tail_++ & (capacity_ - 1)] = e; }

    // [count > 0]
    void push(const ready_entry* from, std::size_t count) noexcept {
        const std::size_t at = tail_ & (capacity_ - 1);
        const std::size_t first = count < capacity_ - at ? count : capacity_ - at;
        std::memcpy(entries_ + at, from, first * sizeof *from);
        std::memcpy(entries_, from + first, (count - first) * sizeof *from);
        tail_ += count;
    }

    // [not empty]
    boost::fibers::context* pop() noexcept {
        // Past the end stand entries of old: fetching what they name is useless and harmless. Not a
        // function of its own: the compiler takes one that only prefetches for one that does
        // nothing, and drops it.
        const ready_entry& ahead = entries_[(head_ + 4) & (capacity_ - 1)];
        const auto context = reinterpret_cast<std::uintptr_t>(ahead.who);
        const std::uintptr_t frame = ahead.frame;
        // What a switch and the first steps after it touch: the end of the context, the lane behind
        // it, and both sides of the frame.
        __builtin_prefetch(reinterpret_cast<const void*>(context + 192), 1);
        __builtin_prefetch(reinterpret_cast<const void*>(context + 448), 1);
        __builtin_prefetch(reinterpret_cast<const void*>(frame - 256), 1);
        __builtin_prefetch(reinterpret_cast<const void*>(frame - 192), 1);
        __builtin_prefetch(reinterpret_cast<const void*>(frame - 128), 1);
        __builtin_prefetch(reinterpret_cast<const void*>(frame - 64), 1);
        __builtin_prefetch(reinterpret_cast<const void*>(frame), 1);
        __builtin_prefetch(reinterpret_cast<const void*>(frame + 64), 1);
        return entries_[head_++ & (capacity_ - 1)].who;
    }

    // Puts what is here into an order drawn from `random(n)`, a number below n.
    template <class Random>
    void shuffle(Random&& random) noexcept {
        for (std::size_t n = size(); n > 1; --n) {
            std::swap(entries_[(head_ + n - 1) & (capacity_ - 1)],
                      entries_[(head_ + random(n)) & (capacity_ - 1)]);
        }
    }

private:
    bool grow(std::size_t capacity) noexcept {
        auto* entries = static_cast<ready_entry*>(std::calloc(capacity, sizeof(ready_entry)));
        if (entries == nullptr) {
            return false;
        }
        for (std::size_t i = head_; i != tail_; ++i) {
            entries[i & (capacity - 1)] = entries_[i & (capacity_ - 1)];
        }
        std::free(entries_);
        entries_ = entries;
        capacity_ = capacity;
        return true;
    }

    ready_entry* entries_ = nullptr;
    std::size_t capacity_ = 0;  // a power of two
    std::size_t head_ = 0;
    std::size_t tail_ = 0;
};

}  // namespace weir::fibers
