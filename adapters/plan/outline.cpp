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

std::uint64_t hash(std::string_view text) noexcept {
    return std::hash<std::string_view>{}(text);
}

std::string number_text(const amount& a) {
    if (!a.given)
        return "1";
    return a.expression.empty() ? std::to_string(a.value) : one_line(a.expression);
}

std::string kind_text(const strategy& s) {
    std::string text(s.deployment ? "deployment" : name_of(s.kind));
    for (const axis& a : s.axes)
        text += (&a == s.axes.data() ? " " : ", ") + a.name;
    return text;
}

}  // namespace

outline::outline(const plan& p)
    : plan_(p),
      shapes_(p.nodes.size()),
      counts_(p.nodes.size(), 1),
      caps_(p.nodes.size()),
      steps_(p.nodes.size()),
      places_(p.barriers.size()) {
    // Children stand behind their parents: from the end, each finds its own done.
    for (auto i = static_cast<node_index>(p.nodes.size()); i-- > 0;) {
        const node& n = p[i];
        if (const strategy* s = n.loop()) {
            const bool turns = s->kind == strategy_kind::while_true;
            const planned_loop made = plan_loop(n);
            counts_[i] = turns ? 1 : made.count();
            caps_[i] = turns ? 1 : made.cap();
        }
        std::uint64_t shape = own_shape(i);
        const bool leaf =
            n.kind == node_kind::step || n.kind == node_kind::barrier || n.kind == node_kind::lock;
        std::uint32_t steps = leaf ? 1 : 0;
        for (node_index c = n.first_child; c != no_node; c = p[c].next) {
            shape = mix(shape, shapes_[c]);
            steps += steps_[c];
        }
        if (n.rollback != no_node)
            shape = mix(shape, ~shapes_[n.rollback]);
        shapes_[i] = shape;
        steps_[i] = steps;
    }
    for (node_index i = 0; i < p.nodes.size(); ++i)
        if (p[i].kind == node_kind::barrier && p[i].barrier < places_.size())
            places_[p[i].barrier].push_back(i);
}

std::uint64_t outline::own_shape(node_index i) const {
    const node& n = plan_[i];
    std::uint64_t shape = mix(static_cast<std::uint64_t>(n.kind), hash(n.type));
    shape = mix(shape, n.kind == node_kind::barrier ? n.barrier + 1 : 0);
    shape = mix(shape, hash(n.condition));
    shape = mix(shape, static_cast<std::uint64_t>(n.status));
    if (n.loop())
        shape = mix(mix(shape, hash(loop_text(i))), counts_[i]);
    if (!n.extras)
        return shape;
    if (n.extras->lock)
        shape = mix(shape, hash(lock_text(i)));
    for (const node_index on : n.extras->depends_on)
        shape = mix(shape, on);
    return shape;
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
    if (!s)
        return {};
    if (s->kind == strategy_kind::while_true)
        return "while " + one_line(s->condition) + ", at most " + number_text(s->times);
    std::string text = kind_text(*s);
    text += counts_[i] == 0 && !s->size_known() ? ": x ?" : ": x " + std::to_string(counts_[i]);
    if (!s->max_concurrency.constant())
        text += ", ? at once";
    else if (caps_[i] > 0)
        text += ", " + std::to_string(caps_[i]) + " at once";
    return text;
}

std::string outline::lock_text(node_index i) const {
    const node& n = plan_[i];
    if (!n.extras || !n.extras->lock)
        return {};
    const lock_request& l = *n.extras->lock;
    std::string text = "key " + one_line(l.key);
    if (l.permits.given || l.capacity.given)
        text += ", " + number_text(l.permits) + " of " + number_text(l.capacity) + " permits";
    if (l.scope == lock_scope::stage)
        text += ", until the stage ends";
    return text;
}

std::uint64_t outline::lanes_at(node_index i) const {
    const node& n = plan_[i];
    const bool cyclic = n.kind == node_kind::barrier && n.barrier < plan_.barriers.size() &&
                        plan_.barriers[n.barrier].cyclic;
    std::uint64_t lanes = 1;
    for (; i != no_node && lanes != 0; i = plan_[i].parent) {
        if (cyclic && caps_[i] == 1)
            continue;
        if (__builtin_mul_overflow(lanes, counts_[i], &lanes))
            return ~std::uint64_t{0};
    }
    return lanes;
}

std::string outline::barrier_text(std::uint32_t barrier) const {
    const barrier_definition& b = plan_.barriers[barrier];
    return b.scope == 0 ? b.id : b.id + " of " + path_of(plan_, b.scope);
}

std::string outline::lanes_text(std::uint32_t barrier) const {
    std::uint64_t parties = 0;
    bool known = true;
    for (const node_index i : places_[barrier]) {
        const std::uint64_t here = lanes_at(i);
        known = known && here != 0;
        if (__builtin_add_overflow(parties, here, &parties))
            parties = ~std::uint64_t{0};
    }
    std::string text = known ? "" : "at least ";
    if (const auto quorum = plan_.barriers[barrier].quorum; quorum != 0)
        text = std::to_string(quorum) + " of " + text;
    return text + std::to_string(parties) + (parties == 1 ? " lane" : " lanes");
}

std::string one_line(std::string_view text) {
    constexpr std::size_t longest = 60;
    std::string line(text.substr(0, longest));
    if (text.size() > longest) {
        while (!line.empty() && (static_cast<unsigned char>(line.back()) & 0xC0) == 0x80)
            line.pop_back();
        if (!line.empty() && static_cast<unsigned char>(line.back()) >= 0xC0)
            line.pop_back();
        line += "...";
    }
    for (char& c : line)
        if (static_cast<unsigned char>(c) < 0x20)
            c = ' ';
    return line;
}

}  // namespace weir::plan
