// SPDX-License-Identifier: BSL-1.0
#include "tests/property/exhaustive.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

namespace weir::property {

using plan::node_index;
using plan::node_kind;

namespace {

bool is_open(std::string_view condition) {
    return condition == "<+nothing.here>";
}

enum status : char { ahead, under_way, waits_here, done, withdrawn };

// One node in one turn of each loop; the model's own, made by plain recursion.
struct unit {
    node_kind kind = node_kind::step;
    int parent = -1;
    std::vector<int> kids;
    std::vector<int> after;  // in a graph
    bool loop = false;
    bool releases = false;  // a loop whose waiting turns give their slots back
    int cap = 0;
    int barrier = -1;
    std::string key, path;
    std::string barrier_name;
    int holder = -1;
    int permits = 1, capacity = 1;
    bool runs = true;
};

struct barrier_rule {
    int quorum = 0;
    std::vector<int> parties;
};

// Statuses, slots and decisions as characters, so that a state is a text; queues behind them.
struct state {
    std::string of;          // by unit
    std::string slot;        // by unit: a turn has its slot
    std::string decided;     // by barrier
    bool no_matter = false;  // slots that go round are no matter: what could move?
    std::map<std::string, std::vector<int>> queue, held;
    std::map<std::string, int> capacity;  // of a lock, as its first request said

    [[nodiscard]] std::string text() const {
        std::string all = of + slot + decided;
        for (const auto* lists : {&queue, &held}) {
            for (const auto& [key, units] : *lists) {
                all += key;
                for (const int u : units) {
                    all += static_cast<char>(u);
                    all += static_cast<char>(u >> 8);
                }
                all += '|';
            }
        }
        for (const auto& [key, n] : capacity) {
            all += key + static_cast<char>(n);
        }
        return all;
    }
};

class model {
public:
    model(const plan::plan& p, const world& in) : p_{p}, in_{in} {
        unsigned bit = 0;
        for (const auto& n : p.nodes) {
            runs_.push_back(n.condition != "false" &&
                            (!is_open(n.condition) || (in.holds >> bit & 1U) != 0));
            bit += is_open(n.condition) ? 1 : 0;
        }
        build(0, -1);
    }

    [[nodiscard]] std::size_t keys() const { return variables_; }

    // With `wanted`: until a state without moves is found in which all those wait.
    fate explore(std::size_t most, const waits* wanted = nullptr) {
        state first;
        first.of.assign(units_.size(), ahead);
        first.slot.assign(units_.size(), 0);
        first.decided.assign(barriers_.size(), 0);
        first.of[0] = under_way;
        std::unordered_set<std::string> seen{first.text()};
        std::vector<state> open{first};
        while (!open.empty()) {
            const auto here = std::move(open.back());
            open.pop_back();
            const auto next = moves(here);
            if (next.empty() && here.of[0] != done && (!wanted || do_wait(here, *wanted))) {
                return fate::gets_stuck;
            }
            for (const auto& n : next) {
                if (seen.insert(n.text()).second) {
                    open.push_back(n);
                }
            }
            if (seen.size() > most) {
                return fate::too_large;
            }
        }
        return fate::completes;
    }

private:
    bool do_wait(const state& s, const waits& wanted) const {
        return std::all_of(wanted.begin(), wanted.end(), [&](const auto& one) {
            for (int u = 0; u < static_cast<int>(units_.size()); ++u) {
                const auto& it = units_[u];
                const auto& name = it.kind == node_kind::barrier ? it.barrier_name : it.key;
                if (s.of[u] == waits_here && it.path == one.first &&
                    (one.second.empty() || name == one.second)) {
                    return true;
                }
            }
            return false;
        });
    }

    int add(int parent) {
        units_.emplace_back();
        units_.back().parent = parent;
        const int made = static_cast<int>(units_.size()) - 1;
        if (parent >= 0) {
            units_[parent].kids.push_back(made);
        }
        return made;
    }

