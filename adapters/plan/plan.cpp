// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/plan.hpp"

#include "adapters/plan/store.hpp"

namespace weir::plan {

plan::plan() : store_(std::make_unique<store>()) {}
plan::~plan() = default;

std::string_view segment_of(const node& n) noexcept {
    switch (n.kind) {
        case node_kind::pipeline:
        case node_kind::parallel:
        case node_kind::graph: return {};
        case node_kind::rollback: return "rollback";
        default: return n.id;
    }
}

std::string path_of(const plan& p, node_index at) {
    std::vector<std::string_view> segments;
    std::size_t length = 0;
    for (node_index i = at; i != no_node; i = p[i].parent) {
        const std::string_view segment = segment_of(p[i]);
        if (segment.empty()) continue;
        segments.push_back(segment);
        length += segment.size() + 1;
    }
    std::string path;
    path.reserve(length);
    for (auto s = segments.rbegin(); s != segments.rend(); ++s) {
        if (!path.empty()) path += '/';
        path += *s;
    }
    return path;
}

std::string_view name_of(node_kind kind) noexcept {
    switch (kind) {
        case node_kind::pipeline: return "pipeline";
        case node_kind::stage: return "stage";
        case node_kind::step_group: return "step_group";
        case node_kind::parallel: return "parallel";
        case node_kind::graph: return "graph";
        case node_kind::rollback: return "rollback";
        case node_kind::on_release: return "on_release";
        case node_kind::step: return "step";
        case node_kind::barrier: return "barrier";
        case node_kind::lock: return "lock";
    }
    return {};
}

std::string_view name_of(when_status status) noexcept {
    switch (status) {
        case when_status::success: return "success";
        case when_status::failure: return "failure";
        case when_status::all: return "all";
    }
    return {};
}

std::string_view name_of(action_kind action) noexcept {
    switch (action) {
        case action_kind::ignore: return "ignore";
        case action_kind::retry: return "retry";
        case action_kind::retry_step_group: return "retry_step_group";
        case action_kind::mark_as_success: return "mark_as_success";
        case action_kind::mark_as_failure: return "mark_as_failure";
        case action_kind::abort: return "abort";
        case action_kind::stage_rollback: return "stage_rollback";
        case action_kind::step_group_rollback: return "step_group_rollback";
        case action_kind::pipeline_rollback: return "pipeline_rollback";
        case action_kind::manual_intervention: return "manual_intervention";
        case action_kind::proceed_with_default_values: return "proceed_with_default_values";
    }
    return {};
}

std::string_view name_of(lock_scope scope) noexcept {
    switch (scope) {
        case lock_scope::pipeline: return "pipeline";
        case lock_scope::stage: return "stage";
    }
    return {};
}

std::string_view name_of(straggler_policy policy) noexcept {
    switch (policy) {
        case straggler_policy::pass: return "pass";
        case straggler_policy::fail: return "fail";
    }
    return {};
}

}  // namespace weir::plan
