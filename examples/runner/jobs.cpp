// SPDX-License-Identifier: BSL-1.0
#include "examples/runner/jobs.hpp"

#include "examples/runner/child.hpp"
#include "examples/runner/output_lines.hpp"
#include "examples/runner/step_request.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>

#include <unistd.h>

namespace weir::runner {

struct jobs::job {
    weir_step step = 0;
    std::string path;
    step_request request;
    child process;
    output_lines lines;
    std::optional<reactor::timer> timer;
    bool running = false;
    bool cancelled = false;
};

namespace {

// A shortage that ends when other scripts end.
bool passes_by_itself(int error) noexcept {
    return error == EAGAIN || error == EMFILE || error == ENFILE || error == ENOMEM;
}

}  // namespace

std::size_t sensible_jobs() noexcept {
    constexpr unsigned long kept_for_others = 64, each = 4, enough = 128;
    const unsigned long limit = descriptor_limit();
    return limit <= kept_for_others + each ? 1 : std::min(enough, (limit - kept_for_others) / each);
}

jobs::jobs(reactor& loop, std::size_t most, output_taker output)
    : loop_(loop), most_(most), output_(std::move(output)) {}

jobs::~jobs() = default;

void jobs::start(const weir_event& asked) {
    auto owned = std::make_unique<job>();
    job& added = *owned;
    added.step = asked.step;
    added.path.assign(asked.path, asked.path_length);
    added.request = read_step_request({asked.input, asked.input_length});
    jobs_[asked.step] = std::move(owned);
    if (const auto* refused = std::get_if<refused_request>(&added.request)) {
        answer(added, WEIR_FAILED, {}, std::string{refused->why});
    } else if (const auto* wait = std::get_if<wait_request>(&added.request)) {
        added.timer = loop_.at(std::chrono::steady_clock::now() + wait->duration, [this, &added] {
            added.timer.reset();
            answer(added, WEIR_SUCCEEDED, {}, {});
        });
    } else {
        waiting_.push_back(added.step);
        launch_waiting();
    }
}

void jobs::launch_waiting() {
    while (running_ < most_ && !waiting_.empty()) {
        const auto found = jobs_.find(waiting_.front());
        waiting_.pop_front();
        if (found != jobs_.end()) {
            launch(*found->second);
        }
    }
}

void jobs::launch(job& which) {
    const auto& script = std::get<script_request>(which.request);
    if (!which.process.start(script)) {
        const int reason = errno;
        if (running_ > 0 && passes_by_itself(reason)) {
            most_ = running_;
            waiting_.push_front(which.step);
            return;
        }
        return answer(which, WEIR_FAILED, {},
                      "cannot start " + script.interpreter.front() + ": " + std::strerror(reason));
    }
    which.running = true;
    ++running_;
    const bool watched = loop_.watch(which.process.process_descriptor(), [this, &which] {
        ended(which);
    }) && loop_.watch(which.process.output_descriptor(), [this, &which] { read_output(which); });
    if (!watched) {
        const std::string reason = std::strerror(errno);
        which.process.signal(SIGKILL);
        answer(which, WEIR_FAILED, {}, "cannot watch the script: " + reason);
    }
}

void jobs::read_output(job& which) {
    static std::array<char, 64 * 1024> buffer;
    const ssize_t n = ::read(which.process.output_descriptor(), buffer.data(), buffer.size());
    if (n > 0) {
        which.lines.take({buffer.data(), static_cast<std::size_t>(n)},
                         [this, &which](std::string_view line) { output_(which.path, line); });
    } else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
        loop_.forget(which.process.output_descriptor());
        which.process.close_output();
    }
}

void jobs::ended(job& which) {
    loop_.forget(which.process.process_descriptor());
    const child_end end = which.process.reap();
    // Whatever the group wrote is in the pipe now; who left the group may write for ever.
    constexpr int most_reads = 64;
    for (int i = 0; i < most_reads && which.process.output_descriptor() >= 0; ++i) {
        errno = 0;
        read_output(which);
        if (errno == EAGAIN) {
            break;
        }
    }
    which.lines.finish([this, &which](std::string_view line) { output_(which.path, line); });
    if (which.cancelled) {
        answer(which, WEIR_CANCELLED, {}, "cancelled: " + end.describe());
    } else if (end.well()) {
        answer(which, WEIR_SUCCEEDED, outputs_json(which.process.outputs()), {});
    } else {
        answer(which, WEIR_FAILED, {}, end.describe());
    }
}

void jobs::answer(job& which, weir_outcome outcome, std::string_view outputs,
                  std::string_view message) {
    // A step whose time for an answer is over is stale: nobody waits for this one any more.
    static_cast<void>(weir_step_finish(which.step, outcome, outputs.data(),
                                       static_cast<uint32_t>(outputs.size()), message.data(),
                                       static_cast<uint32_t>(message.size())));
    if (which.timer) {
        loop_.drop(*which.timer);
    }
    if (which.running) {
        --running_;
        loop_.forget(which.process.process_descriptor());
        if (which.process.output_descriptor() >= 0) {
            loop_.forget(which.process.output_descriptor());
        }
    }
    jobs_.erase(which.step);
    launch_waiting();
}

void jobs::cancel(weir_step step, bool hard) {
    const auto found = jobs_.find(step);
    if (found == jobs_.end()) {
        return;
    }
    job& which = *found->second;
    which.cancelled = true;
    if (which.running) {
        which.process.signal(hard ? SIGKILL : SIGTERM);
    } else {
        answer(which, WEIR_CANCELLED, {},
               which.timer ? "cancelled" : "cancelled before it started");
    }
}

void jobs::kill_all() {
    for (const auto& [step, which] : jobs_) {
        which->cancelled = true;
        which->process.signal(SIGKILL);
    }
}

}  // namespace weir::runner
