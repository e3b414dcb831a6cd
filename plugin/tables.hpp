// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <weir/weir.h>

#include "adapters/plan/plan.hpp"
#include "adapters/run/host.hpp"
#include "plugin/handles.hpp"
#include "plugin/process.hpp"
#include "plugin/scopes/slab.hpp"

#include <memory>
#include <string>

namespace weir::plugin {

class event_queue;
class hosted_run;
class hosted_runtime;
class open_loop;
class scope_tree;
struct barrier_record;
struct gate_record;
struct host_lane;
struct scope_record;

// A step that a host owes an answer for.
struct open_step {
    runs::step_call* call = nullptr;
    hosted_runtime* at = nullptr;  // lives at least until the answer is posted
    weir_run run = 0;
    birthplace process{};

    explicit operator bool() const noexcept { return call != nullptr; }
};

// Every object that a host holds a handle of. The one thing in the library that is the process's
// and not a runtime's: a handle says nothing of whose it is. Made by the compiler, never destroyed:
// calls may come while a process exits.
struct tables {
    handle_table<std::shared_ptr<hosted_runtime>> runtimes{kind::runtime};
    handle_table<std::shared_ptr<event_queue>> queues{kind::queue};
    handle_table<std::shared_ptr<const plan::plan>> plans{kind::plan};
    handle_table<std::shared_ptr<hosted_run>> runs{kind::run};
    handle_table<open_step> steps{kind::step};
    handle_table<std::shared_ptr<const std::string>> texts{kind::text};
    handle_table<std::shared_ptr<open_loop>> loops{kind::loop};
    slab<scope_record> scopes{kind::scope};
    slab<host_lane> lanes{kind::lane};
    slab<barrier_record> barriers{kind::barrier};
    slab<gate_record> gates{kind::gate};
    slab<scope_tree> trees{kind::tree};
};

[[nodiscard]] tables& all() noexcept;

// Makes a text for the host.
[[nodiscard]] weir_status give_text(std::string text, weir_text& handle);

}  // namespace weir::plugin
