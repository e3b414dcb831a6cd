// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "examples/runner/json.hpp"

#include <weir/weir.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace weir::runner {

// One generation of a barrier, as its events tell it.
class barrier_view {
public:
    explicit barrier_view(std::string name) : name_(std::move(name)) {}

    void take(weir_event_kind kind, std::string_view party);

    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    [[nodiscard]] bool open() const noexcept { return open_; }
    [[nodiscard]] std::size_t arrived() const noexcept { return arrived_; }
    [[nodiscard]] std::size_t awaited() const noexcept {
        return awaited_;
    }  // those arrived included
    [[nodiscard]] std::size_t missing() const noexcept { return awaited_ - arrived_ - failed_; }

    // "a, b and 3 more": who is expected and has not arrived.
    [[nodiscard]] std::string missing_names(std::size_t most);

private:
    enum class state : std::uint8_t { expected, arrived, failed, gone };
    struct party {
        std::string path;
        state now = state::expected;
    };

    std::string name_;
    std::vector<party> parties_;
    std::unordered_map<std::string, std::size_t> index_;
    std::size_t arrived_ = 0, failed_ = 0, awaited_ = 0, reserved_ = 0;
    std::size_t first_missing_ = 0;  // nobody before it is
    bool open_ = true;
};

struct running_step {
    std::string path;
    std::int64_t since_ns = 0;
    std::deque<std::string> last_lines;  // of its output, a few
};

struct failed_node {
    std::string path;
    std::string why;
};

struct tally {
    std::size_t succeeded = 0, failed = 0, skipped = 0, other = 0;
    std::size_t barriers_released = 0, barriers_broken = 0;
};

// What a run has come to, from its events. Views show it; nothing here draws.
class board {
public:
    // `fields`: the event's JSON.
    void take(const weir_event& event, const json_value& fields);
    void output(std::string_view path, std::string_view line);

    [[nodiscard]] barrier_view& barrier_of(const json_value& fields);
    [[nodiscard]] std::vector<barrier_view*> open_barriers();

    [[nodiscard]] const std::string& run() const noexcept { return run_; }
    [[nodiscard]] std::int64_t now_ns() const noexcept { return now_ns_; }
    [[nodiscard]] weir_outcome outcome() const noexcept { return outcome_; }
    [[nodiscard]] const tally& counts() const noexcept { return counts_; }
    [[nodiscard]] const std::vector<failed_node>& failures() const noexcept { return failures_; }
    [[nodiscard]] const std::map<std::uint64_t, running_step>& running() const noexcept {
        return running_;
    }

    // What the step that just finished wrote at last.
    [[nodiscard]] const std::deque<std::string>& last_lines() const noexcept { return last_lines_; }

    // How long the node that just finished took; 0 when it is not known.
    [[nodiscard]] std::int64_t took_ns() const noexcept { return took_ns_; }

private:
    void node_finished(const weir_event& event, const json_value& fields, std::string_view path);

    std::string run_;
    std::int64_t now_ns_ = 0, took_ns_ = 0;
    std::deque<std::string> last_lines_;
    weir_outcome outcome_ = 0;
    tally counts_;
    std::vector<failed_node> failures_;
    std::unordered_map<std::string, std::int64_t> started_;  // nodes under way, by path
    std::map<std::uint64_t, running_step> running_;          // by seq of their start
    std::unordered_map<std::string, std::uint64_t> running_by_path_;
    std::unordered_map<std::string, barrier_view> barriers_;  // by scope, name, generation
    std::vector<std::string> barrier_order_;                  // open ones, as first seen
};

// "BarrierBroken: ..." or a message alone; empty when the event holds none.
[[nodiscard]] std::string error_of(const json_value& fields);

}  // namespace weir::runner
