// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "examples/runner/descriptor.hpp"
#include "examples/runner/step_request.hpp"

#include <string>

#include <sys/types.h>

namespace weir::runner {

// How a child ended.
struct child_end {
    int status = 0;  // its exit status, or the signal's number
    bool killed = false;

    [[nodiscard]] bool well() const noexcept { return !killed && status == 0; }
    [[nodiscard]] std::string describe() const;
};

// A script under way: the leader of a process group of its own. The script is handed over in
// memory, never on a command line or in a file. Destroying it kills the group and waits for the
// leader.
class child {
public:
    child() = default;
    child(const child&) = delete;
    child& operator=(const child&) = delete;
    ~child();

    // False, with errno, when it could not be started; then it may be tried again.
    [[nodiscard]] bool start(const script_request& request);

    [[nodiscard]] int process_descriptor() const noexcept {
        return process_.get();
    }  // readable: it ended
    [[nodiscard]] int output_descriptor() const noexcept {
        return output_.get();
    }  // both its streams
    void close_output() noexcept { output_.close(); }

    void signal(int number) const noexcept;  // to the whole group

    // After it ended: ends what is left of the group, and tells how the leader ended.
    [[nodiscard]] child_end reap() noexcept;

    // What it left as outputs: at most 1 MiB of it.
    [[nodiscard]] std::string outputs() const;

private:
    [[nodiscard]] bool launch(const script_request& request);

    pid_t leader_ = 0;
    descriptor process_, output_, outputs_;
};

// Makes processes that lost their parent ours, so that `end_orphans` finds them.
void adopt_orphans() noexcept;

// Ends every process below this one. To be called when no script is under way.
void end_orphans() noexcept;

}  // namespace weir::runner
