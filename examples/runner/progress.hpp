// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "examples/runner/json.hpp"
#include "examples/runner/options.hpp"
#include "examples/runner/reactor.hpp"
#include "examples/runner/sink.hpp"

#include <weir/weir.h>

#include <memory>
#include <string_view>

namespace weir::runner {

// Shows a run while it goes on.
class progress {
public:
    virtual ~progress() = default;

    virtual void event(const weir_event& event, const json_value& fields) = 0;
    virtual void output(std::string_view path, std::string_view line) = 0;
    virtual void settle() = 0;  // a batch is over: bring it before people
    virtual void finish(bool interrupted) = 0;
};

// Null when nothing is to be shown. `simulated`: time is the events', not the wall's.
[[nodiscard]] std::unique_ptr<progress> make_progress(progress_style style, bool simulated,
                                                      sink& to, reactor& loop);

[[nodiscard]] std::unique_ptr<progress> make_plain_progress(bool simulated, sink& to);
[[nodiscard]] std::unique_ptr<progress> make_tty_progress(bool simulated, sink& to, reactor& loop);

}  // namespace weir::runner
