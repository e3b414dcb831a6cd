// SPDX-License-Identifier: BSL-1.0
// Where a drain puts events.
#pragma once

#include <weir/weir.h>
#include <weir/event.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>

namespace weir {

/// Room for events, to be drained into again and again, and the events of the last drain. It
/// belongs to the consumer of one queue.
///
///     weir::batch batch;
///     while (queue.drain_wait(batch))
///         for (const weir::event& event : batch) take(event);
class batch {
public:
    /// Room for so many events; at least 1.
    explicit batch(std::uint32_t capacity = 256)
        : events_(new event[capacity == 0 ? 1 : capacity]),
          capacity_(capacity == 0 ? 1 : capacity) {}

    /// The events of the last drain, oldest first.
    const event* begin() const noexcept { return events_.get(); }
    const event* end() const noexcept { return begin() + count_; }
    const event& operator[](std::size_t place) const noexcept { return events_[place]; }

    /// How many they are.
    std::uint32_t size() const noexcept { return count_; }
    bool empty() const noexcept { return count_ == 0; }

private:
    friend class queue;

    weir_status drain(weir_queue from) noexcept {
        count_ = 0;
        return weir_queue_drain(from, &events_[0].raw_, sizeof(event), capacity_, &count_);
    }

    std::unique_ptr<event[]> events_;
    std::uint32_t capacity_;
    std::uint32_t count_ = 0;
};

}  // namespace weir
