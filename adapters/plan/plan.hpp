// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/span.hpp"
#include "adapters/plan/strategy.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace weir::plan {

using node_index = std::uint32_t;
inline constexpr node_index no_node = ~node_index{0};

// Containers run their children in order; `parallel` and `graph` each in a lane of its own, all at
// once or, in a graph, once those that it depends on have ended. A pipeline below the root is a
// child: it stands alone in its Pipeline stage, and its names are a scope of their own.
enum class node_kind : std::uint8_t {
    pipeline,
    stage,
    step_group,
    parallel,
    graph,
    rollback,
    on_release,  // what a barrier runs before anyone goes on; no child of any node
    step,
    barrier,
    lock  // a Queue or ResourceConstraint step: takes permits that its holder keeps to its end
};

// Which status of what came before lets a node run (`when`): success includes ignored failures.
enum class when_status : std::uint8_t { success, failure, all };

enum class action_kind : std::uint8_t {
    ignore, retry, retry_step_group, mark_as_success, mark_as_failure, abort, stage_rollback,
    step_group_rollback, pipeline_rollback, manual_intervention, proceed_with_default_values
};

struct failure_action {
    action_kind kind = action_kind::mark_as_failure;
    std::uint32_t retry_count = 0;
    std::vector<std::int64_t> retry_intervals_ms;   // the last one repeats; empty: none
    std::unique_ptr<failure_action> follow_up;  // onRetryFailure, or onTimeout of an intervention
    std::int64_t timeout_ms = 0;                    // of a manual intervention
    span where;
};

struct failure_strategy {
    std::vector<std::string> errors;                // error kinds; "AllErrors" stands alone
    failure_action action;
};

// Who keeps the permits of a lock, and until its end: the run, or the stage instance.
enum class lock_scope : std::uint8_t { pipeline, stage };

struct lock_request {
    std::string key;              // may hold expressions
    amount permits, capacity;     // not given: 1
    lock_scope scope = lock_scope::pipeline;
    bool automatic = false;       // a Deployment stage's own, which nobody wrote
};

// Attributes that few nodes have, apart so that the many stay small.
struct node_extras {
    std::unique_ptr<plan::strategy> strategy;
    std::vector<failure_strategy> failure_strategies;
    std::string timeout;                  // an expression: a duration, known at the node's start
    std::string variables;                // JSON object; values may hold expressions
    std::vector<node_index> depends_on;   // in a graph: siblings that end before it starts
    std::unique_ptr<lock_request> lock;   // of kind lock
    std::string inputs;    // a child's: JSON object; expressions are the parent's
    std::string outputs;   // a child's: JSON object; expressions are its own
};

// One node of the tree. Text is owned by the plan and lives as long as it does.
struct node {
    std::string_view id;          // as written: the path's segment, without a loop's suffix
    std::string_view name;        // for people; may equal id
    std::string_view type;        // the document's own word: "Custom", "ShellScript", "Barrier" ...
    std::string_view spec;  // JSON for the host, opaque here; may hold expressions; empty: none
    std::string_view condition;   // expression of `when`; empty: true
    const node_extras* extras = nullptr;
    std::int64_t timeout_ms = 0;  // 0: none given
    node_index parent = no_node;
    node_index first_child = no_node;
    node_index next = no_node;    // next sibling
    node_index rollback = no_node;// stage, group: its rollback section, not among the children
    std::uint32_t barrier = 0;    // kind barrier, on_release: index into plan::barriers
    node_kind kind = node_kind::step;
    when_status status = when_status::success;
    bool spec_has_expressions = false;
    bool holds_barriers = false;  // a Barrier step stands at or below it
    span where;

    [[nodiscard]] const plan::strategy* loop() const noexcept {
        return extras ? extras->strategy.get() : nullptr;
    }
};

// What becomes of those who come after a quorum has decided.
enum class straggler_policy : std::uint8_t { pass, fail };

struct barrier_definition {
    std::string id;
    std::string name;
    span where;
    node_index scope = 0;               // the pipeline that declares it: each run of it has its own
    std::uint32_t quorum = 0;           // 0: all parties
    straggler_policy stragglers = straggler_policy::pass;
    bool cyclic = false;                // a party is the lane around a loop, a turn a generation
    bool exchange = false;              // gathers a value of each party: its steps' `spec`
    std::int64_t timeout_ms = 0;        // from the first arrival; 0: none
    node_index on_release = no_node;    // kind on_release
};

// The neutral, immutable tree that a document means. Node 0 is the pipeline. Shared by the runs
// made from it, on any thread.
class plan {
public:
    std::vector<node> nodes;                    // a parent stands before its children
    std::vector<barrier_definition> barriers;
    std::vector<std::string> files;             // names of the documents, for spans
    std::string variables;                      // the pipeline's, as a JSON object
    std::string host_values;  // JSON object: what only the host knows, by name, as it was at load
    bool compat_harness = false;                // what differs is done as Harness does it

    [[nodiscard]] const node& root() const noexcept { return nodes.front(); }
    [[nodiscard]] const node& operator[](node_index i) const noexcept { return nodes[i]; }
    [[nodiscard]] node_index index_of(const node& n) const noexcept {
        return static_cast<node_index>(&n - nodes.data());
    }

    plan();
    ~plan();
    plan(const plan&) = delete;
    plan& operator=(const plan&) = delete;

private:
    friend class builder;
    struct store;                               // texts and extras
    std::unique_ptr<store> store_;
};

// [any, never blocks] The node's place, its segments joined by "/": "deploy_api/smoke/check". The
// pipeline, `parallel` and `graph` nodes add no segment (the pipeline's own path is empty), a
// rollback section adds "rollback", an on_release section its barrier's id. A loop's path is its node's, without a suffix; instances put theirs
// behind the id.
[[nodiscard]] std::string path_of(const plan&, node_index);
[[nodiscard]] std::string_view segment_of(const node&) noexcept;   // empty: it adds none

// [any, never blocks] The names that plan JSON uses.
[[nodiscard]] std::string_view name_of(node_kind) noexcept;
[[nodiscard]] std::string_view name_of(when_status) noexcept;
[[nodiscard]] std::string_view name_of(action_kind) noexcept;
[[nodiscard]] std::string_view name_of(lock_scope) noexcept;
[[nodiscard]] std::string_view name_of(straggler_policy) noexcept;

}  // namespace weir::plan
