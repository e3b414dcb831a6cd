// SPDX-License-Identifier: BSL-1.0
#include "adapters/run/roster.hpp"

#include "adapters/plan/json.hpp"
#include "adapters/run/forks.hpp"
#include "adapters/run/lookup.hpp"
#include "adapters/run/meet.hpp"
#include "adapters/run/roster_walk.hpp"
#include "adapters/run/run.hpp"
#include "adapters/run/stalls.hpp"
#include "adapters/run/turns.hpp"

#include <map>
#include <set>

namespace weir::runs {

using fibers::party_state;
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

// It will come, or has and waits.
bool is_due(const place& seat) noexcept {
    const auto how = seat.member.state();
    return how == party_state::expected || how == party_state::arrived;
}

// By its identifier, or with the path of the pipeline that declares it before that.
bool is_called(const barrier_names& names, std::string_view called) noexcept {
    if (called == names.id)
        return true;
    const auto slash = called.rfind('/');
    if (slash == std::string_view::npos || called.substr(slash + 1) != names.id)
        return false;
    const auto path = called.substr(0, slash);
    const auto below = names.scope.find('/');
    return path == names.scope ||
           (below != std::string_view::npos && path == names.scope.substr(below + 1));
}

std::string_view word(fibers::verdict v) noexcept {
    switch (v) {
    case fibers::verdict::pending:
        return "waiting";
    case fibers::verdict::released:
        return "released";
    case fibers::verdict::broken:
        return "broken";
    case fibers::verdict::voided:
        return "voided";
    }
    return "";
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

void roster::withdraw_here(roster_node& at) noexcept {
    unreserve(at);
    if (!at.seat)
        return;
    auto& seat = *at.seat;
    if (seat.cyclic)
        return withdraw_round(at);
    if (seat.ended || seat.later != 0)
        return;
    ends(at);
    tell(event_type::barrier_withdrawn, seat.at, seat.lane, seat.at.decided());
    seat.at.core.withdraw(seat.member);
}

void roster::withdraw(roster_node* top) noexcept {
    const bool whole = top && top->what->kind == node_kind::pipeline;
    for (auto* at = top; at;) {
        if (at->kept && !whole) {
            at = next_beside(at, top);
            continue;
        }
        withdraw_here(*at);
        at = next_below(at, top);
    }
}

void roster::fail(roster_node* top, fibers::reason why, std::string_view cause,
                  bool waiting) noexcept {
    for (auto* at = top; at; at = next_below(at, top))
        fail_here(*at, why, cause, waiting);
}

void roster::break_all(std::string_view cause) noexcept {
    for (auto& meeting : meetings_) {
        if (meeting.decided())
            continue;
        meeting.cause = cause;
        meeting.core.break_now(fibers::reason::failed);
    }
}

void roster::fail_flow(roster_node* top, fibers::reason why, std::string_view cause,
                       bool waiting) noexcept {
    if (!top)
        return;
    fail_here(*top, why, cause, waiting);
    for (auto* at = top->first; at; at = at->next) {
        if (at->what->kind != node_kind::rollback || !at->reserved)
            fail(at, why, cause, waiting);
    }
}

void roster::fail_skipped(roster_node* top, fibers::reason why, std::string_view cause) noexcept {
    for (auto* at = top; at;) {
        const bool has_when = at->what->kind != node_kind::parallel &&
                              at->what->kind != node_kind::graph && at->loop == nullptr;
        const bool skipped = has_when && at->what->status == plan::when_status::success;
        if (at->what->kind == node_kind::rollback) {
            at = next_beside(at, top);  // it may be due because of this
        } else if (skipped) {
            fail(at, why, cause, false);
            at = next_beside(at, top);
        } else if (at->what->kind == node_kind::stage) {
            at = next_beside(at,
                             top);  // it runs, and what is in it asks for this stage's own status
        } else {
            at = next_below(at, top);
        }
    }
}

void roster::fail_here(roster_node& at, fibers::reason why, std::string_view cause,
                       bool waiting) noexcept {
    if (at.seat)
        fail_seat(at, why, cause, waiting);
    // Who is below is not known, but none of them will come; a rollback that never starts is
    // nobody's failure.
    if (at.what->kind != node_kind::rollback) {
        for (const auto index : at.held) {
            auto& meeting = *numbered_[index];
            blame(meeting, at.path, cause);
            if (meeting.what.quorum == 0)  // else others may still make it up
                meeting.core.break_now(why);
        }
        for (auto* const who : at.rounds)
            fail_party(*who, why, cause);
    }
    unreserve(at);
}

void roster::fail_seat(roster_node& at, fibers::reason why, std::string_view cause,
                       bool waiting) noexcept {
    auto& seat = *at.seat;
    if (seat.cyclic)
        return fail_round(at, why, cause, waiting);
    auto& meeting = seat.at;
    const bool waits = seat.member.state() == party_state::arrived && !meeting.decided();
    if (seat.later || (seat.ended && !(waiting && waits)))
        return;
    ends(at);
    seat.lost = true;
    tell(event_type::barrier_failed, meeting, seat.lane, meeting.decided());
    blame(meeting, seat.lane, cause);
    meeting.core.fail(seat.member, why);
}

// It has been told how this party ended.
void roster::ends(roster_node& at) noexcept {
    if (at.queued != 0 && !at.seat->ended)
        queued(at.seat->at, false);
    at.seat->ended = true;
}

void roster::blame(meeting& at, std::string_view who, std::string_view cause) noexcept {
    if (at.decided())
        return;
    at.blamed = run_.is_cancelled() ? std::string_view{} : who;
    at.cause = cause;
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

std::string roster::decide_by_hand(std::string_view barrier, bool release, std::string_view cause) {
    meeting* meant = nullptr;
    bool several = false;
    for (auto& meeting : meetings_) {
        if (!is_called(meeting.names, barrier))
            continue;
        several = several || meant != nullptr;
        meant = &meeting;
        if (meeting.names.scope.data() == run_.document().root().id.data()) {
            several = false;  // the run's own goes first
            break;
        }
    }
    if (several) {
        return "several child pipelines have a barrier '" + std::string{barrier} +
               "': name it with the child's path, PATH/" + std::string{barrier};
    }
    if (!meant)
        return "the run has no barrier '" + std::string{barrier} + "' in use";
    if (meant->decided())
        return "barrier '" + std::string{barrier} + "' has decided";
    meant->cause = cause;
    if (release)
        meant->core.release_now();
    else
        meant->core.break_now(fibers::reason::by_hand);
    return {};
}

std::string roster::too_few(const roster_node* loop, std::uint64_t slots) const {
    std::map<const meeting*, std::uint64_t> met;
    for (const auto* turn = loop ? loop->first : nullptr; turn; turn = turn->next) {
        std::set<const meeting*> here;
        auto* const top = const_cast<roster_node*>(turn);
        for (auto* at = top; at; at = next_below(at, top)) {
            if (at->seat && !at->seat->cyclic && !at->seat->at.decided() && is_due(*at->seat))
                here.insert(&at->seat->at);
        }
        for (const auto* meeting : here)
            ++met[meeting];
    }
    for (const auto& [meeting, turns] : met) {
        if (turns > slots) {
            return "barrier '" + std::string{meeting->names.id} + "' waits for " +
                   std::to_string(turns) + " of its instances at once";
        }
    }
    return {};
}

json roster::describe() const {
    json all = json::array();
    for (const auto& meeting : meetings_) {
        json arrived = json::array();
        json missing = json::array();
        json reserved = json::array();
        meeting.core.for_each_party([&](const fibers::party& p) {
            const auto who = static_cast<const place*>(p.owner)->lane;
            if (p.state() == party_state::arrived)
                arrived.push_back(who);
            if (p.state() == party_state::expected)
                missing.push_back(who);
        });
        for (const auto* holder : meeting.holders)
            reserved.push_back(holder->path);
        all.push_back(json_object("barrier", meeting.names.id, "scope", meeting.names.scope,
                                  "state", word(meeting.core.state()), "generation",
                                  meeting.core.generation(), "arrived", std::move(arrived),
                                  "missing", std::move(missing), "reserved", std::move(reserved)));
    }
    return all;
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
