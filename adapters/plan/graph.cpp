// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/graph.hpp"

#include <algorithm>
#include <utility>

namespace weir::plan {

namespace {

constexpr std::size_t row = 4;          // so many siblings of one shape are one box or frame
constexpr std::size_t shown_steps = 2;  // more plain steps in a row are one box

std::string steps(std::uint64_t n) { return std::to_string(n) + (n == 1 ? " step" : " steps"); }

bool plain_step(const plan& p, const outline::entry& e) {
    return p[e.node].kind == node_kind::step && !p[e.node].loop();
}

}  // namespace

graph::graph(const plan& p) : plan_(p), outline_(p) {
    std::vector<std::uint64_t> parties(p.barriers.size());
    std::vector<bool> known(p.barriers.size(), true);
    for (node_index i = 0; i < p.nodes.size(); ++i) {
        if (p[i].kind != node_kind::barrier || p[i].barrier >= parties.size()) continue;
        const std::uint64_t here = outline_.lanes_at(i);
        parties[p[i].barrier] += here;
        if (here == 0) known[p[i].barrier] = false;
    }
    for (std::size_t b = 0; b < parties.size(); ++b) {
        add("barrier " + p.barriers[b].id + "\n" + (known[b] ? "" : "at least ") +
                std::to_string(parties[b]) + (parties[b] == 1 ? " lane" : " lanes"),
            shape::bar, -1);
    }
    if (!p.nodes.empty()) sequence(0, {}, -1);
    std::sort(edges_.begin(), edges_.end(), [](const edge& a, const edge& b) {
        return std::pair{a.from, a.to} < std::pair{b.from, b.to};
    });
    edges_.erase(
        std::unique(edges_.begin(), edges_.end(),
                    [](const edge& a, const edge& b) { return a.from == b.from && a.to == b.to; }),
        edges_.end());
}

int graph::add(std::string label, shape s, int within) {
    boxes_.push_back({std::move(label), s, within});
    return static_cast<int>(boxes_.size()) - 1;
}

void graph::join(const ends& from, int to, bool rollback) {
    for (const int f : from) edges_.push_back({f, to, rollback});
}

std::string graph::title(const outline::entry& e) const {
    const node& n = plan_[e.node];
    std::string text(n.kind == node_kind::rollback ? std::string_view{"rollback"} : n.id);
    if (e.count > 1) {
        text += " ... " + std::string(plan_[e.last].id) + "\n" + std::to_string(e.count) + " alike";
    }
    if (!n.type.empty()) text += "\n" + std::string(n.type);
    if (const std::string loop = outline_.loop_text(e.node); !loop.empty()) text += "\n" + loop;
    return text;
}

graph::ends graph::sequence(node_index of, ends from, int within) {
    const auto entries = outline_.children(of, ~std::size_t{0});
    for (std::size_t e = 0; e < entries.size(); ++e) {
        std::size_t run = e;
        while (run < entries.size() && plain_step(plan_, entries[run])) ++run;
        if (run - e > shown_steps) {
            const int made =
                add(std::string(plan_[entries[e].node].id) + " ... " +
                        std::string(plan_[entries[run - 1].node].id) + "\n" + steps(run - e),
                    shape::box, within);
            join(from, made);
            from = {made};
            e = run - 1;
            continue;
        }
        from = plan_[entries[e].node].kind == node_kind::parallel
                   ? fork(entries[e].node, std::move(from), within)
                   : one(entries[e], from, within);
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
    for (const outline::entry& e : entries) {
        const ends out = one(e, from, within);
        all.insert(all.end(), out.begin(), out.end());
    }
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
}

graph::ends graph::one(const outline::entry& e, const ends& from, int within) {
    const node& n = plan_[e.node];
    if (n.kind == node_kind::parallel) return fork(e.node, from, within);
    if (n.kind == node_kind::barrier && n.barrier < plan_.barriers.size()) {
        const int bar = static_cast<int>(n.barrier);
        join(from, bar);
        return {bar};
    }
    if (!n.holds_barriers) {
        std::string label = title(e);
        if (n.kind != node_kind::step) label += "\n" + steps(outline_.steps_below(e.node));
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
    if (n.rollback != no_node && plan_[n.rollback].holds_barriers) {
        frames_.push_back({"rollback", inside});
        const int section = static_cast<int>(frames_.size()) - 1;
        const int start = add("", shape::join, section);
        join(out, start, true);
        sequence(n.rollback, {start}, section);
    }
    return out;
}

}  // namespace weir::plan
