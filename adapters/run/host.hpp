// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/run/event.hpp"
#include "fibers/inbox.hpp"

#include <cstdint>
#include <string>

namespace weir::fibers {
class worker;
}

namespace weir::runs {

// A step that the host owes an answer for. The host's answer comes from any thread: whoever takes
// the handle fills `how`, `outputs` and `message`, then posts the message to `home`; nobody else
// may.
struct step_call : fibers::message {
    fibers::worker* home = nullptr;
    outcome how = outcome::none;
    std::string outputs;  // a JSON object, or empty
    std::string message;  // why it failed, or empty
};

// What a run needs of whoever started it. Called on the run's worker, on lanes' small stacks too:
// an implementation stores and returns, it formats nothing.
class host {
public:
    // False: there is no room for it, and it was not promised before; nothing was stored.
    [[nodiscard]] virtual bool post(event&&) noexcept = 0;

    // Makes room for so many events that redeem it; throws when there is no memory. [any thread]
    virtual void promise(std::uint32_t /*events*/) {}

    // Gives the handle under which the host answers; 0: none can be had. Throws when there is no
    // memory.
    virtual std::uint64_t open_step(step_call&) = 0;

    // The step of a handle that the host has not answered yet; else null.
    virtual step_call* find_step(std::uint64_t /*handle*/) noexcept { return nullptr; }

    // No control call reaches the run once this has returned.
    virtual void closing() noexcept = 0;

    // Takes the handle back. False: an answer was accepted already, and its message is on its way.
    virtual bool close_step(std::uint64_t handle) noexcept = 0;

protected:
    ~host() = default;
};

}  // namespace weir::runs
