// SPDX-License-Identifier: BSL-1.0
#include "tests/property/knots.hpp"

#include "adapters/plan/builder.hpp"
#include "adapters/plan/json.hpp"
#include "adapters/plan/strategy.hpp"

#include <algorithm>
#include <string>

namespace weir::property {

using plan::node_index;
using plan::node_kind;

namespace {

class generator {
public:
    explicit generator(dice& from) : d_{from} {}

    std::shared_ptr<const plan::plan> make() {
        const auto root = b_.add(plan::no_node, node_kind::pipeline);
        b_.at(root).id = "p";
        orderly_ = d_.in(75);
        with_locks_ = d_.in(25);
        unknown_keys_ = d_.in(40);
        declare(root, d_.between(1, 3));
        lane all{0, barriers()};
        stages(root, all, 0);
        return b_.finish();
    }

private:
    struct lane {
        std::uint32_t from = 0, to = 0;  // barriers that it may still meet
    };

    std::uint32_t barriers() { return static_cast<std::uint32_t>(b_.unfinished().barriers.size()); }

    void declare(node_index scope, std::int64_t count) {
        for (; count > 0; --count) {
            const auto id = "b" + std::to_string(barriers());
            plan::barrier_definition made{id, id, {}};
            made.scope = scope;
            if (d_.in(12)) {
                made.quorum = static_cast<std::uint32_t>(d_.between(1, 3));
            }
            b_.unfinished().barriers.push_back(std::move(made));
        }
    }

    void name(node_index at, const char* prefix) {
        const auto id = b_.keep(prefix + std::to_string(++named_));
        b_.at(at).id = id;
        b_.at(at).name = id;
        if (d_.in(6)) {
            b_.at(at).condition = "<+nothing.here>";
        }
        if (d_.in(3)) {
            b_.at(at).condition = "false";
        }
    }

    void stages(node_index parent, lane& mine, unsigned depth) {
        for (auto n = d_.between(1, 2); n > 0; --n) {
            const auto shape = d_.below(100);
            if (shape < 20) {
                stage(parent, mine, depth);
            } else if (shape < 30) {
                graph(parent, mine, depth);
            } else {
                const auto parallel = b_.add(parent, node_kind::parallel);
                entries(parallel, mine, depth);
            }
        }
    }

    void entries(node_index parent, lane& mine, unsigned depth) {
        auto furthest = mine.from;
        for (auto n = d_.between(2, 3); n > 0; --n) {
            auto own = mine;
            stage(parent, own, depth);
            furthest = std::max(furthest, own.from);
        }
        mine.from = furthest;
    }

    void graph(node_index parent, lane& mine, unsigned depth) {
        const auto at = b_.add(parent, node_kind::graph);
        std::vector<node_index> made;
        auto furthest = mine.from;
        for (auto n = d_.between(2, 3); n > 0; --n) {
            auto own = mine;
            const auto entry = stage(at, own, depth);
            for (const auto earlier : made) {
                if (d_.in(35)) {
                    b_.extras(entry).depends_on.push_back(earlier);
                }
            }
            made.push_back(entry);
            furthest = std::max(furthest, own.from);
        }
        mine.from = furthest;
    }

    node_index stage(node_index parent, lane& mine, unsigned depth) {
        const auto at = b_.add(parent, node_kind::stage);
        name(at, "t");
        maybe_loop(at);
        if (depth == 0 && d_.in(12)) {
            const auto child = b_.add(at, node_kind::pipeline);
            b_.at(child).id = "c";
            auto own = mine;
            if (d_.in(50)) {
                own.from = barriers();
                declare(child, d_.between(1, 2));
                own.to = barriers();
            }
            stages(child, own, 1);
            if (own.to == mine.to) {
                mine.from = own.from;
            }
            return at;
        }
        steps(at, mine, 0);
        return at;
    }

    void steps(node_index parent, lane& mine, unsigned depth) {
        for (auto n = d_.between(1, depth == 0 ? 3 : 2); n > 0; --n) {
            entry(parent, mine, depth);
        }
    }

    void entry(node_index parent, lane& mine, unsigned depth) {
        const auto what = d_.below(100);
        if (with_locks_ && what < 25) {
            return lock(parent);
        }
        if (what < 60 || depth == 2) {
            return barrier(parent, mine);
        }
        if (what < 65) {
            const auto at = b_.add(parent, node_kind::step);
            name(at, "s");
            return;
        }
        if (what < 85) {
            const auto at = b_.add(parent, node_kind::step_group);
            name(at, "g");
            maybe_loop(at);
            return steps(at, mine, depth + 1);
        }
        const auto at = b_.add(parent, node_kind::parallel);
        auto furthest = mine.from;
        for (auto n = 2; n > 0; --n) {
            auto own = mine;
            entry(at, own, depth + 1);
            furthest = std::max(furthest, own.from);
        }
        mine.from = furthest;
    }

    void barrier(node_index parent, lane& mine) {
        if (mine.from >= mine.to) {
            return;
        }
        auto which = mine.from + static_cast<std::uint32_t>(d_.below(mine.to - mine.from));
        if (orderly_) {
            mine.from = which + 1;
        } else if (d_.in(50)) {
            which = static_cast<std::uint32_t>(d_.between(mine.from, mine.to - 1));
        }
        const auto at = b_.add(parent, node_kind::barrier);
        name(at, "m");
        b_.at(at).type = "Barrier";
        b_.at(at).barrier = which;
    }

    void lock(node_index parent) {
        const auto at = b_.add(parent, node_kind::lock);
        name(at, "q");
        b_.at(at).type = "Queue";
        auto made = std::make_unique<plan::lock_request>();
        made->key = d_.in(unknown_keys_ ? 30 : 0)
                        ? (d_.in(50) ? "<+nothing.key>" : "<+pipeline.key>")
                    : d_.in(60) ? "k"
                                : "l";
        made->scope = d_.in(80) ? plan::lock_scope::stage : plan::lock_scope::pipeline;
        made->capacity = {made->key == "l" || d_.in(10) ? 2 : 1, {}, true, {}};
        made->permits = {made->key == "l" && d_.in(30) ? 2 : 1, {}, true, {}};
        b_.extras(at).lock = std::move(made);
    }

    void maybe_loop(node_index at) {
        if (!d_.in(22)) {
            return;
        }
        auto made = std::make_unique<plan::strategy>();
        made->kind = plan::strategy_kind::repeat;
        made->times = {d_.between(1, 3), {}, true, {}};
        if (d_.in(50)) {
            made->max_concurrency = {d_.between(1, 2), {}, true, {}};
        }
        if (d_.in(40)) {
            made->slot_while_waiting = plan::slot_policy::release;
        }
        b_.extras(at).strategy = std::move(made);
    }

    dice& d_;
    plan::builder b_;
    std::uint64_t named_ = 0;
    bool orderly_ = true;
    bool with_locks_ = false;
    bool unknown_keys_ = false;
};

}  // namespace

std::shared_ptr<const plan::plan> random_knot(dice& d) {
    return generator{d}.make();
}

}  // namespace weir::property
