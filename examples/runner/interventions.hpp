// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "examples/runner/json.hpp"
#include "examples/runner/progress.hpp"
#include "examples/runner/reactor.hpp"

#include <weir/weir.h>

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

namespace weir::runner {

// Asks the person at the terminal what is to be done about a failure, one question at a time. Where
// nobody is, or will be, what the document says for that case is done at once.
class interventions {
public:
    // `shown` may be null: then nobody is asked.
    interventions(reactor& loop, progress* shown, bool simulated);
    ~interventions();
    interventions(const interventions&) = delete;
    interventions& operator=(const interventions&) = delete;

    void wanted(weir_run run, const weir_event& event);
    void closed(const weir_event& event);

private:
    struct question {
        std::string path;
        std::string message;
        std::uint32_t attempt;
    };

    void ask();
    void read();
    void answer(std::string_view word);

    reactor& loop_;
    progress* const shown_;
    const bool simulated_;
    weir_run run_ = 0;
    std::deque<question> open_;
    std::string typed_;
    bool somebody_ = false;
    bool watching_ = false;
};

}  // namespace weir::runner
