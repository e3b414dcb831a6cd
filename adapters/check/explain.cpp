// SPDX-License-Identifier: BSL-1.0
#include "adapters/check/explain.hpp"

#include <algorithm>
#include <string>

namespace weir::check {

namespace {

using because = edge::because;

std::string quoted(std::string_view text) {
    return "`" + std::string{text} + "`";
}

std::string counted(std::uint64_t n, std::string_view what) {
    return std::to_string(n) + " " + std::string{what} + (n == 1 ? "" : "s");
}

class wording {
public:
    wording(const occurrences& all, const symbolic_run& stuck, const std::vector<edge>& cycle,
            const circumstances& under)
        : all_{all}, document_{all.document()}, stuck_{stuck}, cycle_{cycle}, under_{under} {}

    void report(plan::diagnostics& findings) const {
        const auto& first = cycle_.front();
        auto& found = findings.add(code(), where(first.owed), headline());
        found.path = all_.path_of(first.owed);
        if (under_.given.failing.any())
            found.notes.push_back(
                {"this is so once something has failed, in the rollback and "
                 "clean-up steps",
                 {}});
        for (const auto& e : cycle_)
            tell(e, found);
        tell_conditions(found);
        found.help = advice();
    }

private:
    [[nodiscard]] plan::span where(occurrence_index i) const { return all_.node(i).where; }
    [[nodiscard]] std::string name(occurrence_index i) const { return quoted(all_.path_of(i)); }
    [[nodiscard]] std::string label(obstacle at) const {
        if (at.lock)
            return quoted(all_.keys()[at.which].text);
        return quoted(document_.barriers[all_.meetings()[at.which].definition].id);
    }
    [[nodiscard]] bool any(because why) const {
        return std::ranges::any_of(cycle_, [=](const edge& e) { return e.why == why; });
    }
    [[nodiscard]] bool has_barrier() const {
        return std::ranges::any_of(cycle_, [](const edge& e) { return !e.from.lock; });
    }
    [[nodiscard]] const edge* automatic() const {
        const auto at = std::ranges::find_if(cycle_, [this](const edge& e) {
            return e.why == because::holds_lock && all_.node(e.owed).extras->lock->automatic;
        });
        return at == cycle_.end() ? nullptr : &*at;
    }

    [[nodiscard]] plan::code code() const {
        if (automatic())
            return plan::code::automatic_constraint;
        if (any(because::holds_lock))
            return has_barrier() ? plan::code::lock_across_barrier : plan::code::lock_order;
        if (const auto loop = loop_in(all_, cycle_); loop != plan::no_node)
            return document_[loop].loop()->deployment ? plan::code::serial_expansion
                                                      : plan::code::cap_below_parties;
        if (any(because::undecided))
            return plan::code::deadlock;
        return cycle_.size() == 1 ? plan::code::sequential_reuse : plan::code::crossing_orders;
    }

    [[nodiscard]] std::string headline() const {
        if (cycle_.size() == 1)
            return lonely(cycle_.front());
        const bool locks = any(because::holds_lock);
        std::string text;
        for (std::size_t i = 0; i < cycle_.size(); ++i) {
            text += i == 0 ? "" : i + 1 == cycle_.size() ? " and " : ", ";
            if (locks)
                text += kind_of(cycle_[i].to);
            text += label(cycle_[i].to);
        }
        return (locks ? "" : "barriers ") + text + " wait for each other";
    }

    [[nodiscard]] std::string kind_of(obstacle at) const {
        if (!at.lock)
            return "barrier ";
        const auto& requests = all_.keys()[at.which].requests;
        return all_.node(requests.front()).extras->lock->automatic
                   ? "the Deployment stages' own constraint "
                   : "lock ";
    }

    [[nodiscard]] std::string lonely(const edge& e) const {
        const auto subject = (e.from.lock ? "lock " : "barrier ") + label(e.from) +
                             (e.from.lock ? " is never given back: " : " can never be released: ");
        switch (e.why) {
        case because::no_slot:
            return subject + numbers(e);
        case because::undecided:
            return subject + "whether " + name(e.owed) + " comes is known only after " +
                   name(e.waiter);
        case because::holds_lock:
            return subject + name(e.waiter) + " waits for it in " + name(e.around) +
                   ", which holds it";
        case because::comes_after:
            break;
        }
        return subject + name(e.owed) + " comes only after " + name(e.waiter);
    }

