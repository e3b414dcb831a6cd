// SPDX-License-Identifier: BSL-1.0
// What hands do to barriers, and what is told of them to whoever asks.
#include "adapters/plan/json.hpp"
#include "adapters/run/roster.hpp"
#include "adapters/run/roster_walk.hpp"
#include "adapters/run/run.hpp"

#include <map>
#include <set>

namespace weir::runs {

using fibers::party_state;

namespace {

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

}  // namespace weir::runs
