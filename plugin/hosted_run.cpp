// SPDX-License-Identifier: BSL-1.0
#include "plugin/hosted_run.hpp"

#include "plugin/tables.hpp"

#include <utility>

#include <unistd.h>

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
    const std::lock_guard lock{mutex_};
    if (closed_)
        return WEIR_E_STALE;
    if (runtime_->is_foreign())
        return WEIR_E_FORKED;
    run_.cancel(std::move(why));
    return WEIR_OK;
}

void hosted_run::post(runs::event&& what) noexcept {
    if (what.type != runs::event_type::run_finished)
        return queue_->push(*this, std::move(what));
    // With its last event in the queue, the consumer may let go of this run, of the queue and of
    // the runtime, which waits for this worker, not for the run.
    const auto queue = std::move(queue_);
    std::exchange(runtime_, nullptr)->leave();
    queue->push(*this, std::move(what));
}

std::uint64_t hosted_run::open_step(runs::step_call& call) noexcept {
    try {
        return all().steps.add({&call, runtime_.get(), ::getpid()});
    } catch (...) {
        return 0;
    }
}

bool hosted_run::close_step(std::uint64_t handle) noexcept {
    return static_cast<bool>(all().steps.take(handle));
}

void hosted_run::closing() noexcept {
    {
        const std::lock_guard lock{mutex_};
        closed_ = true;
    }
    (void)all().runs.take(handle_);
}

}  // namespace weir::plugin
