// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/checks.hpp"
#include "adapters/harness/planning.hpp"

#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace weir::harness {

namespace {

using plan::no_node;
using plan::node_index;

// Where a Barrier step stands among the lanes (SEMANTICS.md, section 1).
struct seat {
    node_index lane = no_node;  // innermost: stage, entry of a parallel, or loop
    node_index stage = no_node;
    node_index top = no_node;  // the pipeline's child that holds the stage: itself, or a parallel;
                               // a graph's, if there is one
    bool rollback = false;
    std::optional<std::uint64_t> instances = 1;  // of the lane, in all; nothing: not known
    node_index condition = no_node;  // nearest node at or above it with a condition of the run
    // Of a cyclic barrier: how often the lane comes; nothing: not known.
    std::optional<std::uint64_t> turns = 1;
    node_index unbounded = no_node;  // nearest `while` around it
};

class barrier_check {
public:
    barrier_check(context& c, const loop_table& loops)
        : context_(c), plan_(c.builder.unfinished()), loops_(loops) {}

    void run();

private:
    struct flow {
        const barrier_use* first = nullptr;
        const barrier_use* elsewhere = nullptr;  // under another child of the pipeline than `first`
        node_index first_top = no_node;
        std::map<node_index, const barrier_use*> by_stage;
    };
    struct party {
        const barrier_use* use;
        seat at;
    };

    seat seat_of(node_index, node_index scope, bool cyclic);
    bool in_child(node_index) const;
    bool is_sequential(node_index) const;
    void check_options(std::uint32_t barrier);
    void check_turns(std::uint32_t barrier);
    void check_quorum(std::uint32_t barrier);
    bool decided_in_run(node_index);
    const barrier_use* in_sequence_with(node_index top, std::uint32_t barrier);
    bool waits_for(node_index later, node_index earlier);
    static bool open(std::string_view condition, const planning& names);
    void check_lanes(std::uint32_t barrier);
    void check_flows(std::uint32_t barrier);
    void check_count(std::uint32_t barrier);
    void check_conditions(std::uint32_t barrier);
    std::string name(std::uint32_t barrier) const { return "`" + plan_.barriers[barrier].id + "`"; }

