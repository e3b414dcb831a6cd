// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <weir/weir.h>

#include <cstddef>
#include <cstdint>

#include "plugin/scopes/posted.hpp"

namespace weir::plugin {

// The consumer's side of what scopes send. [consumer]
class delivery {
public:
    ~delivery() { forget(); }

    // Writes up to `most` events, and how many they are: fewer, when there are no more. Lets go of
    // what told them, as far as the host has no pointers into it.
    [[nodiscard]] std::uint32_t take(posted& from, unsigned char* to, std::size_t stride,
                                     std::uint32_t most) noexcept;
    // The same for all of them with nobody to tell.
    void drop(posted& from) noexcept;

    // The host has done with what it got before.
    void forget() noexcept;

private:
    // False: there is none, only something to be let go.
    [[nodiscard]] bool take(posted what, weir_event& out) noexcept;
    void take(notice& n, weir_event& out) noexcept;
    static void take(slot_wait& w, weir_event& out) noexcept;

    notice* seen_ = nullptr;  // the last first
};

}  // namespace weir::plugin
