// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/graph.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace weir::plan {

namespace {

constexpr std::size_t row = 4;          // so many lanes of one shape are one box or frame
constexpr std::size_t long_row = 8;     // so many of one shape that follow each other
constexpr std::size_t wide = 16;        // among more, all that are plain are one box
constexpr std::size_t shown_steps = 2;  // more plain steps in a row are one box

std::string steps(std::uint64_t n) {
    return std::to_string(n) + (n == 1 ? " step" : " steps");
}

bool plain_step(const plan& p, const outline::entry& e) {
    return p[e.node].kind == node_kind::step && !p[e.node].loop();
}

// Nothing to see in it but its steps.
bool plain(const plan& p, const outline::entry& e) {
    const node& n = p[e.node];
    return !n.loop() && !n.holds_barriers && !segment_of(n).empty();
}

// The entries of a graph in an order in which each comes after those that it depends on; which
// entry a child is in.
struct dependency_order {
    dependency_order(const plan& p, const std::vector<outline::entry>& entries) {
        for (std::size_t e = 0; e < entries.size(); ++e)
            for (node_index i = entries[e].node;; i = p[i].next) {
                entry_of.emplace(i, e);
                if (i == entries[e].last)
                    break;
            }
        on.resize(entries.size());
        std::vector<std::size_t> open(entries.size());
        std::vector<std::vector<std::size_t>> waiting(entries.size());
        for (std::size_t e = 0; e < entries.size(); ++e) {
            const node_extras* more = p[entries[e].node].extras;
            if (more)
                for (const node_index i : more->depends_on)
                    on[e].push_back(entry_of.at(i));
            std::sort(on[e].begin(), on[e].end());
            on[e].erase(std::unique(on[e].begin(), on[e].end()), on[e].end());
            open[e] = on[e].size();
            for (const std::size_t before : on[e])
                waiting[before].push_back(e);
            if (open[e] == 0)
                order.push_back(e);
        }
        for (std::size_t k = 0; k < order.size(); ++k)
            for (const std::size_t e : waiting[order[k]])
                if (--open[e] == 0)
                    order.push_back(e);
    }

    std::unordered_map<node_index, std::size_t> entry_of;
    std::vector<std::vector<std::size_t>> on;  // by entry
    std::vector<std::size_t> order;
};

}  // namespace

graph::graph(const plan& p) : plan_(p), outline_(p) {
    for (std::uint32_t b = 0; b < p.barriers.size(); ++b)
        bar(b);
    if (!p.nodes.empty())
        sequence(0, {}, -1);
    std::sort(edges_.begin(), edges_.end(), [](const edge& a, const edge& b) {
        return std::pair{a.from, a.to} < std::pair{b.from, b.to};
    });
    edges_.erase(
        std::unique(edges_.begin(), edges_.end(),
                    [](const edge& a, const edge& b) { return a.from == b.from && a.to == b.to; }),
        edges_.end());
}

int graph::bar(std::uint32_t barrier) {
    const barrier_definition& b = plan_.barriers[barrier];
    std::string label =
        "barrier " + outline_.barrier_text(barrier) + "\n" + outline_.lanes_text(barrier);
    if (b.cyclic)
        label += ", cyclic";
    if (b.on_release != no_node)
        label += "\non release: " + steps(outline_.steps_below(b.on_release));
    return add(std::move(label), shape::bar, -1);
}

int graph::add(std::string label, shape s, int within) {
    boxes_.push_back({std::move(label), s, within});
    return static_cast<int>(boxes_.size()) - 1;
}

void graph::join(const ends& from, int to, bool rollback) {
    for (const int f : from)
        edges_.push_back({f, to, rollback});
}

std::string graph::title(const outline::entry& e) const {
    const node& n = plan_[e.node];
    std::string text(segment_of(n).empty() ? n.id : segment_of(n));
    if (n.kind == node_kind::pipeline)
        text = "pipeline " + text;
    if (e.count > 1) {
        text += " ... " + std::string(plan_[e.last].id) + "\n" + std::to_string(e.count) + " alike";
        if (!in_lanes(n.parent))
            text += ", one after another";
    }
    if (!n.type.empty() && n.kind != node_kind::pipeline)
        text += "\n" + std::string(n.type);
    if (const std::string lock = outline_.lock_text(e.node); !lock.empty())
        text += "\n" + lock;
    if (const std::string loop = outline_.loop_text(e.node); !loop.empty())
        text += "\n" + loop;
    return text;
}

