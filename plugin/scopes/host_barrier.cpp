// SPDX-License-Identifier: BSL-1.0
#include "plugin/scopes/host_barrier.hpp"

#include <algorithm>
#include <new>

#include "adapters/plan/json.hpp"
#include "plugin/scopes/paths.hpp"
#include "plugin/scopes/records.hpp"
#include "plugin/scopes/scope_tree.hpp"
#include "plugin/tables.hpp"

namespace weir::plugin {

namespace {

using fibers::decision;
using fibers::effect;
using fibers::phase;
using fibers::reason;
using fibers::verdict;

enum : std::size_t { of_a_release, of_the_end, of_a_completion };

host_party& as_host(const fibers::party& p) noexcept {
    return const_cast<host_party&>(static_cast<const host_party&>(p));
}

weir_event_kind kind_of(verdict v) noexcept {
    return v == verdict::released ? WEIR_EVENT_BARRIER_RELEASED
           : v == verdict::voided ? WEIR_EVENT_BARRIER_VOIDED
                                  : WEIR_EVENT_BARRIER_BROKEN;
}

const char* word_of(const host_barrier& b) noexcept {
    switch (b.state()) {
    case verdict::released:
        return "released";
    case verdict::broken:
        return "broken";
    case verdict::voided:
        return "voided";
    case verdict::pending:
        break;
    }
    return b.where() == phase::releasing ? "completing" : "standing";
}

std::string quoted(const std::string& text) {
    return json(text).dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

weir_reason reason_code(reason why) noexcept {
    switch (why) {
    case reason::none:
        return WEIR_REASON_NONE;
    case reason::failed:
        return WEIR_REASON_FAILED;
    case reason::timed_out:
        return WEIR_REASON_TIMED_OUT;
    case reason::cancelled:
        return WEIR_REASON_CANCELLED;
    case reason::deadlock:
        return WEIR_REASON_DEADLOCK;
    case reason::by_hand:
        return WEIR_REASON_BY_HAND;
    case reason::unreachable:
        return WEIR_REASON_UNREACHABLE;
    }
    return WEIR_REASON_NONE;
}

host_barrier::host_barrier(scope_record& scope, weir_barrier handle, std::string name,
                           const weir_barrier_options& options)
    : barrier_core{this,
                   {.cyclic = (options.flags & WEIR_BARRIER_CYCLIC) != 0,
                    .quorum = options.quorum,
                    .when_decided = &decided,
                    .complete =
                        (options.flags & WEIR_BARRIER_COMPLETES) != 0 ? &complete : nullptr}},
      wait_point{wait_point::barrier},
      tree_{*scope.tree.load(std::memory_order_relaxed)},
      scope_{scope},
      handle_{handle},
      scope_handle_{all().scopes.handle(scope)},
      name_{std::move(name)},
      tag_{options.tag},
      timeout_ns_{options.timeout_ns},
      fails_late_{(options.flags & WEIR_BARRIER_STRAGGLERS_FAIL) != 0},
      is_simple_{timeout_ns_ == 0 && !tree_.is_sequential()},
      declared_{tree_.next_number()} {
    for (auto& n : notices_) {
        n.scope = &scope;
        n.barrier = this;
    }
    if (options.parties != 0) {
        (void)expect_unnamed(options.parties);
        barrier_core::open();
    }
}

weir_status host_barrier::arrive_anyhow(host_party& p, std::uint64_t tag) noexcept {
    const effect what = effect_on(p, fibers::call::arrive);
    if (what == effect::waits) {
        wait(p, tag);
        return WEIR_OK;
    }
    if (what != effect::told)
        return WEIR_E_NOT_EXPECTED;
    p.tag = tag;
    send(p, late_answer(p));
    return WEIR_OK;
}

void host_barrier::keep_value(const host_party& p, std::string value) {
    const auto found = std::ranges::find(values_, &p, &decltype(values_)::value_type::first);
    if (found != values_.end())
        found->second = std::move(value);
    else
        values_.emplace_back(&p, std::move(value));
}

void host_barrier::lose(host_party& p, reason why) noexcept {
    losing_ = why;
    culprit_.clear();
    try {
        culprit_ = path_of(p.lane());
    } catch (...) {  // then it is broken by nobody in particular
    }
    (void)fail(p, why);
    losing_ = reason::none;
}

void host_barrier::time_is_up(host_party& p) noexcept {
    if (where() == phase::standing && p.now.load(std::memory_order_relaxed) == host_party::waiting)
        lose(p, reason::timed_out);
}

void host_barrier::time_is_up() noexcept {
    if (where() == phase::standing)
        break_now(reason::timed_out);
}

void host_barrier::stall(std::string why) noexcept {
    stall_ = std::move(why);
    break_now(reason::deadlock);
}

void host_barrier::decided(barrier_core& b, const decision& d) noexcept {
    auto& self = static_cast<host_barrier&>(b);
    self.tree_.unwatch(&self);
    self.decided_ns_.store(self.tree_.now(), std::memory_order_relaxed);
    self.send(kind_of(d.kind), d);
}

void host_barrier::complete(barrier_core& b) noexcept {
    auto& self = static_cast<host_barrier&>(b);
    self.decided_ns_.store(self.tree_.now(), std::memory_order_relaxed);
    self.send(WEIR_EVENT_BARRIER_COMPLETING,
              {.arrived = b.arrived(), .generation = b.generation()});
}

void host_barrier::wake_all() noexcept {
    const ending how = ending_of(result());
    const bool watched = tree_.watches();
    host_party* first = nullptr;
    host_party* last = nullptr;
    for_each_party([&](const fibers::party& each) {
        host_party& p = as_host(each);
        if (p.now.load(std::memory_order_relaxed) != host_party::waiting)
            return;
        if (watched) [[unlikely]]
            tree_.unwatch(&p);
        p.ended = how;
        p.now.store(host_party::queued, std::memory_order_relaxed);
        if (last != nullptr)
            last->next = posted{p};
        else
            first = &p;
        last = &p;
    });
    if (last != nullptr) {
        last->next = {};
        tree_.send({posted{*first}, posted{*last}});
    }
    values_.clear();
}

void host_barrier::wake(fibers::party& p) noexcept {
    if (as_host(p).now.load(std::memory_order_relaxed) == host_party::waiting)
        send(as_host(p), {.why = losing_, .generation = generation()});
}

void host_barrier::make_room(std::uint32_t) noexcept {}

ending host_barrier::ending_of(const decision& d) const noexcept {
    ending how;
    how.verdict = static_cast<std::uint8_t>(d.kind) & 3;
    how.reason = reason_code(d.why) & 15;
    how.late = d.late ? 1 : 0;
    how.of_the_last = d.late && d.generation == generation() && where() == phase::decided ? 1 : 0;
    return how;
}

void host_barrier::send(host_party& p, const decision& d) noexcept {
    tree_.unwatch(&p);
    p.ended = ending_of(d);
    p.now.store(host_party::queued, std::memory_order_relaxed);
    tree_.send(posted{p});
}

void host_barrier::send(weir_event_kind kind, const decision& d) noexcept {
    notice* const n = notice_for(kind, d);
    if (n == nullptr)
        return;  // the parties are told all the same
    n->kind = kind;
    n->generation = d.generation;
    n->arrived = d.arrived;
    n->reason = reason_code(d.why);
    n->t_ns = decided_ns();
    try {
        n->detail = is_plain(d) ? std::string{} : detail(kind, d);
    } catch (...) {
        n->detail.clear();
    }
    tree_.send(posted{*n});
}

notice* host_barrier::notice_for(weir_event_kind kind, const decision& d) noexcept {
    notice& own = notices_[kind == WEIR_EVENT_BARRIER_COMPLETING ? of_a_completion
                           : d.kind == verdict::released         ? of_a_release
                                                                 : of_the_end];
    if (!own.busy.exchange(true, std::memory_order_acquire))
        return &own;
    auto* const more = new (std::nothrow) notice;
    if (more == nullptr)
        return nullptr;
    more->scope = own.scope;
    more->barrier = own.barrier;
    more->busy = more->on_heap = true;
    return more;
}

// All came, and nobody brought anything: there is nothing to say of it.
bool host_barrier::is_plain(const decision& d) const noexcept {
    return d.culprit == nullptr && expected() == 0 && reserved() == 0 && values_.empty();
}

// Put together as text: to destroy a JSON value takes memory, and what is told here is to be told
// when there is none.
std::string host_barrier::detail(weir_event_kind kind, const decision& d) const {
    std::string text = "{";
    const auto member = [&](const char* name, const std::string& value) {
        text += (text.size() > 1 ? ",\"" : "\"") + std::string{name} + "\":" + value;
    };
    if (d.culprit != nullptr && !culprit_.empty())
        member("culprit", quoted(culprit_));
    std::string missing;
    if (kind != WEIR_EVENT_BARRIER_COMPLETING) {
        for_each_missing([&](const fibers::party& p) {
            missing += (missing.empty() ? "" : ",") + quoted(path_of(as_host(p).lane()));
        });
    }
    if (!missing.empty())
        member("missing", "[" + missing + "]");
    if (unnamed() != 0)
        member("unnamed", std::to_string(unnamed()));
    if (reserved() != 0)
        member("reserved", std::to_string(reserved()));
    if (!stall_.empty())
        member("message", quoted(stall_));
    text += "}";
    if (!values_.empty() && d.kind != verdict::broken)
        add_values(text);
    return text == "{}" ? std::string{} : text;
}

// As they were given: whoever nests deeply is not to cost us a stack.
void host_barrier::add_values(std::string& text) const {
    text.pop_back();
    text += text == "{" ? "\"values\":{" : ",\"values\":{";
    for_each_arrived([&](const fibers::party& p) {
        const auto found =
            std::ranges::find(values_, &as_host(p), &decltype(values_)::value_type::first);
        if (found == values_.end())
            return;
        text += text.back() == '{' ? "" : ",";
        text += quoted(path_of(as_host(p).lane())) + ":" + found->second;
    });
    text += "}}";
}

json host_barrier::describe() const {
    json all = json_object("barrier", name_, "state", word_of(*this), "generation", generation());
    json arrived = json::array();
    json missing = json::array();
    for_each_party([&](const fibers::party& p) {
        const auto& of = as_host(p);
        if (of.now.load(std::memory_order_relaxed) == host_party::waiting)
            arrived.push_back(path_of(of.lane()));
        else if (where() != phase::decided && p.state() == fibers::party_state::expected)
            missing.push_back(path_of(of.lane()));
    });
    all["waiting"] = std::move(arrived);
    all["missing"] = std::move(missing);
    all["unnamed"] = unnamed();
    all["reserved"] = reserved();
    all["open"] = opened();
    if (state() == verdict::broken && !culprit_.empty())
        all["culprit"] = culprit_;
    if (!stall_.empty())
        all["message"] = stall_;
    return all;
}

}  // namespace weir::plugin
