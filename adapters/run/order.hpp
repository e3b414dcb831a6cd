// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/run/event.hpp"
#include "fibers/inbox.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace weir::runs {

class run;

enum class action : std::uint8_t {
    pause,
    resume,
    break_barrier,    // target: its identifier
    release_barrier,  // likewise
    set_concurrency,  // target: the loop's path; number: how many at once
    intervene,        // target: the path; word: the action; number: which try's, or 0
    snapshot,         // number: a tag for the answer
    progress,         // target: JSON, or empty; number: the step's handle
};

// What a host wants of a run that goes on. It deletes itself when that has been done.
struct order : fibers::message {
    run* of = nullptr;
    action what{};
    std::string target{};
    std::string why{};
    std::uint64_t number = 0;
    std::string word{};
    // What it is answered with, made when it is accepted; null: by nothing of its own.
    std::unique_ptr<event_detail> answer{};
};

[[nodiscard]] std::string_view name_of(action) noexcept;

}  // namespace weir::runs
