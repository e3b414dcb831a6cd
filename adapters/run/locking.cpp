// SPDX-License-Identifier: BSL-1.0
#include "adapters/run/locking.hpp"

#include "adapters/plan/json_text.hpp"
#include "adapters/run/failing.hpp"
#include "adapters/run/lookup.hpp"
#include "adapters/run/run.hpp"
#include "adapters/run/tree.hpp"

#include <charconv>
#include <limits>
#include <new>
#include <string>
#include <utility>

namespace weir::runs {

using fibers::acquired;
using plan::node_kind;

namespace {

struct wanted {
    std::string key;
    std::uint32_t permits = 1, capacity = 1;
    std::string problem;  // not empty: it cannot be told what is wanted
};

std::string text_of(const activation& a, std::string_view what, const std::string& written,
                    std::string& problem) {
    if (!expressions::has_expression(written))
        return written;
    const auto said = expressions::interpolate(written, lookup{a.owner, a});
    if (said.status == expressions::status::ok)
        return plan::text_of(said.value);
    problem = std::string{what} + " of the lock cannot be evaluated: " + said.message;
    return {};
}

std::uint32_t number_of(const activation& a, std::string_view what, const plan::amount& written,
                        std::string& problem) {
    constexpr auto most = std::numeric_limits<std::uint32_t>::max();
    if (!written.given || !problem.empty())
        return 1;
    std::int64_t number = written.value;
    if (!written.expression.empty()) {
        const auto text = text_of(a, what, written.expression, problem);
        const auto* const end = text.data() + text.size();
        const auto [last, error] = std::from_chars(text.data(), end, number);
        if (problem.empty() && (text.empty() || error != std::errc{} || last != end))
            problem = std::string{what} + " of the lock is no whole number: `" + text + "`";
    }
    if (problem.empty() && (number < 1 || number > most))
        problem = std::string{what} + " of the lock is out of range: " + std::to_string(number);
    return problem.empty() ? static_cast<std::uint32_t>(number) : 1;
}

wanted wanted_by(const activation& a) {
    wanted out;
    const auto& request = *a.what->extras->lock;
    out.key = text_of(a, "the key", request.key, out.problem);
    out.permits = number_of(a, "the number of permits", request.permits, out.problem);
    out.capacity = number_of(a, "the capacity", request.capacity, out.problem);
    if (out.problem.empty() && out.key.empty())
        out.problem = "the key of the lock is empty";
    return out;
}

activation& holder_of(activation& a) noexcept {
    const auto kind = a.what->extras->lock->scope == plan::lock_scope::stage ? node_kind::stage
                                                                             : node_kind::pipeline;
    auto* at = a.up();
    while (at->up() && (at->what->kind != kind || at->is_loop()))
        at = at->up();
    return *at;
}

bool is_held_above(const activation& a, std::string_view key) noexcept {
    for (const auto* at = a.up(); at; at = at->up()) {
        for (const auto* hold = at->holds; hold; hold = hold->next) {
            if (hold->key == key)
                return true;
        }
    }
    return false;
}

void tell(activation& a, event_type type, const lock_hold& hold) {
    a.owner.emit({.type = type, .path = hold.path, .kind = hold.key});
}

acquired acquire(activation& a, lock_wait& mine, const wanted& what) {
    auto& locks = a.owner.locks();
    auto got = locks.try_acquire(mine.hold.request, mine.hold.key, what.permits, what.capacity);
    if (got != acquired::not_now)
        return got;
    tell(a, event_type::lock_waiting, mine.hold);
    a.waiting = wait_kind::lock;
    a.wait = &mine;
    rest(a);
    ++a.owner.lock_waits;
    a.owner.stalled().quieten(a);
    got = locks.acquire(mine.hold.request, a.owner.home(), mine.hold.key, what.permits,
                        what.capacity);
    stalls::stir(a);
    --a.owner.lock_waits;
    a.waiting = wait_kind::none;
    go_on(a);
    return got;
}

// Those below who wait for the same pass with it.
void let_in_below(activation& holder, std::string_view key) noexcept {
    for (auto* at = &holder; at; at = next_below(at, holder)) {
        if (at->waiting != wait_kind::lock)
            continue;
        auto& other = *static_cast<lock_wait*>(at->wait);
        if (other.hold.key == key && holder.owner.locks().cancel(other.hold.request))
            other.let_in = true;
    }
}

outcome too_many(activation& a, const wanted& what) {
    outcome how{};
    a.owner.home().on_own_stack([&] {
        how = fail(a, {"Unknown", "nobody can have " + std::to_string(what.permits) +
                                      " permits of '" + what.key + "': that is more than it has"});
    });
    return how;
}

outcome taken(activation& a, lock_hold& hold) {
    tell(a, event_type::lock_taken, hold);
    auto& holder = holder_of(a);
    hold.holder = &holder;
    hold.next = std::exchange(holder.holds, &hold);
    hold.next_of_run = std::exchange(a.owner.held_locks, &hold);
    if (hold.next_of_run)
        hold.next_of_run->previous_of_run = &hold;
    let_in_below(holder, hold.key);
    if (a.interrupted == interruption::from_above)
        return outcome::cancelled;
    a.interrupted = interruption::none;  // it came just in time
    return outcome::succeeded;
}

outcome not_taken(activation& a, bool let_in) {
    if (a.interrupted == interruption::from_above)
        return outcome::cancelled;
    if (let_in)
        return outcome::succeeded;
    outcome how{};
    a.owner.home().on_own_stack([&] { how = after_own_clock(a); });
    return how;
}

void drop(run& owner, lock_hold& hold) noexcept {
    if (hold.holder) {
        (hold.previous_of_run ? hold.previous_of_run->next_of_run : owner.held_locks) =
            hold.next_of_run;
        if (hold.next_of_run)
            hold.next_of_run->previous_of_run = hold.previous_of_run;
    }
    hold.~lock_hold();
    owner.pool().deallocate(&hold, sizeof(lock_hold), alignof(lock_hold));
}

}  // namespace

outcome run_lock(activation& a) {
    wanted what;
    std::string_view key;
    std::string_view called;
    a.owner.home().on_own_stack([&] {
        what = wanted_by(a);
        key = a.owner.keep(what.key);
        called = a.owner.keep("`" + std::string{a.path} + "` of run '" + std::string{a.owner.id()} +
                              "'");
    });
    if (!what.problem.empty())
        return fail(a, {"Unknown", std::move(what.problem)});
    if (is_held_above(a, key))
        return outcome::succeeded;
    auto& hold = *new (a.owner.pool().allocate(sizeof(lock_hold), alignof(lock_hold)))
                     lock_hold{a.owner.stalled(), key, a.path, called};
    lock_wait mine{hold};
    const auto got = acquire(a, mine, what);
    if (got == acquired::yes)
        return taken(a, hold);
    std::string ring = hold.request.ring();
    drop(a.owner, hold);
    if (got == acquired::deadlock)
        return fail(a, {"Deadlock", "nobody would ever go on: " + std::move(ring)});
    if (got == acquired::no_memory)
        throw std::bad_alloc{};
    return got == acquired::cancelled ? not_taken(a, mine.let_in) : too_many(a, what);
}

void end_wait_for_lock(activation& a) noexcept {
    (void)a.owner.locks().cancel(static_cast<lock_wait*>(a.wait)->hold.request);
}

void give_locks_back(activation& holder) noexcept {
    while (auto* const hold = holder.holds) {
        holder.holds = hold->next;
        tell(holder, event_type::lock_given, *hold);
        holder.owner.locks().release(hold->request);
        drop(holder.owner, *hold);
    }
}

}  // namespace weir::runs
