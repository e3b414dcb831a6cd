// SPDX-License-Identifier: BSL-1.0
#include "plugin/hosted_run.hpp"

#include "plugin/tables.hpp"

namespace weir::plugin {

hosted_run::hosted_run(std::shared_ptr<hosted_runtime> runtime, std::shared_ptr<event_queue> queue,
                       std::shared_ptr<const plan::plan> plan, runs::run_options options, std::uint64_t tag)
    : runtime_{std::move(runtime)}, queue_{std::move(queue)}, tag_{tag},
      run_{std::move(plan), runtime_->core().place(), *this, std::move(options)} {}

void hosted_run::start(weir_run handle) noexcept {
    handle_ = handle;
    ++runtime_->runs;
    run_.start();
}

bool hosted_run::cancel(std::string why) {
    const std::lock_guard lock{mutex_};
    if (closed_) return false;
    run_.cancel(std::move(why));
    return true;
}

void hosted_run::post(runs::event&& what) noexcept {
    // With its last event in the queue, the consumer may let go of this run, and of the queue.
    const auto queue = queue_;
    if (what.type == runs::event_type::run_finished) --runtime_->runs;
    queue->push(*this, std::move(what));
}

std::uint64_t hosted_run::open_step(runs::step_call& call) noexcept {
    try {
        return all().steps.add(&call);
    } catch (...) {
        return 0;
    }
}

bool hosted_run::close_step(std::uint64_t handle) noexcept {
    return all().steps.take(handle) != nullptr;
}

void hosted_run::closing() noexcept {
    {
        const std::lock_guard lock{mutex_};
        closed_ = true;
    }
    (void)all().runs.take(handle_);
}

}  // namespace weir::plugin
