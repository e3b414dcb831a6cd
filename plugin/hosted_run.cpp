// SPDX-License-Identifier: BSL-1.0
#include "plugin/hosted_run.hpp"

#include "plugin/host_log.hpp"
#include "plugin/tables.hpp"

#include <utility>

namespace weir::plugin {

hosted_run::hosted_run(std::shared_ptr<hosted_runtime> runtime, std::shared_ptr<event_queue> queue,
                       std::shared_ptr<const plan::plan> plan, runs::run_options options,
                       std::uint64_t tag)
    : runtime_{std::move(runtime)},
      queue_{std::move(queue)},
      tag_{tag},
      run_{std::move(plan), runtime_->core().place(), *this, std::move(options)} {}

void hosted_run::start(weir_run handle) noexcept {
    handle_ = handle;
    run_.start();
}

weir_status hosted_run::cancel(std::string why) {
    return reach([&] { run_.cancel(std::move(why)); });
}

weir_status hosted_run::give(std::unique_ptr<runs::order> what) {
    return reach([&] { run_.give(std::move(what)); });
}

// In a child after fork the lock may be held for ever.
template <class F>
weir_status hosted_run::reach(F&& with) {
    if (process_.is_foreign())
        return WEIR_E_FORKED;
    const std::lock_guard lock{mutex_};
    if (closed_)
        return WEIR_E_STALE;
    with();
    return WEIR_OK;
}

bool hosted_run::post(runs::event&& what) noexcept {
    auto& home = run_.home();
    const auto raise = [&](event_queue& queue) {
        home.on_own_stack([&]() noexcept { queue.raise(); });
    };
    if (what.type != runs::event_type::run_finished) {
        const auto done = queue_->push(*this, std::move(what));
        if (done == pushed::raise)
            raise(*queue_);
        return done != pushed::no_room;
    }
    // With its last event in the queue, the consumer may let go of this run, of the queue and of
    // the runtime, which waits for this worker, not for the run.
    if (what.starved)
        home.on_own_stack([this]() noexcept {
            log_to(runtime_->log(), WEIR_LOG_ERROR, "memory ran out: run '%.*s' ends",
                   static_cast<int>(id().size()), id().data());
        });
    const auto queue = std::move(queue_);
    std::exchange(runtime_, nullptr)->leave();
    if (queue->push(*this, std::move(what)) == pushed::raise)
        raise(*queue);
    return true;
}

void hosted_run::promise(std::uint32_t events) {
    queue_->promise(events);
}

std::uint64_t hosted_run::open_step(runs::step_call& call) {
    return all().steps.add({&call, runtime_.get(), handle_});
}

bool hosted_run::close_step(std::uint64_t handle) noexcept {
    return static_cast<bool>(all().steps.take(handle));
}

runs::step_call* hosted_run::find_step(std::uint64_t handle) noexcept {
    return all().steps.find(handle).call;
}

void hosted_run::closing() noexcept {
    {
        const std::lock_guard lock{mutex_};
        closed_ = true;
    }
    (void)all().runs.take(handle_);
}

}  // namespace weir::plugin
