// SPDX-License-Identifier: BSL-1.0
#include "examples/runner/board.hpp"

namespace weir::runner {

std::string error_of(const json_value& fields) {
    const json_value& error = fields["error"];
    const std::string& kind = error["kind"].text();
    const std::string& message = error["message"].text();
    if (message.empty()) {
        return kind;
    }
    // Of a script that failed, the kind says nothing that the message does not.
    return kind.empty() || kind == "Unknown" ? message : kind + ": " + message;
}

barrier_view& board::barrier_of(const json_value& fields) {
    const std::string& name = fields["barrier"].text();
    std::string key = fields["scope"].text() + '\0' + name + '\0' + fields["generation"].text();
    const auto [found, added] = barriers_.try_emplace(key, name);
    if (added) {
        barrier_order_.push_back(std::move(key));
    }
    return found->second;
}

std::vector<barrier_view*> board::open_barriers() {
    std::erase_if(barrier_order_,
                  [this](const std::string& key) { return !barriers_.at(key).open(); });
    std::vector<barrier_view*> open;
    for (const std::string& key : barrier_order_) {
        open.push_back(&barriers_.at(key));
    }
    return open;
}

void board::output(std::string_view path, std::string_view line) {
    const auto found = running_by_path_.find(std::string{path});
    if (found != running_by_path_.end() && !line.empty()) {
        constexpr std::size_t kept = 8;
        std::deque<std::string>& lines = running_.at(found->second).last_lines;
        lines.emplace_back(line);
        if (lines.size() > kept)
            lines.pop_front();
    }
}

void board::take(const weir_event& event, const json_value& fields) {
    now_ns_ = event.t_ns;
    const std::string path{event.path == nullptr ? "" : event.path, event.path_length};
    switch (event.kind) {
    case WEIR_EVENT_RUN_STARTED:
        run_ = fields["run"].text();
        break;
    case WEIR_EVENT_RUN_FINISHED:
        outcome_ = event.outcome;
        break;
    case WEIR_EVENT_NODE_STARTED:
        started_[path] = event.t_ns;
        break;
    case WEIR_EVENT_NODE_FINISHED:
        node_finished(event, fields, path);
        break;
    case WEIR_EVENT_STEP_STARTED:
        running_[event.seq] = {path, event.t_ns, {}};
        running_by_path_[path] = event.seq;
        break;
    case WEIR_EVENT_STEP_FINISHED:
        if (const auto found = running_by_path_.find(path); found != running_by_path_.end()) {
            running_step& step = running_.at(found->second);
            took_ns_ = event.t_ns - step.since_ns;
            last_lines_ = std::move(step.last_lines);
            running_.erase(found->second);
            running_by_path_.erase(found);
        }
        break;
    case WEIR_EVENT_BARRIER_RELEASED:
        ++counts_.barriers_released;
        barrier_of(fields).take(event.kind, path);
        break;
    case WEIR_EVENT_BARRIER_BROKEN:
        ++counts_.barriers_broken;
        barrier_of(fields).take(event.kind, path);
        break;
    default:
        if (event.kind >= WEIR_EVENT_BARRIER_EXPECTED && event.kind <= WEIR_EVENT_BARRIER_VOIDED &&
            (event.flags & WEIR_EVENT_LATE) == 0) {
            barrier_of(fields).take(event.kind, path);
        }
    }
}

void board::node_finished(const weir_event& event, const json_value& fields,
                          std::string_view path) {
    took_ns_ = 0;
    if (const auto found = started_.find(std::string{path}); found != started_.end()) {
        took_ns_ = event.t_ns - found->second;
        started_.erase(found);
    }
    const std::string& kind = fields["kind"].text();
    if (kind == "step") {
        ++(event.outcome == WEIR_SUCCEEDED ? counts_.succeeded
           : event.outcome == WEIR_FAILED  ? counts_.failed
           : event.outcome == WEIR_SKIPPED ? counts_.skipped
                                           : counts_.other);
    }
    const bool bad = event.outcome != WEIR_SUCCEEDED && event.outcome != WEIR_SKIPPED;
    const std::string why = error_of(fields);
    if (bad && (kind == "step" || kind == "barrier" || !why.empty())) {
        failures_.push_back(
            {std::string{path}, why.empty() ? weir_outcome_name(event.outcome) : why});
    }
}

}  // namespace weir::runner
