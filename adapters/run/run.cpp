// SPDX-License-Identifier: BSL-1.0
#include "adapters/run/run.hpp"

#include "adapters/plan/json.hpp"
#include "adapters/run/activation.hpp"
#include "adapters/run/interrupt.hpp"
#include "adapters/run/lane.hpp"
#include "fibers/locks.hpp"

#include <cassert>
#include <cstring>
#include <new>
#include <utility>

namespace weir::runs {

namespace {

bool may_undo(const plan::failure_action* action) noexcept {
    for (; action; action = action->follow_up.get()) {
        if (action->kind == plan::action_kind::pipeline_rollback ||
            action->kind == plan::action_kind::manual_intervention)
            return true;
    }
    return false;
}

bool may_undo(const plan::plan& document) noexcept {
    for (const auto& node : document.nodes) {
        if (!node.extras)
            continue;
        for (const auto& strategy : node.extras->failure_strategies) {
            if (may_undo(&strategy.action))
                return true;
        }
    }
    return false;
}

}  // namespace

run::run(std::shared_ptr<const plan::plan> document, fibers::worker& home, host& to,
         run_options options)
    : plan_{std::move(document)},
      home_{home},
      host_{to},
      options_{std::move(options)},
      roster_{*this},
      control_{*this},
      stalls_{*this} {
    if (!options_.locks)
        options_.locks = std::make_shared<fibers::locks>();
    if (options_.id.empty())
        options_.id = plan_->root().id;
    const auto object_of = [](const std::string& text) {
        return std::make_unique<const json>(text.empty() ? json::object() : json::parse(text));
    };
    variables_ = object_of(plan_->variables);
    host_values_ = object_of(plan_->host_values);
    undo_section_.kind = plan::node_kind::rollback;
    undo_section_.id = "rollback";
    undo_parallel_.kind = plan::node_kind::parallel;
    may_undo_ = runs::may_undo(*plan_);
    for (door* d : {&start_, &cancel_, &starve_, &finish_})
        d->of = this;
    start_.deliver = [](fibers::message& m) noexcept { static_cast<door&>(m).of->started(); };
    cancel_.deliver = [](fibers::message& m) noexcept { static_cast<door&>(m).of->cancelled(); };
    starve_.deliver = [](fibers::message& m) noexcept { static_cast<door&>(m).of->starving(); };
    finish_.deliver = [](fibers::message& m) noexcept { static_cast<door&>(m).of->finished(); };
}

run::~run() = default;

void run::start() noexcept {
    home_.post(start_);
}

void run::cancel(std::string why) noexcept {
    if (cancel_posted_.exchange(true))
        return;
    why_ = std::move(why);
    home_.post(cancel_);
}

void run::give(std::unique_ptr<order> what) {
    if (what->what != action::progress) {
        what->answer = std::make_unique<event_detail>();
        host_.promise(1);
    }
    ++orders_;
    what->of = this;
    what->deliver = [](fibers::message& m) noexcept {
        std::unique_ptr<order> mine{&static_cast<order&>(m)};
        run& of = *mine->of;
        of.ordered(std::move(mine));
    };
    home_.post(*what.release());
}

void run::ordered(std::unique_ptr<order> what) noexcept {
    if (!attempt([&] { control_.obey(*what, root_); }))
        control_.refuse(*what);
    --orders_;
    if (closing_)
        finished();
}

void run::started() noexcept {
    origin_ns_ = home_.now();
    emit({.type = event_type::run_started, .redeems = 1});
    const bool ready = attempt([&] {
        root_ = &begin(nullptr, plan_->root(), {});
        root_->join(roster_.build());
    });
    if (!ready || !home_.spawn(root_lane, this))
        could_not_start();
}

void run::could_not_start() noexcept {
    starve();
    ending_ = outcome::failed;
    roster_.break_all("the run could not start");
    if (root_)
        end(*std::exchange(root_, nullptr));
    finished();
}

void run::root_lane(void* self) noexcept {
    auto& me = *static_cast<run*>(self);
    me.ending_ = walk(*me.root_);
    me.root_ = nullptr;
    me.home_.post(me.finish_);
}

void run::cancelled() noexcept {
    cancel_delivered_ = true;
    if (closing_)
        return finished();
    cancelling_->action = "cancel";
    cancelling_->who = "host";
    cancelling_->why = std::move(why_);
    emit({.type = event_type::control,
          .how = outcome::succeeded,
          .redeems = 1,
          .detail = std::move(cancelling_)});
    control_.end_pause(root_);
    if (root_)
        interrupt(*root_, interruption::from_above, "the run was cancelled");
}

void run::starve() noexcept {
    if (std::exchange(starved_, true))
        return;
    // Not here: this may be in the middle of anything.
    home_.post(starve_);
}

void run::starving() noexcept {
    starve_delivered_ = true;
    if (closing_)
        return finished();
    control_.end_pause(root_);
    if (root_)
        interrupt(*root_, interruption::from_above, "memory ran out");
}

const plan::node& run::undo_node(plan::node_kind kind) const noexcept {
    return kind == plan::node_kind::parallel ? undo_parallel_ : undo_section_;
}

bool run::is_cancelled() const noexcept {
    return root_ && root_->interrupted == interruption::from_above;
}

void run::finished() noexcept {
    assert(open_ == 0);
    if (!closing_) {
        closing_ = true;
        host_.closing();
    }
    if ((cancel_posted_ && !cancel_delivered_) || (starved_ && !starve_delivered_) ||
        orders_ != 0 || stalls_.is_due())
        return;  // its delivery calls again
    emit({.type = event_type::run_finished,
          .how = starved_ ? outcome::failed : ending_,
          .starved = starved_,
          .redeems = static_cast<std::uint8_t>(cancelling_ ? 2 : 1)});
}

bool run::emit(event&& e) noexcept {
    const bool last = e.type == event_type::run_finished;
    e.seq = seq_ + 1;
    e.t_ns = home_.now() - origin_ns_;
    const bool told = host_.post(std::move(e));
    if (last)
        return true;  // the run may be gone
    if (told)
        ++seq_;
    else
        starve();
    return told;
}

std::string_view run::keep(std::string_view text) {
    if (text.empty())
        return {};
    auto* const room = static_cast<char*>(texts_.allocate(text.size(), 1));
    std::memcpy(room, text.data(), text.size());
    return {room, text.size()};
}

std::string_view run::keep_if_possible(std::string_view text) noexcept {
    std::string_view kept;
    (void)attempt([&] { kept = keep(text); });
    return kept;
}

std::string_view run::path_below(std::string_view parent, std::string_view segment) {
    if (parent.empty())
        return segment;  // the plan's own text, which outlives the run
    const auto size = parent.size() + 1 + segment.size();
    auto* const room = static_cast<char*>(texts_.allocate(size, 1));
    std::memcpy(room, parent.data(), parent.size());
    room[parent.size()] = '/';
    std::memcpy(room + parent.size() + 1, segment.data(), segment.size());
    return {room, size};
}

activation& run::begin(activation* parent, const plan::node& what, std::string_view path) {
    auto* const room = pool_.allocate(sizeof(activation), alignof(activation));
    ++open_;
    return *new (room) activation{*this, parent, what, path};
}

void run::end(activation& a) noexcept {
    --open_;
    a.~activation();
    pool_.deallocate(&a, sizeof(activation), alignof(activation));
}

}  // namespace weir::runs
