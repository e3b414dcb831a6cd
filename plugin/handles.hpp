// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

namespace weir::plugin {

// What a handle names; part of its number, so that one kind is never taken for another.
enum class kind : std::uint8_t {
    runtime = 1,
    queue,
    plan,
    run,
    step,
    text,
    scope,
    lane,
    barrier,
    tree,
    gate,
    loop
};

// Handles of one kind: | kind 8 | generation 32 | place 24 |. A place that is used again gets a new
// generation, so a handle whose object has ended finds nothing. [any thread]
template <class Pointer>
class handle_table {
public:
    constexpr explicit handle_table(kind of) noexcept : kind_{of} {}

    // 0: all places are taken.
    [[nodiscard]] std::uint64_t add(Pointer object) {
        const std::lock_guard lock{mutex_};
        if (free_.empty()) {
            if (places_.size() == place_limit)
                return 0;
            free_.reserve(places_.size() + 1);  // so that `take` needs no memory
            places_.emplace_back();
            free_.push_back(static_cast<std::uint32_t>(places_.size() - 1));
        }
        const auto at = free_.back();
        free_.pop_back();
        places_[at].object = std::move(object);
        return handle(at);
    }

    // Null when the handle is stale.
    [[nodiscard]] Pointer find(std::uint64_t handle) const {
        const std::lock_guard lock{mutex_};
        const auto* const found = place_of(handle);
        return found ? found->object : Pointer{};
    }

    // Copies objects to `to`, at most so many; how many there were to copy. [any thread]
    [[nodiscard]] std::size_t some(Pointer* to, std::size_t most) const {
        const std::lock_guard lock{mutex_};
        std::size_t count = 0;
        for (const place& one : places_) {
            if (one.object && count < most)
                to[count++] = one.object;
        }
        return count;
    }

    // The same as `find`, and the handle is stale from here on: of two that take, one gets the
    // object.
    [[nodiscard]] Pointer take(std::uint64_t handle) noexcept {
        const std::lock_guard lock{mutex_};
        auto* const found = place_of(handle);
        if (!found)
            return Pointer{};
        ++found->generation;
        free_.push_back(static_cast<std::uint32_t>(handle & (place_limit - 1)));
        return std::exchange(found->object, Pointer{});
    }

    // Around a fork: nobody is inside.
    void lock() { mutex_.lock(); }
    void unlock() { mutex_.unlock(); }

private:
    static constexpr std::uint64_t place_limit = std::uint64_t{1} << 24;

    struct place {
        Pointer object{};
        std::uint32_t generation = 1;
    };

    [[nodiscard]] std::uint64_t handle(std::uint32_t at) const noexcept {
        return std::uint64_t{static_cast<std::uint8_t>(kind_)} << 56 |
               std::uint64_t{places_[at].generation} << 24 | at;
    }

    [[nodiscard]] const place* place_of(std::uint64_t handle_given) const noexcept {
        const auto at = static_cast<std::uint32_t>(handle_given & (place_limit - 1));
        const bool there = at < places_.size() && places_[at].object && handle(at) == handle_given;
        return there ? &places_[at] : nullptr;
    }
    [[nodiscard]] place* place_of(std::uint64_t handle_given) noexcept {
        return const_cast<place*>(std::as_const(*this).place_of(handle_given));
    }

    mutable std::mutex mutex_;
    std::vector<place> places_;        // guarded by mutex_
    std::vector<std::uint32_t> free_;  // guarded by mutex_
    const kind kind_;
};

// A handle that nobody has been given yet: it goes again, unless it is handed over.
template <class Table>
class pending_handle {
public:
    pending_handle(Table& table, std::uint64_t handle) noexcept : table_{table}, handle_{handle} {}
    ~pending_handle() {
        if (handle_ != 0)
            (void)table_.take(handle_);
    }
    pending_handle(const pending_handle&) = delete;
    pending_handle& operator=(const pending_handle&) = delete;

    explicit operator bool() const noexcept { return handle_ != 0; }
    [[nodiscard]] std::uint64_t hand_over() noexcept { return std::exchange(handle_, 0); }

private:
    Table& table_;
    std::uint64_t handle_;
};

}  // namespace weir::plugin
