// SPDX-License-Identifier: BSL-1.0
#include "adapters/check/known_values.hpp"
#include "adapters/check/occurrences.hpp"
#include "adapters/plan/json_text.hpp"
#include "adapters/plan/loops.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <utility>

namespace weir::check {

using plan::node_index;
using plan::node_kind;

namespace {

// Two turns show what any number of them would do, where no slots are short.
constexpr std::uint64_t a_few = 2;

enum class certainty : std::uint8_t { yes, no, unknown };

}  // namespace

class occurrences::maker {
public:
    maker(occurrences& into, plan::slot_policy otherwise)
        : made_{into}, document_{into.document_}, otherwise_{otherwise} {
        find_waits();
    }

    void run() {
        if (!waits_[0])
            return;
        add(0, none, none);
        made_.all_.shrink_to_fit();
        made_.drop_uncontended();
    }

private:
    // Which nodes have something at or below them that can wait.
    void find_waits() {
        waits_.assign(document_.nodes.size(), false);
        for (auto i = document_.nodes.size(); i-- > 0;) {
            const auto& n = document_.nodes[i];
            if (n.kind == node_kind::barrier || n.kind == node_kind::lock)
                waits_[i] = true;
            if (waits_[i] && n.parent != plan::no_node && n.kind != node_kind::on_release)
                waits_[n.parent] = true;
        }
    }

    // An entry of a graph is made in any case: what comes after it hangs on it.
    [[nodiscard]] bool wanted(node_index i) const {
        const auto parent = document_[i].parent;
        return waits_[i] || (parent != plan::no_node && document_[parent].kind == node_kind::graph);
    }

    occurrence_index append(node_index what, occurrence_index parent, occurrence_index previous) {
        const auto i = static_cast<occurrence_index>(made_.all_.size());
        auto& o = made_.all_.emplace_back();
        o.what = what;
        o.parent = parent;
        if (previous != none)
            made_.all_[previous].next = i;
        else if (parent != none)
            made_.all_[parent].first = i;
        return i;
    }

    occurrence_index add(node_index what, occurrence_index parent, occurrence_index previous) {
        const auto i = append(what, parent, previous);
        const auto& n = document_[what];
        if (n.loop()) {
            made_.all_[i].kind = occurrence_kind::loop;
            unroll(i);
        } else {
            fill(i);
        }
        made_.all_[i].end = static_cast<occurrence_index>(made_.all_.size());
        return i;
    }

    // One turn, or a node that does not loop.
    void fill(occurrence_index i) {
        const auto& n = document_[made_.all_[i].what];
        made_.all_[i].condition =
            decide(i, n.condition, unknown::about::condition, made_.all_[i].never);
        if (made_.all_[i].never)
            return;
        made_.all_[i].optional = n.kind == node_kind::rollback;
        if (n.kind == node_kind::rollback || n.status == plan::when_status::failure)
            react(i);
        made_.all_[i].kind = kind_of(n.kind);
        if (n.kind == node_kind::barrier)
            return meet(i);
        if (n.kind == node_kind::lock)
            return want(i);
        children(i);
    }

    void react(occurrence_index to) {
        made_.after_failure_ = true;
        for (auto i = made_.all_[to].parent; i != none && !made_.all_[i].reacts;
             i = made_.all_[i].parent)
            made_.all_[i].reacts = true;
    }

    static occurrence_kind kind_of(node_kind kind) noexcept {
        switch (kind) {
        case node_kind::parallel:
            return occurrence_kind::parallel;
        case node_kind::graph:
            return occurrence_kind::graph;
        case node_kind::barrier:
            return occurrence_kind::barrier;
        case node_kind::lock:
            return occurrence_kind::lock;
        default:
            return occurrence_kind::sequence;
        }
    }

    void children(occurrence_index i) {
        const auto& n = document_[made_.all_[i].what];
        occurrence_index previous = none;
        for (auto c = n.first_child; c != plan::no_node; c = document_[c].next) {
            if (wanted(c))
                previous = add(c, i, previous);
        }
        if (n.rollback != plan::no_node && waits_[n.rollback])
            add(n.rollback, i, previous);
        if (n.kind == node_kind::graph)
            depend(i);
    }

    void depend(occurrence_index graph) {
        std::unordered_map<node_index, occurrence_index> entries;
        for (auto c = made_.all_[graph].first; c != none; c = made_.all_[c].next)
            entries.emplace(made_.all_[c].what, c);
        for (const auto& [node, entry] : entries) {
            if (!document_[node].extras)
                continue;
            for (const auto other : document_[node].extras->depends_on) {
                if (const auto at = entries.find(other); at != entries.end()) {
                    made_.before_[entry].push_back(at->second);
                    made_.after_[at->second].push_back(entry);
                }
            }
        }
        for (auto c = made_.all_[graph].first; c != none; c = made_.all_[c].next) {
            if (const auto after = made_.after_.find(c); after != made_.after_.end())
                std::ranges::sort(after->second);
        }
    }

