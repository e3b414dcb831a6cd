// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/outline.hpp"

#include "adapters/plan/loops.hpp"

#include <functional>

namespace weir::plan {

namespace {

std::uint64_t mix(std::uint64_t seed, std::uint64_t value) noexcept {
    seed ^= value + 0x9e3779b97f4a7c15u + (seed << 12) + (seed >> 4);
    return seed * 0xff51afd7ed558ccdu;
}

std::uint64_t hash(std::string_view text) noexcept { return std::hash<std::string_view>{}(text); }

std::string kind_text(const strategy& s) {
    std::string text(name_of(s.kind));
    for (const axis& a : s.axes) text += (&a == s.axes.data() ? " " : ", ") + a.name;
    return text;
}

}  // namespace

outline::outline(const plan& p)
    : plan_(p), shapes_(p.nodes.size()), counts_(p.nodes.size(), 1), steps_(p.nodes.size()) {
    // Children stand behind their parents: from the end, each finds its own done.
    for (auto i = static_cast<node_index>(p.nodes.size()); i-- > 0;) {
        const node& n = p[i];
        if (n.loop()) counts_[i] = plan_loop(n).count();
        std::uint64_t shape = mix(static_cast<std::uint64_t>(n.kind), hash(n.type));
        shape = mix(shape, n.kind == node_kind::barrier ? n.barrier + 1 : 0);
        shape = mix(shape, hash(n.condition));
        shape = mix(shape, static_cast<std::uint64_t>(n.status));
        if (n.loop()) shape = mix(mix(shape, hash(loop_text(i))), counts_[i]);
        std::uint32_t steps = n.kind == node_kind::step || n.kind == node_kind::barrier ? 1 : 0;
        for (node_index c = n.first_child; c != no_node; c = p[c].next) {
            shape = mix(shape, shapes_[c]);
            steps += steps_[c];
        }
        if (n.rollback != no_node) shape = mix(shape, ~shapes_[n.rollback]);
        shapes_[i] = shape;
        steps_[i] = steps;
    }
}

std::vector<outline::entry> outline::children(node_index of, std::size_t row) const {
    std::vector<entry> all;
    for (node_index c = plan_[of].first_child; c != no_node;) {
        entry e{c, c, 1};
        node_index next = plan_[c].next;
        for (; next != no_node && shapes_[next] == shapes_[c]; next = plan_[next].next) {
            e.last = next;
            ++e.count;
        }
        if (e.count >= row) {
            all.push_back(e);
        } else {
            for (node_index one = c; one != next; one = plan_[one].next)
                all.push_back({one, one, 1});
        }
        c = next;
    }
    return all;
}

std::string outline::loop_text(node_index i) const {
    const strategy* s = plan_[i].loop();
    if (!s) return {};
    std::string text = kind_text(*s);
    text += counts_[i] == 0 && !s->size_known() ? ": x ?" : ": x " + std::to_string(counts_[i]);
    if (s->max_concurrency.given) {
        const amount& cap = s->max_concurrency;
        if (!cap.constant()) text += ", ? at once";
        else if (cap.value > 0) text += ", " + std::to_string(cap.value) + " at once";
    }
    return text;
}

std::uint64_t outline::lanes_at(node_index i) const {
    std::uint64_t lanes = 1;
    for (; i != no_node && lanes != 0; i = plan_[i].parent) {
        if (__builtin_mul_overflow(lanes, counts_[i], &lanes)) return ~std::uint64_t{0};
    }
    return lanes;
}

}  // namespace weir::plan
