// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "plugin/handles.hpp"

namespace weir::plugin {

// Records that are named by handles and looked up without a lock: their memory is never given
// back, so looking at one that has ended is harmless, and its generation says that it has.
//
// `Record` has a member `std::atomic<std::uint32_t> generation`. Handles are laid out as those of
// handle_table. [any thread]
template <class Record>
class slab {
public:
    constexpr explicit slab(kind of) noexcept : kind_{of} {}

    // A record that nobody uses; null when there is no memory, or no place left.
    [[nodiscard]] Record* take() noexcept {
        const std::lock_guard lock{mutex_};
        if (free_ == nullptr && !grow())
            return nullptr;
        entry* const made = free_;
        free_ = made->next;
        return &made->record;
    }

    // Its handles are stale from here on.
    void give(Record& record) noexcept {
        record.generation.fetch_add(1, std::memory_order_release);
        const std::lock_guard lock{mutex_};
        auto& of = reinterpret_cast<entry&>(record);
        of.next = free_;
        free_ = &of;
    }

    [[nodiscard]] std::uint64_t handle(const Record& record) const noexcept {
        const auto generation = record.generation.load(std::memory_order_relaxed);
        return std::uint64_t{static_cast<std::uint8_t>(kind_)} << 56 |
               std::uint64_t{generation} << 24 | reinterpret_cast<const entry&>(record).place;
    }

    // The record that a handle would name: whether it does is for `names` to say, under the lock
    // that guards it.
    [[nodiscard]] Record* find(std::uint64_t handle_given) const noexcept {
        const auto place = static_cast<std::uint32_t>(handle_given & (places - 1));
        entry* const chunk = chunks_[place / chunk_size].load(std::memory_order_acquire);
        return chunk != nullptr ? &chunk[place % chunk_size].record : nullptr;
    }
    [[nodiscard]] bool names(std::uint64_t handle_given, const Record& record) const noexcept {
        return handle_given >> 24 == (std::uint64_t{static_cast<std::uint8_t>(kind_)} << 32 |
                                      record.generation.load(std::memory_order_acquire));
    }

    // Around a fork: nobody is inside.
    void lock() { mutex_.lock(); }
    void unlock() { mutex_.unlock(); }

private:
    static constexpr std::uint32_t places = std::uint32_t{1} << 24;
    static constexpr std::uint32_t chunk_size = 4096;

    struct entry {
        Record record;
        entry* next = nullptr;
        std::uint32_t place = 0;
    };

    bool grow() noexcept {
        if (grown_ == chunks_.size())
            return false;
        auto* const chunk = new (std::nothrow) entry[chunk_size];
        if (chunk == nullptr)
            return false;
        for (std::uint32_t i = chunk_size; i-- > 0;) {
            chunk[i].place = static_cast<std::uint32_t>(grown_ * chunk_size + i);
            chunk[i].next = free_;
            free_ = &chunk[i];
        }
        chunks_[grown_++].store(chunk, std::memory_order_release);
        return true;
    }

    std::mutex mutex_;
    entry* free_ = nullptr;  // guarded by mutex_
    std::size_t grown_ = 0;  // guarded by mutex_
    std::array<std::atomic<entry*>, places / chunk_size> chunks_{};
    const kind kind_;
};

}  // namespace weir::plugin
