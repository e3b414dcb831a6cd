// SPDX-License-Identifier: BSL-1.0
#include "adapters/run/roster.hpp"

#include "adapters/run/forks.hpp"
#include "adapters/run/lookup.hpp"
#include "adapters/run/meet.hpp"
#include "adapters/run/roster_walk.hpp"
#include "adapters/run/run.hpp"
#include "adapters/run/stalls.hpp"
#include "adapters/run/turns.hpp"

#include <set>

namespace weir::runs {

using plan::node_kind;

namespace {

void collect(const plan::plan& document, const plan::node& at, std::set<std::uint32_t>& barriers) {
    if (at.kind == node_kind::barrier)
        barriers.insert(at.barrier);
    if (!at.holds_barriers)
        return;
    for (auto i = at.first_child; i != plan::no_node; i = document[i].next)
        collect(document, document[i], barriers);
    if (at.rollback != plan::no_node)
        collect(document, document[at.rollback], barriers);
}

// The barriers named at or below a node, in the order of their declaration.
std::set<std::uint32_t> barriers_below(const plan::plan& document, const plan::node& at) {
    std::set<std::uint32_t> barriers;
    collect(document, at, barriers);
    return barriers;
}

}  // namespace

meeting::meeting(run& whose, fibers::worker& home, barrier_names known_as,
                 const plan::barrier_definition& as, const frame& declared_by)
    : core{home,
           this,
           {.cyclic = as.cyclic,
            .quorum = as.quorum,
            .when_decided = tell_decision,
            .complete = as.on_release != plan::no_node ? begin_release : nullptr,
            .lost = tell_lost}},
      names{known_as},
      what{as},
      scope{declared_by},
      owner{whose},
      limit_ns{as.timeout_ms * 1'000'000} {
    if (limit_ns != 0)
        core.set_timeout(limit_ns);
}

roster_node* roster::build() {
    const auto& root = run_.document().root();
    if (!root.holds_barriers)
        return nullptr;
    auto& top = add(root, nullptr, {}, {});
    make_body(top);
    open_new();
    return &top;
}

roster_node& roster::add(const plan::node& what, const roster_node* parent, std::string_view path,
                         std::string_view lane) {
    auto& made = nodes_.emplace_back();
    static_cast<frame&>(made) = {parent, &what, nullptr, {}, path};
    made.lane = lane;
    return made;
}

roster_node* roster::make(const plan::node& what, const roster_node& parent, std::string_view lane,
                          bool entry) {
    if (!what.holds_barriers && what.kind != node_kind::barrier)
        return nullptr;
    if (what.kind == node_kind::parallel || what.kind == node_kind::graph ||
        what.kind == node_kind::pipeline) {
        auto& made = add(what, &parent, parent.path, lane);
        make_body(made);
        return &made;
    }
    if (what.loop())
        return make_loop(what, parent, lane, entry);
    const auto path = run_.path_below(parent.path, what.id);
    const bool own_lane = entry || what.kind == node_kind::stage;
    auto& made = add(what, &parent, path, own_lane ? path : lane);
    if (what.kind == node_kind::rollback) {
        reserve(made);
        return &made;
    }
    // A turn that does not come to a cyclic barrier withdraws its lane, when it would have come.
    const bool round = what.kind == node_kind::barrier &&
                       run_.document().barriers[what.barrier].cyclic &&
                       expressions::has_expression(what.condition);
    if (!round && never_runs(made, what.condition))
        return nullptr;
    make_body(made);
    return &made;
}

roster_node* roster::make_loop(const plan::node& what, const roster_node& parent,
                               std::string_view lane, bool entry) {
    const auto path = run_.path_below(parent.path, what.id);
    const bool own_lane = entry || what.kind == node_kind::stage;
    auto& made = add(what, &parent, path, own_lane ? path : lane);
    if (never_runs(made, what.loop()->when))
        return nullptr;
    bool known = true;
    std::string error;
    made.turns = expand(run_, made, known, error);
    if (made.turns) {
        make_turns(made);
    } else {
        reserve(made);  // also when it cannot be expanded at all: it fails at its turn, and says so
                        // then
    }
    return &made;
}

void roster::make_turns(roster_node& loop) {
    // Harness's own way: the first who have slots are the parties.
    const bool first_only = run_.document().compat_harness && loop.turns->max_concurrency() != 0 &&
                            !gives_slots_back(run_, *loop.what, loop.turns->max_concurrency());
    roster_node** link = &loop.first;
    auto turn = loop.turns->first();
    for (std::uint64_t left = loop.turns->count(); left > 0; --left) {
        const bool later = first_only && turn.index >= loop.turns->max_concurrency();
        const auto path = path_of_turn(run_, loop, *loop.turns, turn);
        auto& made = add(*loop.what, &loop, path, path);
        made.loop = loop.turns.get();
        made.turn = turn;
        made.later = later;
        later_ += later ? 1 : 0;
        if (!never_runs(made, loop.what->condition)) {
            make_body(made);
            *link = &made;
            link = &made.next;
        }
        later_ -= later ? 1 : 0;
        (void)loop.turns->advance(turn);
    }
}

void roster::make_body(roster_node& at) {
    const auto& document = run_.document();
    if (at.what->kind == node_kind::barrier)
        return make_seat(at);
    roster_node** link = &at.first;
    const auto append = [&](plan::node_index child) {
        const bool entry =
            at.what->kind == node_kind::parallel || at.what->kind == node_kind::graph;
        auto* const made = make(document[child], at, at.lane, entry);
        if (!made)
            return;
        *link = made;
        link = &made->next;
    };
    for (auto i = at.what->first_child; i != plan::no_node; i = document[i].next)
        append(i);
    if (at.what->rollback != plan::no_node)
        append(at.what->rollback);
}

void roster::make_seat(roster_node& at) {
    auto& meeting = *numbered_[meeting_at(at, at.what->barrier).value()];
    if (meeting.what.cyclic)
        return make_round(at, meeting);
    auto& seat = places_.emplace_back(meeting, at.lane);
    at.seat = &seat;
    seat.node = &at;
    seat.later = later_;
    if (later_ != 0)
        return;
    tell(event_type::barrier_expected, meeting, seat.lane, meeting.decided());
    meeting.core.expect(seat.member);
}

std::optional<std::uint32_t> roster::meeting_at(const roster_node& at, std::uint32_t barrier) {
    const auto& declared = run_.document().barriers[barrier];
    const auto* const pipeline = &run_.document()[declared.scope];
    const frame* scope = &at;
    while (scope && scope->what != pipeline)
        scope = scope->parent;
    if (!scope)
        return std::nullopt;
    const auto [known, first] =
        numbers_.try_emplace({scope, barrier}, static_cast<std::uint32_t>(numbered_.size()));
    if (first) {
        const auto& root = run_.document().root();
        const barrier_names names{
            scope->parent ? run_.path_below(root.id, scope->path) : std::string_view{root.id},
            declared.id};
        numbered_.push_back(&meetings_.emplace_back(run_, run_.home(), names, declared, *scope));
    }
    return known->second;
}

// Once all are expected that are known.
void roster::open_new() {
    for (; opened_ < numbered_.size(); ++opened_)
        numbered_[opened_]->core.open();
}

// Only what is certain now counts; anything else is found out at the node's turn.
bool roster::never_runs(const roster_node& at, std::string_view condition) const {
    if (condition.empty())
        return false;
    const auto said = expressions::condition(condition, lookup{run_, at});
    return said.status == expressions::status::ok && !said.value.get<bool>();
}

void roster::reserve(roster_node& at) {
    at.reserved = true;
    if (later_ != 0)
        return;
    for (const auto index : barriers_below(run_.document(), *at.what)) {
        const auto number = meeting_at(at, index);
        if (!number)
            continue;  // of a child in it
        auto& meeting = *numbered_[*number];
        if (meeting.decided() || (meeting.what.cyclic && hold_rounds(at, index, meeting)))
            continue;
        at.held.reserve(at.held.size() + 1);
        meeting.holders.push_back(&at);
        at.held.push_back(*number);
        meeting.core.reserve();
        tell(event_type::barrier_reserved, meeting, at.path, false);
    }
}

void roster::unreserve(roster_node& at) noexcept {
    at.reserved = false;
    if (!at.rounds.empty())
        unqueue_rounds(at);
    for (const auto index : at.held) {
        auto& meeting = *numbered_[index];
        tell(event_type::barrier_settled, meeting, at.path, meeting.decided());
        std::erase(meeting.holders, &at);
        if (at.queued != 0)
            queued(meeting, false);
        meeting.core.settle();
    }
    at.held.clear();
    for (auto* const who : at.rounds)
        end_round(*who);
    at.rounds.clear();
}

void roster::settle(roster_node& loop, std::shared_ptr<const plan::expansion> turns) {
    if (!loop.reserved)
        return;
    loop.turns = std::move(turns);
    make_turns(loop);
    open_new();
    unreserve(loop);
}

void roster::settle(roster_node& rollback, bool alone) {
    if (rollback.first)
        return;
    if (alone)
        drop_kept(rollback);
    make_body(rollback);
    open_new();
    unreserve(rollback);
}

const meeting* roster::find(std::string_view barrier, const frame& place) const noexcept {
    for (const auto* f = &place; f; f = f->parent) {
        if (f->what->kind != node_kind::pipeline)
            continue;
        for (const auto& at : meetings_) {
            if (at.names.id == barrier && at.scope.what == f->what && at.scope.path == f->path)
                return &at;
        }
    }
    return nullptr;
}

meeting* roster::releasing(const activation& steps) noexcept {
    for (auto& at : meetings_) {
        if (at.releasing == &steps)
            return &at;
    }
    return nullptr;
}

void roster::tell(event_type type, const meeting& at, std::string_view who, bool late) noexcept {
    run_.emit({.type = type,
               .late = late,
               .generation = at.core.generation(),
               .path = who,
               .barrier = &at.names});
    if (type == event_type::barrier_withdrawn || type == event_type::barrier_settled)
        run_.stalled().look();
}

}  // namespace weir::runs