    int build(node_index i, int parent) {
        const auto& n = p_[i];
        const int made = add(parent);
        units_[made].kind = n.kind;
        units_[made].path = path_below(parent, n.id);
        if (!n.loop()) {
            body(made, i);
            return made;
        }
        units_[made].loop = true;
        units_[made].cap = static_cast<int>(n.loop()->max_concurrency.value);
        units_[made].releases =
            units_[made].cap > 0 && n.loop()->slot_while_waiting == plan::slot_policy::release;
        for (std::int64_t index = 0; index < n.loop()->times.value; ++index) {
            const int turn = add(made);
            units_[turn].kind = n.kind;
            units_[turn].path = path_below(parent, std::string{n.id} + "_" + std::to_string(index));
            body(turn, i);
        }
        return made;
    }

    // Pipelines, parallels and graphs have no name of their own in a path.
    std::string path_below(int parent, std::string_view id) const {
        if (parent < 0) {
            return {};
        }
        auto at = parent;
        while (at > 0 &&
               (units_[at].kind == node_kind::pipeline || units_[at].kind == node_kind::parallel ||
                units_[at].kind == node_kind::graph)) {
            at = units_[at].parent;
        }
        const auto& above = units_[at].path;
        return above.empty() ? std::string{id} : above + "/" + std::string{id};
    }

    void body(int made, node_index i) {
        const auto& n = p_[i];
        units_[made].runs = runs_[i];
        const bool known_false = n.condition == "false";
        if (n.kind == node_kind::barrier && !known_false) {
            party(made, n);
        }
        if (n.kind == node_kind::lock) {
            const auto& lock = *n.extras->lock;
            units_[made].key = key_of(made, lock.key);
            units_[made].permits = static_cast<int>(lock.permits.value);
            units_[made].capacity = static_cast<int>(lock.capacity.value);
            units_[made].holder =
                up_to(made, lock.scope == plan::lock_scope::stage ? node_kind::stage
                                                                  : node_kind::pipeline);
        }
        if (known_false) {
            return;
        }
        std::map<node_index, int> entries;
        for (auto c = n.first_child; c != plan::no_node; c = p_[c].next) {
            entries[c] = build(c, made);
        }
        for (const auto& [node, entry] : entries) {
            if (p_[node].extras) {
                for (const auto before : p_[node].extras->depends_on) {
                    units_[entry].after.push_back(entries.at(before));
                }
            }
        }
    }

    // What an expression stands for, at this unit.
    std::string key_of(int made, const std::string& written) {
        if (!written.starts_with("<+")) {
            return written;
        }
        auto at = made;
        while (written.starts_with("<+pipeline.") && units_[at].parent >= 0 &&
               (at == made || units_[at].kind != node_kind::pipeline)) {
            at = units_[at].parent;
        }
        const auto [known, fresh] = expressions_.try_emplace({at, written}, variables_);
        variables_ += fresh ? 1 : 0;
        return known->second < in_.keys.size() ? in_.keys[known->second] : written;
    }

    int up_to(int from, node_kind kind) const {
        int u = units_[from].parent;
        while (units_[u].parent >= 0 && (units_[u].kind != kind || units_[u].loop)) {
            u = units_[u].parent;
        }
        return u;
    }

    void party(int made, const plan::node& n) {
        const auto scope_node = p_.barriers[n.barrier].scope;
        int scope = made;
        while (units_[scope].parent >= 0 && units_[scope].kind != node_kind::pipeline) {
            scope = units_[scope].parent;
        }
        if (scope_node == 0) {
            scope = 0;
        }
        const auto [at, fresh] =
            ids_.try_emplace({n.barrier, scope}, static_cast<int>(barriers_.size()));
        if (fresh) {
            barriers_.push_back({static_cast<int>(p_.barriers[n.barrier].quorum), {}});
        }
        units_[made].barrier = at->second;
        units_[made].barrier_name = p_.barriers[n.barrier].id;
        barriers_[at->second].parties.push_back(made);
    }

    // ---- moves

    std::vector<state> moves(const state& s) const {
        std::vector<state> next;
        for (int b = 0; b < static_cast<int>(barriers_.size()); ++b) {
            decide(s, b, next);
        }
        for (int u = 0; u < static_cast<int>(units_.size()); ++u) {
            if (may_move(s, u)) {
                step(s, u, next);
            }
            slots(s, u, next);
        }
        return next;
    }

