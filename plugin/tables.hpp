// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/plan.hpp"
#include "adapters/run/host.hpp"
#include "plugin/handles.hpp"

#include <memory>
#include <string>

namespace weir::plugin {

class event_queue;
class hosted_run;
class hosted_runtime;

// Every object that a host holds a handle of. The one thing in the library that is the process's and not a runtime's:
// a handle says nothing of whose it is. Made by the compiler, never destroyed: calls may come while a process exits.
struct tables {
    handle_table<std::shared_ptr<hosted_runtime>> runtimes{kind::runtime};
    handle_table<std::shared_ptr<event_queue>> queues{kind::queue};
    handle_table<std::shared_ptr<const plan::plan>> plans{kind::plan};
    handle_table<std::shared_ptr<hosted_run>> runs{kind::run};
    handle_table<runs::step_call*> steps{kind::step};
    handle_table<std::shared_ptr<const std::string>> texts{kind::text};
};

[[nodiscard]] tables& all() noexcept;

}  // namespace weir::plugin
