// SPDX-License-Identifier: BSL-1.0
#include "adapters/run/again.hpp"

#include "adapters/run/failing.hpp"
#include "adapters/run/interrupt.hpp"
#include "adapters/run/pause.hpp"
#include "adapters/run/run.hpp"
#include "adapters/run/tree.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace weir::runs {

namespace {

std::int64_t interval_before(const plan::failure_action& retry, std::uint32_t nth) noexcept {
    const auto& all = retry.retry_intervals_ms;
    if (all.empty())
        return 0;
    return all[std::min<std::size_t>(nth, all.size() - 1)] * 1'000'000;
}

bool is_stopped(const activation& group) noexcept {
    return group.interrupted != interruption::none || (group.up() && group.up()->halted);
}

}  // namespace

bool pause_before_retry(activation& a, const plan::failure_action& retry, std::uint32_t nth) {
    if (const auto duration = interval_before(retry, nth); duration > 0) {
        pause between{a.owner.home()};
        a.waiting = wait_kind::pause;
        a.wait = &between;
        rest(a);
        between.until(a.owner.home().now() + duration);
        go_on(a);
        a.waiting = wait_kind::none;
    }
    a.owner.orders().hold(a);
    return a.interrupted == interruption::none && !a.halted;
}

bool try_group_again(activation& failed, const plan::failure_action& how) {
    auto* const group = group_around(failed);
    if (!group || is_stopped(*group))
        return false;
    if (group->again)
        return true;
    if (group->tries > how.retry_count)
        return false;
    auto& members = group->owner.members();
    if (const auto broken = members.broken_below(group->members); !broken.empty()) {
        failed.error->message +=
            "; the group is not tried again: barrier '" + std::string{broken} + "' is broken";
        return false;
    }
    group->again = &how;
    halt(*group);
    members.retract(group->members);
    return true;
}

bool is_given_up(const activation& a) noexcept {
    for (const auto* p = a.up(); p; p = p->up()) {
        if (p->again)
            return true;
    }
    return false;
}

bool begin_again(activation& group) {
    const auto& how = *group.again;
    group.halted = is_stopped(group);
    const bool goes_on = !group.halted && pause_before_retry(group, how, group.tries - 1);
    group.again = nullptr;
    if (!goes_on || is_stopped(group)) {
        lose_after_tries(group);
        return false;
    }
    ++group.tries;
    group.inner = group.owner.keep(std::string{group.path} + "/#" + std::to_string(group.tries));
    group.failed = false;
    group.worst = outcome::none;
    group.lost_to = {};
    group.next_child = group.what->first_child;
    group.join(group.members);
    return true;
}

}  // namespace weir::runs