    void decide(const state& s, int b, std::vector<state>& next) const {
        if (s.decided[b]) {
            return;
        }
        int come = 0;
        int expected = 0;
        for (const int p : barriers_[b].parties) {
            come += s.of[p] == waits_here ? 1 : 0;
            expected += s.of[p] != withdrawn ? 1 : 0;
        }
        const int quorum = barriers_[b].quorum;
        const bool opens = quorum == 0 ? come == expected : come >= quorum || expected < quorum;
        if (come > 0 && opens) {
            auto n = s;
            n.decided[b] = 1;
            next.push_back(std::move(n));
        }
    }

    // Every turn around it whose slots go round has its slot.
    bool may_move(const state& s, int u) const {
        for (int at = u; at >= 0 && !s.no_matter; at = units_[at].parent) {
            const int loop = units_[at].parent;
            if (loop >= 0 && units_[loop].loop && units_[loop].releases && !s.slot[at] &&
                s.of[at] != ahead) {
                return false;
            }
        }
        return true;
    }

    void step(const state& s, int u, std::vector<state>& next) const {
        const auto& it = units_[u];
        if (s.of[u] == waits_here) {
            return wake(s, u, next);
        }
        if (s.of[u] != under_way) {
            return;
        }
        if (it.loop) {
            return turn(s, u, next);
        }
        switch (it.kind) {
        case node_kind::step:
            return finish(s, u, next);
        case node_kind::barrier: {
            auto n = s;
            n.of[u] = waits_here;
            next.push_back(std::move(n));
            return;
        }
        case node_kind::lock:
            return ask(s, u, next);
        default:
            return container(s, u, next);
        }
    }

    void wake(const state& s, int u, std::vector<state>& next) const {
        const auto& it = units_[u];
        if (it.kind == node_kind::barrier) {
            if (s.decided[it.barrier]) {
                finish(s, u, next);
            }
            return;
        }
        if (has(s, u)) {
            auto n = s;
            std::erase(n.queue[it.key], u);
            return finish(n, u, next);
        }
        const auto queue = s.queue.find(it.key);
        int taken = 0;
        if (const auto held = s.held.find(it.key); held != s.held.end()) {
            for (const int h : held->second) {
                taken += units_[h].permits;
            }
        }
        if (queue->second.front() == u && taken + it.permits <= s.capacity.at(it.key)) {
            auto n = s;
            n.queue[it.key].erase(n.queue[it.key].begin());
            n.held[it.key].push_back(u);
            finish(n, u, next);
        }
    }

    bool below(int u, int top) const {
        while (u >= 0 && u != top) {
            u = units_[u].parent;
        }
        return u == top;
    }

    bool has(const state& s, int u) const {
        const auto held = s.held.find(units_[u].key);
        return held != s.held.end() &&
               std::any_of(held->second.begin(), held->second.end(),
                           [&](int h) { return below(u, units_[h].holder); });
    }

    void ask(const state& s, int u, std::vector<state>& next) const {
        if (has(s, u)) {
            return finish(s, u, next);
        }
        auto n = s;
        n.of[u] = waits_here;
        auto& queue = n.queue[units_[u].key];
        if (queue.empty() && n.held[units_[u].key].empty()) {
            n.capacity[units_[u].key] = units_[u].capacity;
        }
        if (units_[u].permits > n.capacity[units_[u].key]) {
            return finish(s, u, next);  // fails, which is no wait
        }
        queue.push_back(u);
        next.push_back(std::move(n));
    }

    void container(const state& s, int u, std::vector<state>& next) const {
        const auto& it = units_[u];
        const bool at_once = it.kind == node_kind::parallel || it.kind == node_kind::graph;
        bool all_over = true;
        for (const int k : it.kids) {
            if (over(s, k)) {
                continue;
            }
            all_over = false;
            if (s.of[k] == ahead && std::all_of(units_[k].after.begin(), units_[k].after.end(),
                                                [&](int a) { return over(s, a); })) {
                start(s, k, next);
            }
            if (!at_once) {
                break;
            }
        }
        if (all_over) {
            finish(s, u, next);
        }
    }

