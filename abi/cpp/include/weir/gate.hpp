// SPDX-License-Identifier: BSL-1.0
// So many at once.
#pragma once

#include <weir/weir.h>
#include <weir/detail/owner.hpp>

#include <cstdint>

namespace weir {

/// So many slots, which lanes take and give: lane::take_slot, lane::give_slot. It closes with its
/// scope: a small value, to be copied. scope::open_gate makes one.
class gate {
public:
    gate() noexcept = default;
    explicit gate(weir_gate handle) noexcept : handle_(handle) {}

    /// As event::barrier of event_kind::slot_done has it.
    weir_gate handle() const noexcept { return handle_; }

    /// More are handed out at once; fewer take effect as slots are given back.
    /// status::invalid_argument: none; stale, forked. [any thread, never blocks]
    result<void> set_slots(std::uint32_t slots) const noexcept {
        return result<void>(weir_gate_set_slots(handle_, slots));
    }

private:
    weir_gate handle_ = 0;
};

}  // namespace weir
