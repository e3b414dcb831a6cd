// SPDX-License-Identifier: BSL-1.0
#include "adapters/run/control.hpp"

#include "adapters/run/clocks.hpp"
#include "adapters/run/intervention.hpp"
#include "adapters/run/run.hpp"
#include "adapters/run/snapshot.hpp"
#include "adapters/run/stalls.hpp"
#include "adapters/run/step.hpp"
#include "adapters/run/tree.hpp"

#include <memory>
#include <utility>

namespace weir::runs {

namespace {

activation* loop_at(activation& root, std::string_view path) noexcept {
    for (activation* a = &root; a; a = next_below(a, root)) {
        if (a->is_loop() && a->path == path)
            return a;
    }
    return nullptr;
}

}  // namespace

std::string_view name_of(action what) noexcept {
    switch (what) {
    case action::pause:
        return "pause";
    case action::resume:
        return "resume";
    case action::break_barrier:
        return "break";
    case action::release_barrier:
        return "release";
    case action::set_concurrency:
        return "set_concurrency";
    case action::intervene:
        return "intervene";
    case action::snapshot:
        return "snapshot";
    case action::progress:
        return "progress";
    }
    return {};
}

void control::obey(order& what, activation* root) {
    if (what.what == action::progress)
        return tell_progress(what);
    if (what.what == action::snapshot)
        return tell_snapshot(what, snapshot_of(run_, root));
    if (!root)
        return tell(what, "the run has ended");
    tell(what, carry_out(what, *root));
}

void control::refuse(order& what) noexcept {
    if (what.what == action::progress)
        return;  // it need not be told
    if (what.what == action::snapshot)
        return tell_snapshot(what, {});
    tell(what, "no memory");  // short enough to need none
}

// Empty: done. Else why not.
std::string control::carry_out(const order& what, activation& root) {
    switch (what.what) {
    case action::pause:
        return pause(root);
    case action::resume:
        if (!paused_)
            return "it is not paused";
        end_pause(&root);
        return {};
    case action::break_barrier:
    case action::release_barrier:
        return run_.members().decide_by_hand(what.target, what.what == action::release_barrier,
                                             run_.keep(what.why));
    case action::set_concurrency:
        return set_concurrency(what, root);
    case action::intervene:
        return intervene(what, root);
    default:
        return {};
    }
}

std::string control::pause(activation& root) noexcept {
    if (paused_)
        return "it is paused already";
    paused_ = true;
    paused_at_ = run_.home().now();
    hold_clocks(root);
    return {};
}

void control::end_pause(activation* root) noexcept {
    if (!std::exchange(paused_, false))
        return;
    if (root)
        release_clocks(*root, run_.home().now() - paused_at_);
    last_ = nullptr;
    for (held* h = std::exchange(first_, nullptr); h; h = h->next)
        h->wake();
    run_.stalled().look();
}

void control::held::wake() noexcept {
    if (!std::exchange(woken, true))
        who->unpark();
}

void control::hold(activation& a) noexcept {
    while (paused_ && !a.halted) {
        held me{run_.home().current()};
        (last_ ? last_->next : first_) = &me;
        last_ = &me;
        a.waiting = wait_kind::resume;
        a.wait = &me;
        me.who->park();
        a.waiting = wait_kind::none;
        for (held **at = &first_, *before = nullptr; *at; before = *at, at = &before->next) {
            if (*at != &me)
                continue;
            *at = me.next;
            last_ = last_ == &me ? before : last_;
            break;
        }
    }
}

void control::let_go(activation& a) noexcept {
    static_cast<held*>(a.wait)->wake();
}

std::string control::intervene(const order& what, activation& root) {
    for (activation* a = &root; a; a = next_below(a, root)) {
        if (a->waiting == wait_kind::intervention && a->path == what.target) {
            return static_cast<intervention*>(a->wait)->answer(
                what.word, static_cast<std::uint32_t>(what.number));
        }
    }
    return "no intervention is open at this path";
}

std::string control::set_concurrency(const order& what, activation& root) {
    auto* const loop = loop_at(root, what.target);
    if (!loop || !loop->forked)
        return "no loop of this path is under way";
    if (!loop->forked->capped)
        return "the loop has no limit in its document";
    const auto cyclic = run_.members().one_at_a_time(loop->members);
    if (!cyclic.empty() && what.number != 1) {
        return "barrier '" + std::string{cyclic} +
               "' is cyclic: the loop's turns meet at it one after the other";
    }
    if (what.number != 0 && !loop->forked->gives_back) {
        if (auto fault = run_.members().too_few(loop->members, what.number); !fault.empty())
            return fault;
    }
    loop->forked->slots.set_limit(static_cast<std::uint32_t>(what.number));
    return {};
}

void control::tell(order& what, std::string fault) noexcept {
    const auto how = fault.empty() ? outcome::succeeded : outcome::failed;
    auto& detail = *what.answer;
    detail.message = std::move(fault);
    detail.action = name_of(what.what);
    detail.who = "host";
    detail.why = std::move(what.why);
    detail.target = std::move(what.target);
    run_.emit(
        {.type = event_type::control, .how = how, .redeems = 1, .detail = std::move(what.answer)});
}

void control::tell_snapshot(order& what, std::string picture) noexcept {
    what.answer->input = std::move(picture);
    what.answer->tag = what.number;
    run_.emit({.type = event_type::snapshot, .redeems = 1, .detail = std::move(what.answer)});
}

void control::tell_progress(const order& what) {
    // A step that is still the host's to answer for is alive.
    auto* const call = static_cast<step_wait*>(run_.to().find_step(what.number));
    if (call)
        call->progressed(what.target);
}

}  // namespace weir::runs