// Plain entries as one box: "build ... publish", "40 stages, one after another", "97 steps".
int graph::together(const std::vector<outline::entry>& all, bool in_turn, int within) {
    std::uint64_t count = 0, below = 0;
    bool only_steps = true;
    for (const outline::entry& e : all) {
        count += e.count;
        below += e.count * outline_.steps_below(e.node);
        only_steps = only_steps && plan_[e.node].kind == node_kind::step;
    }
    std::string label = std::string(plan_[all.front().node].id) + " ... " +
                        std::string(plan_[all.back().last].id) + "\n";
    if (!only_steps) {
        const bool stages = plan_[all.front().node].kind == node_kind::stage;
        label += std::to_string(count) + (stages ? " stages" : " of them") +
                 (in_turn ? ", one after another\n" : ", side by side\n");
    }
    return add(label + steps(below), shape::box, within);
}

graph::ends graph::sequence(node_index of, ends from, int within) {
    const auto entries = outline_.children(of, long_row);
    const bool many = entries.size() > wide;
    for (std::size_t e = 0; e < entries.size(); ++e) {
        std::vector<outline::entry> run;
        std::size_t count = 0;
        for (std::size_t k = e; k < entries.size(); ++k) {
            if (!plain_step(plan_, entries[k]) && !(many && plain(plan_, entries[k])))
                break;
            run.push_back(entries[k]);
            count += entries[k].count;
        }
        if (count > shown_steps && (run.size() > 1 || plain_step(plan_, run.front()))) {
            const int made = together(run, true, within);
            join(from, made);
            from = {made};
            e += run.size() - 1;
        } else {
            from = one(entries[e], from, within);
        }
    }
    return from;
}

graph::ends graph::fork(node_index parallel, ends from, int within) {
    const auto entries = outline_.children(parallel, row);
    // Many lanes that meet many others: one point between them instead of an edge for each pair.
    if (from.size() > 1 && entries.size() > 1) {
        const int point = add("", shape::join, within);
        join(from, point);
        from = {point};
    }
    ends all;
    std::vector<outline::entry> merged;
    for (const outline::entry& e : entries) {
        if (entries.size() > wide && plain(plan_, e)) {
            merged.push_back(e);
            continue;
        }
        const ends out = one(e, from, within);
        all.insert(all.end(), out.begin(), out.end());
    }
    if (!merged.empty()) {
        all.push_back(together(merged, false, within));
        join(from, all.back());
    }
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
}

// Each comes from the ends of those that it depends on; what nobody depends on goes on.
graph::ends graph::dependent(node_index of, const ends& from, int within) {
    const auto entries = outline_.children(of, row);
    const dependency_order in(plan_, entries);
    std::vector<ends> made(entries.size());
    std::vector<bool> last(entries.size(), true);
    for (const std::size_t e : in.order) {
        ends before;
        for (const std::size_t on : in.on[e]) {
            before.insert(before.end(), made[on].begin(), made[on].end());
            last[on] = false;
        }
        made[e] = one(entries[e], in.on[e].empty() ? from : before, within);
    }
    ends all;
    for (std::size_t e = 0; e < entries.size(); ++e)
        if (last[e])
            all.insert(all.end(), made[e].begin(), made[e].end());
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
}

graph::ends graph::one(const outline::entry& e, const ends& from, int within) {
    const node& n = plan_[e.node];
    if (n.kind == node_kind::parallel)
        return fork(e.node, from, within);
    if (n.kind == node_kind::graph)
        return dependent(e.node, from, within);
    if (n.kind == node_kind::barrier && n.barrier < plan_.barriers.size()) {
        const int met = static_cast<int>(n.barrier);
        join(from, met);
        return {met};
    }
    if (!n.holds_barriers) {
        std::string label = title(e);
        const bool leaf = n.kind == node_kind::step || n.kind == node_kind::lock;
        if (!leaf)
            label += "\n" + steps(outline_.steps_below(e.node));
        if (n.rollback != no_node)
            label += ", rollback: " + steps(outline_.steps_below(n.rollback));
        const int made = add(std::move(label), shape::box, within);
        join(from, made);
        return {made};
    }
    frames_.push_back({title(e), within});
    const int inside = static_cast<int>(frames_.size()) - 1;
    // Something of its own to start from: a lane whose first step is a barrier shows as well.
    const int entry = add("", shape::join, inside);
    join(from, entry);
    const ends out = sequence(e.node, {entry}, inside);
    if (n.rollback != no_node)
        roll_back(n.rollback, out, inside);
    return out;
}

void graph::roll_back(node_index section, const ends& from, int within) {
    if (!plan_[section].holds_barriers) {
        const int made =
            add("rollback\n" + steps(outline_.steps_below(section)), shape::box, within);
        return join(from, made, true);
    }
    frames_.push_back({"rollback", within});
    const int inside = static_cast<int>(frames_.size()) - 1;
    const int start = add("", shape::join, inside);
    join(from, start, true);
    sequence(section, {start}, inside);
}

}  // namespace weir::plan
