// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "examples/runner/reactor.hpp"

#include <weir/weir.h>

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace weir::runner {

// The steps that the library has asked for and that are not answered yet. Each is answered once; at
// most `most` scripts run at a time, the others wait their turn. Destroying it kills what still
// runs.
class jobs {
public:
    using output_taker = std::function<void(std::string_view path, std::string_view line)>;

    jobs(reactor& loop, std::size_t most, output_taker output);
    ~jobs();

    void start(const weir_event& asked);
    void cancel(weir_step step, bool hard);
    void kill_all();

private:
    struct job;

    void launch(job& which);
    void launch_waiting();
    void read_output(job& which);
    void ended(job& which);
    void answer(job& which, weir_outcome outcome, std::string_view outputs,
                std::string_view message);

    reactor& loop_;
    std::size_t most_;
    std::size_t running_ = 0;
    output_taker output_;
    std::unordered_map<weir_step, std::unique_ptr<job>> jobs_;
    std::deque<weir_step> waiting_;  // may name jobs that were cancelled since
};

// How many scripts may run at once when nobody says: each needs descriptors.
[[nodiscard]] std::size_t sensible_jobs() noexcept;

}  // namespace weir::runner