    static bool over(const state& s, int u) { return s.of[u] == done || s.of[u] == withdrawn; }

    void start(const state& s, int k, std::vector<state>& next) const {
        auto n = s;
        if (units_[k].runs || units_[k].loop) {
            n.of[k] = under_way;
        } else {
            withdraw(n, k);
        }
        next.push_back(std::move(n));
    }

    void withdraw(state& s, int u) const {
        s.of[u] = withdrawn;
        for (const int k : units_[u].kids) {
            withdraw(s, k);
        }
    }

    void turn(const state& s, int u, std::vector<state>& next) const {
        const auto& it = units_[u];
        int used = 0;
        bool returning = false;
        bool all_over = true;
        for (const int k : it.kids) {
            const bool active = s.of[k] == under_way;
            used += active && (!it.releases || s.slot[k]) ? 1 : 0;
            returning = returning ||
                        (active && it.releases && !s.no_matter && !s.slot[k] && moves_below(s, k));
            all_over = all_over && over(s, k);
        }
        if (all_over) {
            return finish(s, u, next);
        }
        if (!(s.no_matter && it.releases) && (returning || (it.cap > 0 && used >= it.cap))) {
            return;
        }
        const auto k = std::find_if(it.kids.begin(), it.kids.end(),
                                    [&](int kid) { return s.of[kid] == ahead; });
        if (k != it.kids.end()) {
            start(s, *k, next);
            next.back().slot[*k] = 1;
        }
    }

    // Something below could go on if slots were no matter.
    bool moves_below(const state& s, int turn) const {
        auto with = s;
        with.no_matter = true;
        std::vector<state> some;
        for (int u = turn; u < static_cast<int>(units_.size()); ++u) {
            if (below(u, turn) && may_move(with, u)) {
                step(with, u, some);
            }
        }
        return !some.empty();
    }

    void slots(const state& s, int u, std::vector<state>& next) const {
        const int loop = units_[u].parent;
        if (loop < 0 || !units_[loop].loop || !units_[loop].releases || s.of[u] != under_way) {
            return;
        }
        const bool can = moves_below(s, u);
        if (s.slot[u] && !can) {
            auto n = s;
            n.slot[u] = 0;
            next.push_back(std::move(n));
        }
        int used = 0;
        for (const int k : units_[loop].kids) {
            used += s.of[k] == under_way && s.slot[k] ? 1 : 0;
        }
        if (!s.slot[u] && can && used < units_[loop].cap) {
            auto n = s;
            n.slot[u] = 1;
            next.push_back(std::move(n));
        }
    }

    void finish(const state& s, int u, std::vector<state>& next) const {
        auto n = s;
        n.of[u] = done;
        n.slot[u] = 0;
        for (auto& [key, held] : n.held) {
            std::erase_if(held, [&](int h) { return units_[h].holder == u; });
        }
        next.push_back(std::move(n));
    }

    const plan::plan& p_;
    const world& in_;
    std::map<std::pair<int, std::string>, std::size_t> expressions_;
    std::size_t variables_ = 0;
    std::vector<bool> runs_;
    std::vector<unit> units_;
    std::vector<barrier_rule> barriers_;
    std::map<std::pair<std::uint32_t, int>, int> ids_;
};

}  // namespace

fate try_all_orders(const plan::plan& p, const world& in, std::size_t most_states) {
    return model{p, in}.explore(most_states);
}

fate end_with(const plan::plan& p, const world& in, const waits& all, std::size_t most_states) {
    return model{p, in}.explore(most_states, &all);
}

std::size_t unknown_keys(const plan::plan& p) {
    const world nothing;
    return model{p, nothing}.keys();
}

unsigned conditional_nodes(const plan::plan& p) {
    return static_cast<unsigned>(std::count_if(
        p.nodes.begin(), p.nodes.end(), [](const plan::node& n) { return is_open(n.condition); }));
}

}  // namespace weir::property
