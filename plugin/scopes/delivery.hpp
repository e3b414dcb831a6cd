// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <weir/weir.h>

#include "plugin/scopes/posted.hpp"

namespace weir::plugin {

// The consumer's side of what scopes send. [consumer]
class delivery {
public:
    ~delivery() { forget(); }

    // Writes an event, and lets go of what told it, as far as the host has no pointers into it.
    // False: there is none, only something to be let go.
    [[nodiscard]] bool take(posted what, weir_event& out) noexcept;
    // The same with nobody to tell.
    void drop(posted what) noexcept;

    // The host has done with what it got before.
    void forget() noexcept;

private:
    void take(host_party& p, weir_event& out) noexcept;
    void take(notice& n, weir_event& out) noexcept;
    static void take(slot_wait& w, weir_event& out) noexcept;

    notice* seen_ = nullptr;  // the last first
};

}  // namespace weir::plugin
