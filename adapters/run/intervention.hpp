// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/run/activation.hpp"
#include "fibers/event.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace weir::runs {

// A failure that waits for a person: what is to be done about it? It ends with an answer, with its
// time, or when the step is ended.
class intervention : fibers::timer {
public:
    explicit intervention(activation& a);

    // Tells that one is wanted, and waits. Null: nobody answered, or nothing is to be answered any
    // more. [lane]
    [[nodiscard]] const plan::failure_action* wait(const failure& why,
                                                   const plan::failure_action& asked,
                                                   std::uint32_t attempt);

    // Empty: that is done. Else why it cannot be. [worker]
    [[nodiscard]] std::string answer(std::string_view word, std::uint32_t attempt);

    void cancel() noexcept { over_.set(); }  // [worker]

    // Its time stands still, and goes on. [worker]
    void hold() noexcept;
    void release() noexcept;

private:
    void tell(const failure& why, const plan::failure_action& asked) const;
    void tell_end() const;

    activation& a_;
    fibers::event over_;
    countdown time_;
    std::uint32_t attempt_ = 0;
    const plan::failure_action* answer_ = nullptr;
};

// Follows an action of a step to what is done in the end: waits before a retry, asks people. True:
// the step is to be tried again; else `action` says how it ends. `retries`: how often it has been
// tried again of itself. [lane]
[[nodiscard]] bool try_again(activation& step, const failure& why, std::uint32_t attempt,
                             std::uint32_t& retries, const plan::failure_action*& action);

}  // namespace weir::runs
