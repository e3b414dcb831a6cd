// SPDX-License-Identifier: BSL-1.0
// The parties of cyclic barriers: lanes around sequential loops, each turn of which is a round.
#include "adapters/run/roster.hpp"
#include "adapters/run/roster_walk.hpp"
#include "adapters/run/run.hpp"

#include <utility>

namespace weir::runs {

using fibers::party_state;
using plan::node_kind;

namespace {

bool is_sequential(const plan::expansion& loop) noexcept {
    return loop.kind() == plan::strategy_kind::while_true || loop.max_concurrency() == 1;
}

// Before its size is known.
bool is_sequential(const plan::strategy& loop) noexcept {
    const auto& cap = loop.max_concurrency;
    return loop.kind == plan::strategy_kind::while_true ||
           (cap.given && cap.expression.empty() && cap.value == 1);
}

const roster_node* up(const roster_node* at) noexcept {
    return static_cast<const roster_node*>(at->parent);
}

// Where the lane begins in which `at` stands.
const roster_node* base_of(const roster_node* at) noexcept {
    const auto lane = at->lane;
    while (at->path != lane && up(at))
        at = up(at);
    return at;
}

// The path, as if the turns of sequential loops had no number; those around the run of the pipeline
// that declares the barrier have theirs: each has a barrier of its own.
std::string without_turns(const roster_node* at, const frame& scope) {
    if (!at || at == &scope || at->path.empty())
        return std::string{at ? at->path : std::string_view{}};
    if (is_round(*at))
        return without_turns(up(at), scope);
    const auto above = up(at) ? up(at)->path : std::string_view{};
    auto own = at->path.substr(above.size());
    auto path = without_turns(up(at), scope);
    if (path.empty() && own.starts_with('/'))
        own.remove_prefix(1);
    return path += own;
}

// Where the lane around all sequential loops begins, and the outermost of these; null: none.
const roster_node* base_around(const roster_node& at, const roster_node*& loop) noexcept {
    const auto* base = base_of(&at);
    loop = nullptr;
    while (is_round(*base)) {
        loop = up(base);
        base = base_of(loop);
    }
    return base;
}

std::string lane_around(const roster_node& at, const frame& scope) {
    const roster_node* loop = nullptr;
    const auto* const base = base_around(at, loop);
    auto lane = without_turns(base, scope);
    return lane.empty() && loop ? without_turns(loop, scope) : lane;
}

// The lanes below a node in which Barrier steps of one barrier stand, where only sequential loops
// are in between. False: others are, so that it is not known who they will be.
bool collect_lanes(const plan::plan& document, const plan::node& at, std::uint32_t barrier,
                   const std::string& path, const std::string& lane,
                   std::vector<std::string>& lanes) {
    if (at.kind == node_kind::barrier) {
        if (at.barrier == barrier)
            lanes.push_back(lane);
        return true;
    }
    if (!at.holds_barriers)
        return true;
    if (at.rollback != plan::no_node && document[at.rollback].holds_barriers)
        return false;
    for (auto i = at.first_child; i != plan::no_node; i = document[i].next) {
        const auto& child = document[i];
        if (child.loop() && child.holds_barriers && !is_sequential(*child.loop()))
            return false;
        const bool named = child.kind != node_kind::parallel && child.kind != node_kind::pipeline;
        const auto below = named ? path + "/" + std::string{child.id} : path;
        const bool own = at.kind == node_kind::parallel || child.kind == node_kind::stage;
        if (!collect_lanes(document, child, barrier, below, own ? below : lane, lanes))
            return false;
    }
    return true;
}

}  // namespace

bool is_round(const roster_node& turn) noexcept {
    return turn.loop && is_sequential(*turn.loop);
}

place& roster::party_of(meeting& at, const std::string& lane, const roster_node& base) {
    auto*& known = cyclic_[{&at, lane}];
    if (known)
        return *known;
    known = &places_.emplace_back(at, run_.keep(lane));
    known->cyclic = true;
    known->node = &base;
    tell(event_type::barrier_expected, at, known->lane, at.decided());
    at.core.expect(known->member);
    return *known;
}

void roster::make_round(roster_node& at, meeting& where) {
    const roster_node* loop = nullptr;
    const auto* const base = base_around(at, loop);
    at.seat = &party_of(where, lane_around(at, where.scope), *base);
    ++at.seat->rounds;
}

// A loop whose size is not known yet: its lane is a party all the same.
bool roster::hold_rounds(roster_node& loop, std::uint32_t barrier, meeting& where) {
    if (!loop.what->loop() || loop.loop || !is_sequential(*loop.what->loop()))
        return false;
    const auto path = without_turns(&loop, where.scope);
    const auto lane = lane_around(loop, where.scope);
    std::vector<std::string> lanes;
    if (!collect_lanes(run_.document(), *loop.what, barrier, path, lane.empty() ? path : lane,
                       lanes))
        return false;
    for (const auto& one : lanes) {
        auto& who = party_of(where, one, loop);
        loop.rounds.push_back(&who);
        ++who.rounds;
    }
    return true;
}

void roster::end_round(place& who) noexcept {
    if (--who.rounds != 0 || who.ended)
        return;
    if (who.at.decided())
        ends(who);  // nobody waits for it
    else
        withdraw_party(who);
}

// A turn has ended; one that did not come to the barrier withdraws its lane for good.
void roster::withdraw_round(roster_node& at) noexcept {
    if (std::exchange(at.over, true))
        return;
    if (!at.met && !at.seat->ended)
        withdraw_party(*at.seat);
    end_round(*at.seat);
}

void roster::withdraw_party(place& who) noexcept {
    auto& at = who.at;
    ends(who);
    who.ended_in = at.core.generation();
    tell(event_type::barrier_withdrawn, at, who.lane, at.decided());
    at.core.withdraw(who.member);
}

void roster::fail_round(roster_node& at, fibers::reason why, std::string_view cause,
                        bool waiting) noexcept {
    auto& who = *at.seat;
    const bool waits = who.member.state() == party_state::arrived && !who.at.decided();
    if (who.ended || (at.met && !(waiting && waits)))
        return;
    if (waits && !waiting) {
        who.owed = why;
        who.owed_cause = cause;
        return;
    }
    fail_party(who, why, cause);
}

void roster::fail_party(place& who, fibers::reason why, std::string_view cause) noexcept {
    if (who.ended)
        return;
    auto& at = who.at;
    ends(who);
    who.lost = true;
    who.ended_in = at.core.generation();
    tell(event_type::barrier_failed, at, who.lane, at.decided());
    blame(at, who.lane, cause);
    at.core.fail(who.member, why);
}

void roster::settle_round(place& who) noexcept {
    if (const auto why = std::exchange(who.owed, fibers::reason::none); why != fibers::reason::none)
        fail_party(who, why, who.owed_cause);
}

// A lane around sequential loops is queued with a turn around it, not with turns that are its own
// rounds.
void roster::queue_rounds(roster_node& at) noexcept {
    const auto count = [](place& who) {
        if (who.queued++ == 0 && !who.ended)
            queued(who.at, true);
    };
    if (std::exchange(at.queued_round, true))
        return;
    if (at.seat && at.seat->cyclic)
        count(*at.seat);
    for (auto* const who : at.rounds)
        count(*who);
}

void roster::unqueue_rounds(roster_node& at) noexcept {
    const auto count = [](place& who) {
        if (--who.queued == 0 && !who.ended)
            queued(who.at, false);
    };
    if (!std::exchange(at.queued_round, false))
        return;
    if (at.seat && at.seat->cyclic)
        count(*at.seat);
    for (auto* const who : at.rounds)
        count(*who);
}

// It comes no more.
void roster::ends(place& who) noexcept {
    if (!std::exchange(who.ended, true) && who.queued != 0)
        queued(who.at, false);
}

std::string_view roster::one_at_a_time(const roster_node* loop) noexcept {
    auto* const turn = loop ? loop->first : nullptr;
    if (!turn || !is_round(*turn))
        return {};
    for (auto* at = turn; at; at = next_below(at, turn)) {
        if (at->seat && at->seat->cyclic)
            return at->seat->at.names.id;
    }
    return {};
}

}  // namespace weir::runs