    // "6 parties, 2 slots"; of the parties, those in the loop, when others are elsewhere.
    [[nodiscard]] std::string numbers(const edge& e) const {
        const auto& parties = all_.meetings()[e.from.which].parties;
        const auto all = stuck_.meetings()[e.from.which].expected;
        const auto here =
            static_cast<std::uint64_t>(std::ranges::count_if(parties, [&](occurrence_index p) {
                return all_.is_below(p, e.around) && !stuck_.has_left(p);
            }));
        const auto slots = all_.loop(all_[e.around]).slots;
        const bool deployed = all_.node(e.around).loop()->deployment;
        const auto limit =
            deployed ? "deployed " + std::to_string(slots) + " at a time" : counted(slots, "slot");
        const auto all_parties = std::to_string(all) + (all == 1 ? " party" : " parties");
        if (here == all)
            return all_parties + ", " + limit;
        return std::to_string(here) + " of its " + all_parties + " are in " + name(e.around) +
               (deployed ? ", " : ", which has ") + limit;
    }

    void tell(const edge& e, plan::diagnostic& found) const {
        const bool lock = e.to.lock;
        found.notes.push_back({name(e.waiter) +
                                   (lock ? " waits here for lock " : " waits here at barrier ") +
                                   label(e.to),
                               where(e.waiter)});
        switch (e.why) {
        case because::comes_after:
            found.notes.push_back(
                {name(e.owed) + ", a party of barrier " + label(e.from) + ", comes only afterwards",
                 where(e.owed)});
            return;
        case because::undecided:
            found.notes.push_back({name(e.owed) + " may be a party of barrier " + label(e.from) +
                                       ": that is known only afterwards",
                                   where(e.owed)});
            return;
        case because::holds_lock:
            found.notes.push_back({name(e.around) + " has taken lock " + label(e.from) +
                                       " here, and keeps it to its end",
                                   where(e.owed)});
            return;
        case because::no_slot:
            return tell_slots(e, found);
        }
    }

    void tell_slots(const edge& e, plan::diagnostic& found) const {
        const auto& strategy = *all_.node(e.around).loop();
        found.notes.push_back(
            {"of the " + std::to_string(all_.loop(all_[e.around]).turns) + " instances of " +
                 name(e.around) + " at most " + std::to_string(all_.loop(all_[e.around]).slots) +
                 " run at once; the others, parties of barrier " + label(e.from) +
                 ", get no slot before one of these ends",
             strategy.max_concurrency.where.known() ? strategy.max_concurrency.where
                                                    : strategy.where});
    }

    void tell_conditions(plan::diagnostic& found) const {
        std::size_t named = 0;
        for (std::uint32_t u = 0; u < all_.unknowns().size(); ++u) {
            if (!under_.matters[u])
                continue;
            const auto& what = all_.unknowns()[u];
            found.notes.push_back({std::string{named++ == 0 ? "this is so when " : "and when "} +
                                       condition(what, under_.given.chosen[u]),
                                   document_[what.node].where});
        }
        for (const auto& e : under_.equalities) {
            const auto& other = all_.keys()[e.other];
            found.notes.push_back(
                {std::string{named++ == 0 ? "this is so when " : "and when "} + "the key of " +
                     name(all_.keys()[e.unknown].requests.front()) + " is " +
                     (e.equal ? "" : "not ") +
                     (other.known ? quoted(other.text) : "that of " + name(other.requests.front())),
                 where(all_.keys()[e.unknown].requests.front())});
        }
        if (named > 1)
            found.notes.push_back({"conditions are taken as independent of each other", {}});
    }

    [[nodiscard]] std::string condition(const unknown& what, std::uint64_t chosen) const {
        const auto node = quoted(plan::path_of(document_, what.node));
        const std::string holds = chosen == 0 ? " does not hold" : " holds";
        switch (what.what) {
        case unknown::about::size:
            return chosen == 0   ? node + " has no instances"
                   : chosen == 1 ? node + " has an instance"
                                 : node + " has more than " + counted(chosen - 1, "instance");
        case unknown::about::slots:
            return node + " runs one instance at a time";
        case unknown::about::loop_condition:
            return "the condition of the loop " + node + holds;
        case unknown::about::condition:
            break;
        }
        return "the condition of " + node + holds;
    }

