// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <weir/weir.h>

#include "adapters/run/run.hpp"
#include "plugin/event_queue.hpp"
#include "plugin/hosted_runtime.hpp"
#include "plugin/process.hpp"

#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace weir::plugin {

// A run as a host holds it: its door to the queue and the handles. The queue keeps it until its
// last event has been taken and the drain after that; with that event in the queue, it holds
// neither queue nor runtime any more.
class hosted_run final : public runs::host {
public:
    // `runtime` was entered for it.
    hosted_run(std::shared_ptr<hosted_runtime> runtime, std::shared_ptr<event_queue> queue,
               std::shared_ptr<const plan::plan> plan, runs::run_options options,
               std::uint64_t tag);

    void start(weir_run handle) noexcept;

    // WEIR_E_STALE: it has finished. [any thread]
    [[nodiscard]] weir_status cancel(std::string why);
    [[nodiscard]] weir_status give(std::unique_ptr<runs::order> what);

    [[nodiscard]] weir_run handle() const noexcept { return handle_; }
    [[nodiscard]] std::uint64_t tag() const noexcept { return tag_; }
    // Of those whose last event was taken: the one that was taken before. [consumer]
    std::shared_ptr<hosted_run> taken_before;

    [[nodiscard]] std::string_view id() const noexcept { return run_.id(); }

    bool post(runs::event&&) noexcept override;
    void promise(std::uint32_t events) override;
    std::uint64_t open_step(runs::step_call&) override;
    bool close_step(std::uint64_t handle) noexcept override;
    runs::step_call* find_step(std::uint64_t handle) noexcept override;
    void closing() noexcept override;

private:
    template <class F>
    weir_status reach(F&& with);

    std::shared_ptr<hosted_runtime> runtime_;
    std::shared_ptr<event_queue> queue_;
    const std::uint64_t tag_;
    const birthplace process_;
    weir_run handle_ = 0;
    std::mutex mutex_;
    bool closed_ = false;  // guarded by mutex_
    runs::run run_;
};

}  // namespace weir::plugin