    context& context_;
    const plan::plan& plan_;
    const loop_table& loops_;
    const planning nothing_;
    std::unordered_map<node_index, bool> decided_;
    std::unordered_map<node_index, std::unordered_set<node_index>> waited_for_;  // in a graph
    bool graph_ = false;
    std::vector<std::vector<party>> parties_;  // by barrier
};

bool barrier_check::open(std::string_view condition, const planning& names) {
    return !condition.empty() &&
           expressions::condition(condition, names).status != expressions::status::ok;
}

// Evaluated once a node, however many parties stand below it.
bool barrier_check::decided_in_run(node_index i) {
    const plan::node& n = plan_.nodes[i];
    if (n.condition.empty() && (!n.loop() || n.loop()->when.empty())) {
        return false;
    }
    const auto [known, first] = decided_.try_emplace(i, false);
    if (first) {
        // The names of the first pipeline are known still, those of a child are not.
        const planning& names = in_child(i) ? nothing_ : *context_.known;
        known->second = open(n.condition, names) || (n.loop() && open(n.loop()->when, names));
    }
    return known->second;
}

// One turn after the other: all in the lane around the loop.
bool barrier_check::is_sequential(node_index i) const {
    const plan::strategy* const loop = plan_.nodes[i].loop();
    if (!loop) {
        return false;
    }
    const auto& cap = loop->max_concurrency;
    return loop->kind == plan::strategy_kind::while_true ||
           (cap.given && cap.expression.empty() && cap.value == 1);
}

// Each run of the pipeline that declares the barrier, `scope`, has its own: what is around does not
// count.
seat barrier_check::seat_of(node_index i, node_index scope, bool cyclic) {
    seat out;
    for (node_index below = no_node; i != no_node; below = i, i = plan_.nodes[i].parent) {
        if (i == scope) {
            out.top = out.top == no_node ? below : out.top;
            break;
        }
        const plan::node& n = plan_.nodes[i];
        const bool entry =
            n.parent != no_node && plan_.nodes[n.parent].kind == plan::node_kind::parallel;
        const bool turns = cyclic && is_sequential(i);
        if (n.loop() && n.loop()->kind == plan::strategy_kind::while_true &&
            out.unbounded == no_node) {
            out.unbounded = i;
        }
        if (out.lane == no_node &&
            ((n.loop() && !turns) || entry || n.kind == plan::node_kind::stage)) {
            out.lane = i;
        }
        if (n.kind == plan::node_kind::stage) {
            out.stage = i;
        }
        if (n.kind == plan::node_kind::graph) {
            out.top = below;
        }
        out.rollback = out.rollback || n.kind == plan::node_kind::rollback;
        if (out.condition == no_node && decided_in_run(i)) {
            out.condition = i;
        }
        auto& times = turns ? out.turns : out.instances;
        if (n.loop() && n.kind != plan::node_kind::barrier && times) {
            const auto found = loops_.find(i);
            if (found == loops_.end() || !found->second.instances) {
                times.reset();
            } else {
                times = std::min<std::uint64_t>(*times, 1'000'000) * found->second.count();
            }
        }
    }
    return out;
}

void barrier_check::check_lanes(std::uint32_t barrier) {
    std::map<std::pair<node_index, bool>, const barrier_use*> seen;
    for (const party& p : parties_[barrier]) {
        const auto [earlier, added] = seen.try_emplace({p.at.lane, p.at.rollback}, p.use);
        if (added) {
            continue;
        }
        plan::diagnostic& told =
            context_.report(plan::code::barrier_twice_in_lane, p.use->where,
                            "the barrier " + name(barrier) + " is named a second time in one lane",
                            "give the second one a barrier of its own");
        told.notes.push_back({"the lane names it here first", earlier->second->where});
        told.path = plan::path_of(plan_, p.use->node);
    }
}

// In a graph: a use in the normal flow of a stage that ends before the other starts, or starts
// after it has ended.
const barrier_use* barrier_check::in_sequence_with(node_index top, std::uint32_t barrier) {
    for (const party& p : parties_[barrier]) {
        if (!p.at.rollback && (waits_for(top, p.at.top) || waits_for(p.at.top, top))) {
            return p.use;
        }
    }
    return nullptr;
}

bool barrier_check::waits_for(node_index later, node_index earlier) {
    auto& all = waited_for_[later];
    if (all.empty()) {
        std::vector<node_index> open{later};
        while (!open.empty()) {
            const plan::node& n = plan_.nodes[open.back()];
            all.insert(open.back());
            open.pop_back();
            for (const node_index on :
                 n.extras ? n.extras->depends_on : std::vector<node_index>{}) {
                if (!all.contains(on)) {
                    open.push_back(on);
                }
            }
        }
    }
    return later != earlier && all.contains(earlier);
}

// A rollback section waits for the normal flow's parties, which are over or never come: one use of
// each side is enough to say so.
void barrier_check::check_flows(std::uint32_t barrier) {
    flow normal;
    for (const party& p : parties_[barrier]) {
        if (p.at.rollback) {
            continue;
        }
        normal.by_stage.try_emplace(p.at.stage, p.use);
        if (!normal.first) {
            normal.first = p.use;
            normal.first_top = p.at.top;
        } else if (!normal.elsewhere && p.at.top != normal.first_top) {
            normal.elsewhere = p.use;
        }
    }
    for (const party& p : parties_[barrier]) {
        if (!p.at.rollback || !normal.first) {
            continue;
        }
        const auto same = normal.by_stage.find(p.at.stage);
        const barrier_use* in_sequence = graph_ ? in_sequence_with(p.at.top, barrier)
                                         : normal.first_top != p.at.top ? normal.first
                                                                        : normal.elsewhere;
        if (same != normal.by_stage.end() || in_sequence) {
            const bool here = same != normal.by_stage.end();
            plan::diagnostic& told =
                context_.report(plan::code::barrier_in_both_flows, p.use->where,
                                "the barrier " + name(barrier) +
                                    " is used in rollback steps and in the normal flow of " +
                                    (here ? "the same stage" : "a stage in sequence with it"),
                                "give the rollback steps a barrier of their own");
            told.notes.push_back(
                {"the normal flow uses it here", (here ? same->second : in_sequence)->where});
            told.path = plan::path_of(plan_, p.use->node);
        } else {
            context_
                .report(plan::code::barrier_in_other_rollback, p.use->where,
                        "the barrier " + name(barrier) +
                            " is used in these rollback steps and in the normal flow of a parallel "
                            "stage",
                        "the parallel stage waits until this one has ended or rolled back")
                .notes.push_back({"the normal flow uses it here", normal.first->where});
        }
    }
}

void barrier_check::check_count(std::uint32_t barrier) {
    const plan::barrier_definition& declared = plan_.barriers[barrier];
    if (context_.incomplete) {
        return;
    }
    if (parties_[barrier].empty()) {
        context_.report(plan::code::unused_barrier, declared.where,
                        "the barrier " + name(barrier) + " is declared and never used");
        return;
    }
    // Two uses are two lanes, or an error that has been told.
    const party& only = parties_[barrier].front();
    if (parties_[barrier].size() == 1 && only.at.instances == 1) {
        context_
            .report(plan::code::single_lane_barrier, only.use->where,
                    "only one lane names the barrier " + name(barrier) + ": it holds nothing back",
                    "a barrier joins lanes of one run and its child pipelines; two runs never meet")
            .notes.push_back({"it is declared here", declared.where});
    }
}

// How its options go together with those who use it.
void barrier_check::check_options(std::uint32_t barrier) {
    const plan::barrier_definition& declared = plan_.barriers[barrier];
    for (const party& p : parties_[barrier]) {
        if (p.use->value.known() && !declared.exchange) {
            context_
                .report(plan::code::bad_barrier, p.use->value,
                        "the barrier " + name(barrier) + " gathers no values",
                        "declare it with `exchange: true`")
                .notes.push_back({"it is declared here", declared.where});
        }
        if (p.at.unbounded != no_node && !declared.cyclic) {
            context_
                .report(plan::code::bad_barrier, p.use->where,
                        "the barrier " + name(barrier) +
                            " stands in a `while`, whose turns would each be a party",
                        "declare it with `cyclic: true`: the lane is the party, a turn a "
                        "generation")
                .notes.push_back({"the loop", plan_.nodes[p.at.unbounded].where});
        }
    }
    if (declared.cyclic) {
        check_turns(barrier);
    }
    if (declared.quorum != 0 && !context_.incomplete) {
        check_quorum(barrier);
    }
}

void barrier_check::check_turns(std::uint32_t barrier) {
    const party* known = nullptr;
    for (const party& p : parties_[barrier]) {
        if (!p.at.turns || p.at.instances == 0) {
            continue;
        }
        if (!known) {
            known = &p;
        } else if (*p.at.turns != *known->at.turns) {
            context_
                .report(plan::code::unequal_turns, p.use->where,
                        "this lane comes to the cyclic barrier " + name(barrier) + " " +
                            std::to_string(*p.at.turns) + " times, another " +
                            std::to_string(*known->at.turns) + " times",
                        "give their loops the same number of turns")
                .notes.push_back({"the other lane", known->use->where});
            return;
        }
    }
}

void barrier_check::check_quorum(std::uint32_t barrier) {
    std::uint64_t all = 0;
    for (const party& p : parties_[barrier]) {
        if (!p.at.instances) {
            return;
        }
        all += *p.at.instances;
    }
    const plan::barrier_definition& declared = plan_.barriers[barrier];
    if (all < declared.quorum && !parties_[barrier].empty()) {
        context_.report(plan::code::bad_barrier, declared.where,
                        "the barrier " + name(barrier) + " waits for " +
                            std::to_string(declared.quorum) + ", and has " + std::to_string(all) +
                            (all == 1 ? " party" : " parties"),
                        "lower its `quorum`");
    }
}

void barrier_check::check_conditions(std::uint32_t barrier) {
    for (const party& p : parties_[barrier]) {
        if (p.at.condition != no_node) {
            plan::diagnostic& told = context_.report(
                plan::code::conditional_party, p.use->where,
                "this party of the barrier " + name(barrier) +
                    " stands behind a condition: the others wait until it is decided",
                "");
            told.notes.push_back(
                {"the condition is on this node", plan_.nodes[p.at.condition].where});
            told.path = plan::path_of(plan_, p.use->node);
        }
    }
}

bool barrier_check::in_child(node_index i) const {
    while (plan_.nodes[i].kind != plan::node_kind::pipeline) {
        i = plan_.nodes[i].parent;
    }
    return i != 0;
}

void barrier_check::run() {
    const node_index first = plan_.nodes.front().first_child;
    graph_ = first != no_node && plan_.nodes[first].kind == plan::node_kind::graph;
    parties_.resize(plan_.barriers.size());
    for (const barrier_use& use : context_.barriers) {
        if (use.resolved) {
            const std::uint32_t barrier = plan_.nodes[use.node].barrier;
            const plan::barrier_definition& declared = plan_.barriers[barrier];
            parties_[barrier].push_back({&use, seat_of(use.node, declared.scope, declared.cyclic)});
        }
    }
    for (std::uint32_t i = 0; i < plan_.barriers.size(); ++i) {
        check_lanes(i);
        check_flows(i);
        check_count(i);
        check_conditions(i);
        check_options(i);
    }
}

}  // namespace

void check_barriers(context& c, const loop_table& loops) {
    barrier_check{c, loops}.run();
}

}  // namespace weir::harness
