// SPDX-License-Identifier: BSL-1.0
#include <weir/weir.h>

#include "adapters/plan/json.hpp"
#include "adapters/run/simulation.hpp"
#include "plugin/guard.hpp"
#include "plugin/host_log.hpp"
#include "plugin/hosted_run.hpp"
#include "plugin/tables.hpp"

#include <string>

namespace weir::plugin {

namespace {

weir_status read_options(const weir_run_options& given, runs::run_options& options,
                         weir_error* error) {
    const auto id = text_of(given.id, given.id_length);
    const auto simulation = text_of(given.simulation, given.simulation_length);
    if (!id || !simulation)
        return refuse(error, WEIR_E_INVALID_ARGUMENT, no_text);
    if (!is_text(*id))
        return refuse(error, WEIR_E_NOT_UTF8, "id is not UTF-8");
    if (given.grace_ns < 0)
        return refuse(error, WEIR_E_INVALID_ARGUMENT, "grace_ns: 0 or more");
    if (given.heartbeat_ns < 0)
        return refuse(error, WEIR_E_INVALID_ARGUMENT, "heartbeat_ns: 0 or more");
    options.heartbeat_ns = given.heartbeat_ns;
    if ((given.flags & ~(WEIR_RUN_SIMULATE | WEIR_RUN_SLOTS_RELEASE)) != 0)
        return refuse(error, WEIR_E_INVALID_ARGUMENT, "flags: an unknown flag is set");
    if ((given.flags & WEIR_RUN_SLOTS_RELEASE) != 0)
        options.slots = plan::slot_policy::release;
    options.id = *id;
    if (given.grace_ns != 0)
        options.grace_ns = given.grace_ns;
    if ((given.flags & WEIR_RUN_SIMULATE) == 0) {
        if (simulation->empty())
            return WEIR_OK;
        return refuse(error, WEIR_E_INVALID_ARGUMENT,
                      "simulation: given without WEIR_RUN_SIMULATE");
    }
    std::string fault;
    options.simulated = runs::simulation::parse(*simulation, fault);
    return options.simulated ? WEIR_OK : refuse(error, WEIR_E_NOT_JSON, fault);
}

// The runtime was entered. 0: no handle is left.
weir_run start(std::shared_ptr<hosted_runtime> where, std::shared_ptr<const plan::plan> what,
               std::shared_ptr<event_queue> to, runs::run_options options, std::uint64_t tag) {
    weir_run handle = 0;
    try {
        auto made =
            std::make_shared<hosted_run>(where, to, std::move(what), std::move(options), tag);
        handle = all().runs.add(made);
        if (handle != 0) {
            to->attach(made);
            made->start(handle);
            return handle;
        }
    } catch (...) {
        (void)all().runs.take(handle);
        where->leave();
        throw;
    }
    where->leave();
    return 0;
}

bool is_end(weir_outcome outcome) noexcept {
    return outcome >= WEIR_SUCCEEDED && outcome <= WEIR_TIMED_OUT;
}

}  // namespace

}  // namespace weir::plugin

using namespace weir;
using plugin::all;

weir_status weir_run_start(weir_runtime runtime, weir_plan plan, weir_queue queue,
                           const weir_run_options* given, weir_run* run,
                           weir_error* error) noexcept {
    return plugin::guarded(error, [&] {
        if (!run)
            return plugin::refuse(error, WEIR_E_INVALID_ARGUMENT, "run is null");
        const auto known = plugin::options_of(given, sizeof(weir_run_options));
        if (!known)
            return plugin::refuse(error, WEIR_E_STRUCT_SIZE,
                                  "weir_run_options has the wrong struct_size");
        auto where = all().runtimes.find(runtime);
        auto what = all().plans.find(plan);
        auto to = all().queues.find(queue);
        if (!where || !what || !to) {
            return plugin::refuse(error, WEIR_E_STALE,
                                  !where  ? "runtime is stale"
                                  : !what ? "plan is stale"
                                          : "queue is stale");
        }
        if (where->is_foreign() || to->is_foreign())
            return plugin::refuse(error, WEIR_E_FORKED,
                                  "the runtime or the queue is the parent process's");
        runs::run_options options;
        if (const auto status = plugin::read_options(*known, options, error); status != WEIR_OK)
            return status;

        options.locks = where->locks();
        if (!where->enter())
            return plugin::refuse(error, WEIR_E_CLOSED, "the runtime is being destroyed");
        const auto handle = plugin::start(std::move(where), std::move(what), std::move(to),
                                          std::move(options), known->tag);
        if (handle == 0)
            return plugin::refuse(error, WEIR_E_LIMIT, "too many runs");
        *run = handle;
        return WEIR_OK;
    });
}

weir_status weir_run_cancel(weir_run run, const char* why, uint32_t why_length) noexcept {
    return plugin::guarded([&] {
        const auto text = plugin::text_of(why, why_length);
        if (!text)
            return WEIR_E_INVALID_ARGUMENT;
        if (!plugin::is_text(*text))
            return WEIR_E_NOT_UTF8;
        const auto found = all().runs.find(run);
        if (!found)
            return WEIR_E_STALE;
        return found->cancel(std::string{*text});
    });
}

weir_status weir_step_finish(weir_step step, weir_outcome outcome, const char* outputs,
                             uint32_t outputs_length, const char* message,
                             uint32_t message_length) noexcept {
    return plugin::guarded([&] {
        const auto values = plugin::text_of(outputs, outputs_length);
        const auto words = plugin::text_of(message, message_length);
        if (!values || !words || !plugin::is_end(outcome))
            return WEIR_E_INVALID_ARGUMENT;
        if (!plugin::is_text(*values) || !plugin::is_text(*words))
            return WEIR_E_NOT_UTF8;
        if (!values->empty() && !plugin::is_object(*values))
            return WEIR_E_NOT_JSON;
        std::string kept_values{*values};
        std::string kept_words{*words};

        if (const auto open = all().steps.find(step); open && open.process.is_foreign())
            return WEIR_E_FORKED;
        const auto taken = all().steps.take(step);
        if (!taken) {
            plugin::log_to_all(WEIR_LOG_INFO,
                               "weir_step_finish: the step was answered before, or its time for an "
                               "answer is over");
            return WEIR_E_STALE;
        }
        auto& call = *taken.call;
        call.how = static_cast<runs::outcome>(outcome);
        call.outputs = std::move(kept_values);
        call.message = std::move(kept_words);
        auto& at = *taken.at;
        at.begin_call();
        call.home->post(call);  // from here on the run may end, and its runtime be destroyed
        at.end_call();
        return WEIR_OK;
    });
}
