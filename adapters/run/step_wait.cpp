// SPDX-License-Identifier: BSL-1.0
#include "adapters/run/clocks.hpp"
#include "adapters/run/run.hpp"
#include "adapters/run/simulation.hpp"
#include "adapters/run/step.hpp"

#include <utility>

namespace weir::runs {

namespace {

constexpr std::uint8_t most_cancels = 2;  // one of a kind

}  // namespace

step_wait::step_wait(activation& a, std::uint32_t attempt) : a_{a}, attempt_{attempt} {
    home = &a.owner.home();
    deliver = [](fibers::message& m) noexcept {
        auto& me = static_cast<step_wait&>(static_cast<step_call&>(m));
        me.a_.owner.home().unhold();
        me.finish();
    };
    limit_.of = heartbeat_.of = grace_.of = this;
    limit_.fire = [](fibers::timer& t) noexcept { static_cast<alarm&>(t).of->limit_reached(); };
    heartbeat_.fire = [](fibers::timer& t) noexcept {
        auto& me = *static_cast<alarm&>(t).of;
        me.silent_ = true;
        me.limit_reached();
    };
    grace_.fire = [](fibers::timer& t) noexcept { static_cast<alarm&>(t).of->grace_over(); };
}

bool step_wait::run(std::string input) {
    auto& worker = a_.owner.home();
    const bool simulated = a_.owner.options().simulated != nullptr;
    std::unique_ptr<event_detail> detail;
    if (!simulated) {
        detail = std::make_unique<event_detail>();
        detail->input = std::move(input);
        handle_ = a_.owner.to().open_step(*this);
        if (handle_ == 0)
            return false;
        worker.hold();
    } else {
        const auto& told = a_.owner.options().simulated->of(a_.path);
        message = told.message;
        outputs = told.outputs;
    }
    const bool told = a_.owner.emit({.type = event_type::step_started,
                                     .promises = 1 + most_cancels,
                                     .attempt = attempt_,
                                     .step = handle_,
                                     .path = a_.path,
                                     .detail = std::move(detail)});
    if (!told) {
        forget();
        return true;
    }

    a_.waiting = wait_kind::step;
    a_.wait = this;
    worker.arm(limit_, worker.now() + timeout_ns(a_));
    if (simulated)
        simulate();
    else
        beat();
    lane_ = worker.current();
    while (!done_)
        lane_->park();
    a_.waiting = wait_kind::none;

    if (cancelled_)
        how = timed_out_ ? outcome::timed_out : outcome::cancelled;
    a_.owner.emit({.type = event_type::step_finished,
                   .how = how,
                   .redeems = static_cast<std::uint8_t>(1 + most_cancels - cancels_told_),
                   .attempt = attempt_,
                   .step = handle_,
                   .path = a_.path});
    return true;
}

// The host was never told of it.
void step_wait::forget() noexcept {
    how = outcome::cancelled;
    if (handle_ == 0)
        return;
    (void)a_.owner.to().close_step(handle_);
    a_.owner.home().unhold();
}

void step_wait::simulate() noexcept {
    const auto& told = a_.owner.options().simulated->of(a_.path);
    how = told.how;
    grace_.fire = [](fibers::timer& t) noexcept { static_cast<alarm&>(t).of->finish(); };
    a_.owner.home().arm(grace_, a_.owner.home().now() + told.duration_ns);
}

void step_wait::beat() noexcept {
    const auto patience = a_.owner.options().heartbeat_ns;
    if (patience == 0)
        return;
    auto& worker = a_.owner.home();
    worker.arm(heartbeat_, worker.now() + patience);
    heartbeat_.held = a_.owner.orders().paused();
    if (heartbeat_.held)
        worker.disarm(heartbeat_);
}

void step_wait::progressed(std::string_view said) {
    if (cancelled_ || done_)
        return;
    beat();
    if (said.empty())
        return;
    auto detail = std::make_unique<event_detail>();
    detail->input = said;
    a_.owner.emit({.type = event_type::step_progress,
                   .attempt = attempt_,
                   .step = handle_,
                   .path = a_.path,
                   .detail = std::move(detail)});
}

void step_wait::hold_clocks() noexcept {
    for (alarm* clock : {&limit_, &heartbeat_}) {
        clock->held = clock->armed();
        a_.owner.home().disarm(*clock);
    }
}

void step_wait::release_clocks(std::int64_t stood_ns) noexcept {
    for (alarm* clock : {&limit_, &heartbeat_}) {
        if (std::exchange(clock->held, false) && !cancelled_ && !done_)
            a_.owner.home().arm(*clock, clock->deadline() + stood_ns);
    }
}

void step_wait::limit_reached() noexcept {
    timed_out_ = true;
    cancel();
}

void step_wait::cancel() noexcept {
    if (cancelled_ || done_)
        return;
    cancelled_ = true;
    auto& worker = a_.owner.home();
    worker.disarm(limit_);
    worker.disarm(heartbeat_);
    if (handle_ == 0)
        return finish();
    tell_cancel(false);
    worker.arm(grace_, worker.now() + a_.owner.options().grace_ns);
}

void step_wait::grace_over() noexcept {
    tell_cancel(true);
    if (!a_.owner.to().close_step(handle_))
        return;  // an answer is in the inbox
    a_.owner.home().unhold();
    finish();
}

void step_wait::finish() noexcept {
    auto& worker = a_.owner.home();
    worker.disarm(limit_);
    worker.disarm(heartbeat_);
    worker.disarm(grace_);
    done_ = true;
    if (lane_)
        lane_->unpark();
}

void step_wait::tell_cancel(bool hard) noexcept {
    ++cancels_told_;
    a_.owner.emit({.type = event_type::step_cancel,
                   .hard = hard,
                   .redeems = 1,
                   .attempt = attempt_,
                   .step = handle_,
                   .path = a_.path});
}

}  // namespace weir::runs