    [[nodiscard]] std::string advice() const {
        if (automatic())
            return "let these stages deploy to different infrastructure, or set "
                   "`allowSimultaneousDeployments: true` in its definition";
        if (any(because::holds_lock))
            return lock_advice();
        if (const auto loop = loop_in(all_, cycle_); loop != plan::no_node)
            return slot_advice(loop);
        const auto& last = cycle_.back();
        if (any(because::undecided))
            return "give the rollback steps a barrier of their own";
        if (cycle_.size() == 1)
            return "give " + name(last.owed) + " a barrier of its own, or let both run in parallel";
        return "let every lane pass these barriers in the same order: swap " + name(last.waiter) +
               " and " + name(last.owed);
    }

    [[nodiscard]] std::string lock_advice() const {
        const auto& held = *std::ranges::find_if(
            cycle_, [](const edge& e) { return e.why == because::holds_lock; });
        if (!has_barrier())
            return "take these locks in the same order everywhere: swap " +
                   name(cycle_.back().owed) + " and " + name(cycle_.back().waiter);
        return "let " + name(held.owed) + " take lock " + label(held.from) + " after " +
               name(held.waiter) +
               ": whoever waits at a barrier should hold no lock that another "
               "party needs to get there";
    }

    [[nodiscard]] std::string slot_advice(plan::node_index loop) const {
        const auto node = quoted(plan::path_of(document_, loop));
        const auto& strategy = *document_[loop].loop();
        if (strategy.deployment)
            return "deploy the services and environments of " + node +
                   " in parallel (`metadata: {parallel: true}`), or write `slotWhileWaiting: "
                   "release` in its `multiDeploymentConfig`";
        if (strategy.kind == plan::strategy_kind::while_true)
            return "a `while` runs one turn after another: make the barrier `cyclic`";
        if (under_.slots.by_turns != plan::no_node)
            return "the instances of " + node + " come one by one, to a cyclic barrier: let " +
                   label(short_of()) + " be met outside of it, or declare it `cyclic: true`, too";
        return raise_advice();
    }

    [[nodiscard]] obstacle short_of() const {
        return std::ranges::find(cycle_, because::no_slot, &edge::why)->from;
    }

    [[nodiscard]] std::string raise_advice() const {
        if (under_.slots.raise.empty())
            return "let all instances of the loop run at once: leave out its `maxConcurrency`";
        std::string text = "let them run at once: raise `maxConcurrency` ";
        const auto& loops = under_.slots.raise;
        for (std::size_t i = 0; i < loops.size(); ++i) {
            const auto& [loop, enough] = loops[i];
            text += i == 0 ? "" : i + 1 == loops.size() ? " and " : ", ";
            text += "of " + quoted(plan::path_of(document_, loop));
            if (enough != 0)
                text += " to " + std::to_string(enough);
        }
        text += under_.slots.release
                    ? ", leave it out, or write `slotWhileWaiting: release` beside it"
                    : ", or leave it out";
        return text;
    }

    const occurrences& all_;
    const plan::plan& document_;
    const symbolic_run& stuck_;
    const std::vector<edge>& cycle_;
    const circumstances& under_;
};

}  // namespace

plan::node_index loop_in(const occurrences& all, const std::vector<edge>& cycle) {
    for (const auto& e : cycle) {
        if (e.why == because::no_slot)
            return all[e.around].what;
    }
    return plan::no_node;
}

void explain(const occurrences& all, const symbolic_run& stuck, const std::vector<edge>& cycle,
             const circumstances& under, plan::diagnostics& findings) {
    wording{all, stuck, cycle, under}.report(findings);
}

void explain_greed(const occurrences& all, const symbolic_run& stuck, plan::diagnostics& findings) {
    for (std::uint32_t k = 0; k < stuck.keys().size(); ++k) {
        for (const auto lock : stuck.keys()[k].queue) {
            const auto capacity = stuck.keys()[k].capacity;
            if (all.permits_of(lock) <= capacity)
                continue;
            auto& found = findings.add(plan::code::too_many_permits, all.node(lock).where,
                                       quoted(all.path_of(lock)) + " asks for " +
                                           counted(all.permits_of(lock), "permit") + " of " +
                                           quoted(all.keys()[k].text) + ", which has " +
                                           std::to_string(capacity));
            found.path = all.path_of(lock);
            found.help = "ask for fewer, or raise the capacity";
            return;
        }
    }
}

}  // namespace weir::check
