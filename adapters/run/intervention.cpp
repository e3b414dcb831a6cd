// SPDX-License-Identifier: BSL-1.0
#include "adapters/run/intervention.hpp"

#include "adapters/plan/json.hpp"
#include "adapters/run/again.hpp"
#include "adapters/run/run.hpp"

#include <array>
#include <cstddef>

namespace weir::runs {

using plan::action_kind;

namespace {

constexpr std::size_t kinds =
    static_cast<std::size_t>(action_kind::proceed_with_default_values) + 1;

// The actions that a person may choose: without counts, times and what follows.
const plan::failure_action& plain(action_kind kind) {
    static const auto all = [] {
        std::array<plan::failure_action, kinds> made;
        for (std::size_t i = 0; i < kinds; ++i)
            made[i].kind = static_cast<action_kind>(i);
        made[static_cast<std::size_t>(action_kind::retry_step_group)].retry_count = ~0U;
        return made;
    }();
    return all[static_cast<std::size_t>(kind)];
}

// A Barrier step whose barrier is broken is not tried again: it would be told the same.
std::string_view broken_barrier(const activation& a) noexcept {
    const auto* const seat = a.members ? a.members->seat : nullptr;
    const bool broken = seat && seat->at.core.state() == fibers::verdict::broken;
    return broken ? seat->at.names.id : std::string_view{};
}

}  // namespace

intervention::intervention(activation& a) : a_{a}, over_{a.owner.home()} {
    fire = [](fibers::timer& t) noexcept { static_cast<intervention&>(t).over_.set(); };
}

const plan::failure_action* intervention::wait(const failure& why,
                                               const plan::failure_action& asked,
                                               std::uint32_t attempt) {
    auto& worker = a_.owner.home();
    attempt_ = attempt;
    a_.owner.home().on_own_stack([&] { tell(why, asked); });
    a_.waiting = wait_kind::intervention;
    a_.wait = this;
    if (asked.timeout_ms > 0) {
        time_.start(asked.timeout_ms * 1'000'000, worker.now());
        worker.arm(*this, time_.deadline_ns());
    }
    rest(a_);
    over_.wait();
    worker.disarm(*this);
    go_on(a_);
    a_.waiting = wait_kind::none;
    tell_end();
    return answer_;
}

void intervention::tell(const failure& why, const plan::failure_action& asked) const {
    json input = json_object("error", json_object("kind", why.kind, "message", why.message));
    if (asked.timeout_ms > 0)
        input["timeout_ms"] = asked.timeout_ms;
    auto detail = std::make_unique<event_detail>();
    detail->input = input.dump(-1, ' ', false, json::error_handler_t::replace);
    detail->error_kind = why.kind;
    detail->message = why.message;
    a_.owner.emit({.type = event_type::intervention_wanted,
                   .attempt = attempt_,
                   .path = a_.path,
                   .detail = std::move(detail)});
}

void intervention::tell_end() const {
    auto detail = std::make_unique<event_detail>();
    if (answer_) {
        detail->action = name_of(answer_->kind);
        detail->input = "{\"action\":\"" + detail->action + "\"}";
    }
    a_.owner.emit({.type = event_type::intervention_closed,
                   .attempt = attempt_,
                   .path = a_.path,
                   .detail = std::move(detail)});
}

std::string intervention::answer(std::string_view word, std::uint32_t attempt) {
    if (attempt != 0 && attempt != attempt_)
        return "the intervention that is open is of try " + std::to_string(attempt_);
    if (over_.is_set())
        return "the intervention has ended";
    if (word == "on_timeout") {
        over_.set();  // nobody will answer
        return {};
    }
    std::size_t number = 0;
    while (number < kinds && name_of(static_cast<action_kind>(number)) != word)
        ++number;
    if (number == kinds)
        return "'" + std::string{word} + "' is no action";
    const auto how = static_cast<action_kind>(number);
    if (how == action_kind::manual_intervention)
        return "the answer cannot be to ask again";
    const auto broken = broken_barrier(a_);
    if (how == action_kind::retry && !broken.empty())
        return "it cannot be tried again: barrier '" + std::string{broken} + "' is broken";
    answer_ = &plain(how);
    over_.set();
    return {};
}

void intervention::hold() noexcept {
    if (time_.hold(a_.owner.home().now()))
        a_.owner.home().disarm(*this);
}

void intervention::release() noexcept {
    if (time_.release(a_.owner.home().now()) && !over_.is_set())
        a_.owner.home().arm(*this, time_.deadline_ns());
}

bool try_again(activation& a, const failure& why, std::uint32_t attempt, std::uint32_t& retries,
               const plan::failure_action*& action) {
    while (action) {
        if (action->kind == action_kind::retry) {
            if (retries < action->retry_count && !a.halted && broken_barrier(a).empty()) {
                if (pause_before_retry(a, *action, retries)) {
                    ++retries;
                    return true;
                }
                if (a.interrupted != interruption::none)
                    return false;
            }
            action = action->follow_up.get();
        } else if (action->kind == action_kind::manual_intervention) {
            const auto* const asked = action;
            action = a.halted ? nullptr : intervention{a}.wait(why, *asked, attempt);
            if (a.interrupted != interruption::none)
                return false;
            if (action && action->kind == action_kind::retry)
                return !a.halted;
            if (!action)
                action = asked->follow_up.get();
        } else {
            return false;
        }
    }
    return false;
}

}  // namespace weir::runs