    void unroll(occurrence_index i) {
        const auto node = made_.all_[i].what;
        const auto& strategy = *document_[node].loop();
        made_.all_[i].loop = static_cast<std::uint32_t>(made_.loops_.size());
        made_.loops_.emplace_back();
        made_.all_[i].condition =
            decide(i, strategy.when, unknown::about::loop_condition, made_.all_[i].never);
        if (made_.all_[i].never)
            return;
        const auto rows = expand(i);
        const auto capped = slots_of(strategy, rows.get(), i);
        std::optional<std::uint64_t> count;
        if (rows)
            count = rows->count();
        else
            count = fixed_count(node);
        const auto turns = count ? *count : (capped == 0 ? a_few : capped + 1);
        auto& facts = made_.loops_[made_.all_[i].loop];
        facts.turns = turns;
        const bool in_rounds = capped == 1 && meets_in_rounds(document_[made_.all_[i].what]);
        facts.in_rounds = in_rounds;
        facts.slots = holds(strategy) || in_rounds ? capped : 0;
        facts.releases = facts.slots == 0 ? capped : 0;
        if (!count)
            facts.size = note(node, unknown::about::size, turns);
        make_turns(i, rows.get(), turns, capped);
    }

    void make_turns(occurrence_index loop, const plan::expansion* rows, std::uint64_t turns,
                    std::uint64_t capped) {
        const auto node = made_.all_[loop].what;
        auto at = rows && turns > 0 ? rows->first() : plan::instance{};
        occurrence_index previous = none;
        const bool were_late = late_;
        for (std::uint64_t turn = 0; turn < turns; ++turn) {
            previous = append(node, loop, previous);
            made_.all_[previous].rows = rows;
            made_.all_[previous].turn = at;
            late_ = were_late || (document_.compat_harness && capped != 0 && turn >= capped);
            fill(previous);
            made_.all_[previous].end = static_cast<occurrence_index>(made_.all_.size());
            if (!rows)
                ++at.index;
            else
                (void)rows->advance(at);
        }
        late_ = were_late;
    }

    std::shared_ptr<const plan::expansion> expand(occurrence_index i) {
        const auto& strategy = *document_[made_.all_[i].what].loop();
        if (strategy.kind == plan::strategy_kind::while_true)
            return nullptr;
        const known_values here{document_, made_.all_, i};
        const auto evaluate = [&](std::string_view text, std::string& error) {
            auto said = expressions::value_of(text, here);
            if (said.status == expressions::status::ok)
                return std::make_unique<json>(std::move(said.value));
            error = std::move(said.message);
            return std::unique_ptr<json>{};
        };
        plan::expansion::options how;
        how.compat_harness = document_.compat_harness;
        std::string ignored;
        auto rows = plan::expansion::make(strategy, how, evaluate, ignored);
        if (!rows)
            rows = plan::plan_loop(document_[made_.all_[i].what], how).instances;
        if (rows)
            made_.rows_.push_back(rows);
        return rows;
    }

    // A loop that is refused has no turns.
    [[nodiscard]] std::optional<std::uint64_t> fixed_count(node_index node) const {
        if (!document_[node].loop()->size_known())
            return std::nullopt;
        return 0;
    }

    // How many turns at once; where that is not known, one. 0: all.
    std::uint64_t slots_of(const plan::strategy& strategy, const plan::expansion* rows,
                           occurrence_index i) {
        if (strategy.kind == plan::strategy_kind::while_true)
            return 1;
        if (rows)
            return rows->max_concurrency();
        if (!strategy.max_concurrency.given)
            return 0;
        const known_values here{document_, made_.all_, i};
        if (strategy.max_concurrency.expression.empty())
            return static_cast<std::uint64_t>(
                std::max<std::int64_t>(strategy.max_concurrency.value, 0));
        const auto said = expressions::value_of(strategy.max_concurrency.expression, here);
        std::uint64_t slots = 0;
        if (said.status == expressions::status::ok && whole(said.value, slots))
            return slots;
        made_.loops_[made_.all_[i].loop].slots_of =
            note(made_.all_[i].what, unknown::about::slots, 1);
        return 1;
    }

    static bool whole(const json& value, std::uint64_t& out) {
        const auto text = plan::text_of(value);
        char* end = nullptr;
        out = std::strtoull(text.c_str(), &end, 10);
        return !text.empty() && *end == '\0';
    }

