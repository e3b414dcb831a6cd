// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/read_members.hpp"
#include "adapters/plan/read_node.hpp"

#include <string>
#include <unordered_map>

namespace weir::plan {

namespace {

struct strategy_draft {
    source::value errors, action;
};
constexpr member_of<strategy_draft> strategy_members[] = {
    {"errors", need::required, &strategy_draft::errors},
    {"action", need::required, &strategy_draft::action},
};

struct action_draft {
    source::value kind, count, intervals, timeout, follow_up, position;
};
constexpr member_of<action_draft> action_members[] = {
    {"kind", need::required, &action_draft::kind},
    {"retry_count", need::optional, &action_draft::count},
    {"retry_intervals_ms", need::optional, &action_draft::intervals},
    {"timeout_ms", need::optional, &action_draft::timeout},
    {"follow_up", need::optional, &action_draft::follow_up},
    {"position", need::optional, &action_draft::position},
};

constexpr std::int64_t most_retries = 10'000;

bool retries(action_kind k) noexcept {
    return k == action_kind::retry || k == action_kind::retry_step_group;
}

void refuse_member(read_context& c, const source::value& v, action_kind k, std::string_view name) {
    if (!v)
        return;
    c.report(code::unknown_key, v,
             "the action `" + std::string(name_of(k)) + "` has no `" + std::string(name) + "`");
}

void read_retries(read_context& c, const action_draft& d, const source::value& v,
                  failure_action& out) {
    if (!d.count)
        missing_member(c, "a retry", v, "retry_count");
    out.retry_count =
        static_cast<std::uint32_t>(read_whole(c, "`retry_count`", d.count, 1, most_retries));
    if (!d.intervals)
        return;
    if (!d.intervals.is(source::kind::array))
        return c.wrong_kind(d.intervals, "`retry_intervals_ms`", "a list");
    for (source::value i = d.intervals.first(); i; i = i.next())
        out.retry_intervals_ms.push_back(read_duration(c, "a retry interval", i, 0));
}

failure_action read_action(read_context& c, const source::value& v, const failure_action* after) {
    failure_action out;
    action_draft d;
    if (!read_members(c, "an action", v, action_members, d))
        return out;
    const auto kind =
        read_word(c, "an action's `kind`", d.kind, action_kind::proceed_with_default_values);
    if (!kind)
        return out;
    out.kind = *kind;
    out.where = read_position(c, d.position);
    const bool asks = out.kind == action_kind::manual_intervention;
    if (after && ((retries(out.kind) && retries(after->kind)) ||
                  (asks && after->kind == action_kind::manual_intervention))) {
        c.report(code::bad_failure_strategy, d.kind,
                 "`" + std::string(name_of(out.kind)) + "` cannot follow `" +
                     std::string(name_of(after->kind)) + "`");
    }
    if (retries(out.kind)) {
        read_retries(c, d, v, out);
    } else {
        refuse_member(c, d.count, out.kind, "retry_count");
        refuse_member(c, d.intervals, out.kind, "retry_intervals_ms");
    }
    if (asks)
        out.timeout_ms = read_duration(c, "an intervention's `timeout_ms`", d.timeout);
    else
        refuse_member(c, d.timeout, out.kind, "timeout_ms");
    if (!asks && !retries(out.kind))
        refuse_member(c, d.follow_up, out.kind, "follow_up");
    else if (d.follow_up)
        out.follow_up = std::make_unique<failure_action>(read_action(c, d.follow_up, &out));
    return out;
}

using seen_kinds = std::unordered_map<std::string, span>;

void read_errors(read_context& c, const source::value& list, seen_kinds& seen,
                 failure_strategy& out) {
    if (!list)
        return;
    if (!list.is(source::kind::array))
        return c.wrong_kind(list, "`errors`", "a list");
    if (!list.first()) {
        c.report(code::bad_failure_strategy, list, "a failure strategy for no kind of error",
                 "`AllErrors` stands for every kind");
    }
    for (source::value v = list.first(); v; v = v.next()) {
        std::string kind = read_text(c, "a kind of error", v);
        if (!v.is(source::kind::text))
            continue;
        if (kind.empty())
            c.report(code::bad_value, v, "a kind of error without a name");
        const auto [earlier, added] = seen.try_emplace(kind, v.where());
        if (!added) {
            c.report(code::bad_failure_strategy, v, "`" + kind + "` has a failure strategy already")
                .notes.push_back({"it is named here first", earlier->second});
        } else if (kind == "AllErrors" && list.first().next()) {
            c.report(code::bad_failure_strategy, v, "AllErrors stands alone in its strategy",
                     "give the other kinds a strategy of their own");
        }
        out.errors.push_back(std::move(kind));
    }
}

}  // namespace

void read_failure_strategies(read_context& c, const source::value& v, node_index i) {
    if (!v.is(source::kind::array))
        return c.wrong_kind(v, "`failure_strategies`", "a list");
    seen_kinds seen;
    for (source::value entry = v.first(); entry; entry = entry.next()) {
        strategy_draft d;
        if (!read_members(c, "a failure strategy", entry, strategy_members, d))
            continue;
        failure_strategy made;
        read_errors(c, d.errors, seen, made);
        if (d.action)
            made.action = read_action(c, d.action, nullptr);
        c.builder.extras(i).failure_strategies.push_back(std::move(made));
    }
}

}  // namespace weir::plan
