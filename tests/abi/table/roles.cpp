// SPDX-License-Identifier: BSL-1.0
#include "tests/abi/table/function.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace weir::abi::test {

namespace {

// Handles are named for their kind, and for the state they are in where the call wants one; one
// that may be 0 ends in '?'. A text is followed by its length. `out` and `events` are needed,
// `out?` is not.
const std::map<std::string_view, std::string_view> roles{
    {"weir_version", ""},
    {"weir_abi_version", ""},
    {"weir_status_name", "number"},
    {"weir_status_text", "number"},
    {"weir_outcome_name", "number"},
    {"weir_event_name", "number"},
    {"weir_reason_name", "number"},
    {"weir_get_api", "abi"},
    {"weir_text_view", "text out out"},
    {"weir_text_release", "text?"},
    {"weir_runtime_create", "runtime_options out error"},
    {"weir_runtime_poll", "runtime number out?"},
    {"weir_runtime_destroy_wait", "runtime.idle"},
    {"weir_runtime_statistics", "runtime statistics"},
    {"weir_queue_create", "queue_options out error"},
    {"weir_queue_descriptor", "queue out"},
    {"weir_queue_drain", "queue events stride capacity out"},
    {"weir_queue_wake", "queue"},
    {"weir_queue_on_wake", "queue.idle wake context"},
    {"weir_queue_dispatch", "queue.idle take context"},
    {"weir_queue_dispatch_end_wait", "queue.dispatched"},
    {"weir_queue_destroy", "queue.idle"},
    {"weir_plan_load", "document length load_options out out? error"},
    {"weir_plan_describe", "plan format out"},
    {"weir_plan_release", "plan?"},
    {"weir_run_start", "runtime plan queue run_options out error"},
    {"weir_run_cancel", "run words length"},
    {"weir_run_pause", "run words length"},
    {"weir_run_resume", "run words length"},
    {"weir_run_break_barrier", "run words length words length"},
    {"weir_run_release_barrier", "run words length words length"},
    {"weir_run_set_concurrency", "run words length number"},
    {"weir_run_intervene", "run words length number words length words length"},
    {"weir_run_snapshot", "run tag"},
    {"weir_step_progress", "step object length"},
    {"weir_step_finish", "step outcome object length words length"},
    {"weir_scope_open", "runtime queue scope_options out error"},
    {"weir_scope_close", "scope"},
    {"weir_scope_describe", "scope out"},
    {"weir_lane_open", "scope lane? words length tag out"},
    {"weir_lane_finish", "lane outcome"},
    {"weir_lane_expect", "lane barrier"},
    {"weir_lane_arrive", "lane barrier json length timeout tag"},
    {"weir_lanes_arrive", "lanes tags one barrier accepted"},
    {"weir_lane_retract", "lane barrier.arrived"},
    {"weir_lane_withdraw", "lane barrier"},
    {"weir_lane_take_slot", "lane gate tag"},
    {"weir_lane_give_slot", "lane gate.held"},
    {"weir_barrier_declare", "scope words length barrier_options out error"},
    {"weir_barrier_find", "scope known length out"},
    {"weir_barrier_open", "barrier"},
    {"weir_barrier_reserve", "barrier places"},
    {"weir_barrier_settle", "barrier.reserved places"},
    {"weir_barrier_release", "barrier"},
    {"weir_barrier_break", "barrier"},
    {"weir_barrier_complete", "barrier.completing generation outcome"},
    {"weir_barrier_describe", "barrier out"},
    {"weir_gate_open", "scope words length slots out error"},
    {"weir_gate_set_slots", "gate slots"},
    {"weir_loop_open", "strategy length loop_options out out? out? error"},
    {"weir_loop_next", "loop instances stride capacity out"},
    {"weir_loop_close", "loop?"},
};

template <std::size_t N>
bool among(const std::array<std::string_view, N>& all, std::string_view one) {
    return std::ranges::find(all, one) != all.end();
}

}  // namespace

std::string_view roles_of(std::string_view function_name) {
    const auto found = roles.find(function_name);
    return found == roles.end() ? "no entry" : found->second;
}

bool is_handle(std::string_view role) {
    constexpr std::array<std::string_view, 11> kinds{"runtime", "queue", "plan",  "run",
                                                     "step",    "text",  "scope", "lane",
                                                     "barrier", "gate",  "loop"};
    return among(kinds, role.substr(0, role.find_first_of(".?")));
}

bool is_text(std::string_view role) {
    constexpr std::array<std::string_view, 6> texts{"words",  "known",    "json",
                                                    "object", "document", "strategy"};
    return among(texts, role);
}

bool is_needed_pointer(std::string_view role) {
    constexpr std::array<std::string_view, 8> needed{"out",  "events", "instances", "statistics",
                                                     "take", "lanes",  "tags",      "accepted"};
    return among(needed, role) || is_text(role);
}

}  // namespace weir::abi::test