    // Turns that bring their lane to a cyclic barrier, one by one, keep their slot whatever is
    // said: the next would overtake.
    [[nodiscard]] bool meets_in_rounds(const plan::node& at) const noexcept {
        if (at.kind == node_kind::barrier)
            return document_.barriers[at.barrier].cyclic;
        bool found = false;
        for (auto c = at.holds_barriers ? at.first_child : plan::no_node;
             c != plan::no_node && !found; c = document_[c].next)
            found = meets_in_rounds(document_[c]);
        return found;
    }

    [[nodiscard]] bool holds(const plan::strategy& s) const noexcept {
        if (document_.compat_harness)
            return s.kind == plan::strategy_kind::while_true || s.max_concurrency.given;
        const auto policy =
            s.slot_while_waiting == plan::slot_policy::unset ? otherwise_ : s.slot_while_waiting;
        return policy != plan::slot_policy::release || s.kind == plan::strategy_kind::while_true;
    }

    std::uint32_t note(node_index node, unknown::about what, std::uint64_t most) {
        const auto [at, fresh] =
            noted_.try_emplace({node, what}, static_cast<std::uint32_t>(made_.unknowns_.size()));
        if (fresh)
            made_.unknowns_.push_back({node, what, most});
        made_.unknowns_[at->second].most = std::max(made_.unknowns_[at->second].most, most);
        return at->second;
    }

    std::uint32_t decide(occurrence_index i, std::string_view condition, unknown::about what,
                         bool& never) {
        if (condition.empty())
            return none;
        const auto said = expressions::condition(condition, known_values{document_, made_.all_, i});
        if (said.status != expressions::status::ok)
            return note(made_.all_[i].what, what, 1);
        never = !said.value.get<bool>();
        return none;
    }

    void meet(occurrence_index i) {
        const auto definition = document_[made_.all_[i].what].barrier;
        const auto declared_in = document_.barriers[definition].scope;
        auto scope = i;
        while (made_.all_[scope].parent != none && made_.all_[scope].what != declared_in)
            scope = made_.all_[scope].parent;
        const auto [at, fresh] = met_.try_emplace(
            {definition, scope}, static_cast<std::uint32_t>(made_.meetings_.size()));
        if (fresh)
            made_.meetings_.push_back({definition, scope, {}});
        made_.all_[i].meets = at->second;
        made_.all_[i].late = late_;
        if (late_)
            return;
        auto& parties = made_.meetings_[at->second].parties;
        const auto who = document_.barriers[definition].cyclic ? made_.party_of(i) : i;
        if (!parties.empty() && parties.back() == who)
            return;
        parties.push_back(who);
        if (document_.barriers[definition].cyclic)
            made_.cycles_[who].push_back(at->second);
    }

    void want(occurrence_index i) {
        const auto& request = *document_[made_.all_[i].what].extras->lock;
        const known_values here{document_, made_.all_, i};
        const auto said = expressions::interpolate(request.key, here);
        const bool known = said.status == expressions::status::ok;
        const std::string text = known ? plan::text_of(said.value) : request.key;
        const auto within = known ? none : is_the_pipelines(text) ? pipeline_of(i) : i;
        const auto [at, fresh] =
            wanted_.try_emplace({within, text}, static_cast<std::uint32_t>(made_.keys_.size()));
        if (fresh)
            made_.keys_.push_back({text, known, true, {}});
        auto& k = made_.keys_[at->second];
        k.amounts_known = k.amounts_known && request.permits.expression.empty() &&
                          request.capacity.expression.empty();
        made_.all_[i].meets = at->second;
        k.requests.push_back(i);
    }

    // Nobody knows it, but it is the same everywhere in one pipeline.
    static bool is_the_pipelines(std::string_view text) noexcept {
        constexpr std::string_view begin = "<+", root = "pipeline.";
        for (auto at = text.find(begin); at != text.npos; at = text.find(begin, at)) {
            at += begin.size();
            if (!text.substr(at).starts_with(root))
                return false;
        }
        return true;
    }

    [[nodiscard]] occurrence_index pipeline_of(occurrence_index i) const noexcept {
        while (made_.all_[i].parent != none && made_.node(i).kind != node_kind::pipeline)
            i = made_.all_[i].parent;
        return i;
    }

    occurrences& made_;
    const plan::plan& document_;
    const plan::slot_policy otherwise_;
    std::vector<bool> waits_;
    std::map<std::pair<node_index, unknown::about>, std::uint32_t> noted_;
    std::map<std::pair<std::uint32_t, occurrence_index>, std::uint32_t> met_;
    std::map<std::pair<occurrence_index, std::string>, std::uint32_t> wanted_;
    bool late_ = false;
};

occurrences::occurrences(const plan::plan& document, plan::slot_policy otherwise)
    : document_{document} {
    if (!document.nodes.empty())
        maker{*this, otherwise}.run();
}

}  // namespace weir::check
