// SPDX-License-Identifier: BSL-1.0
#include "adapters/check/check.hpp"
#include "adapters/check/components.hpp"
#include "adapters/check/cycle.hpp"
#include "adapters/check/inquiry.hpp"
#include "adapters/plan/json_writer.hpp"

#include <algorithm>
#include <map>

namespace weir::check {

namespace {

constexpr std::uint64_t most_work = 100'000'000;  // occurrences looked at

// Tries fewer slots, in each component that a loop has to do with.
class reducer {
public:
    reducer(const plan::plan& document, const options& how)
        : document_{document}, how_{how}, whole_{document, how.slots} {}

    std::vector<need> run() {
        for (occurrence_index i = 0; i < whole_.size(); ++i) {
            const auto& o = whole_[i];
            if (o.kind != occurrence_kind::loop || o.never || whole_.loop(o).slots == 0 ||
                whole_.loop(o).slots_of != none ||
                document_[o.what].loop()->kind == plan::strategy_kind::while_true)
                continue;
            if (known_.try_emplace(o.what, needs_.size()).second)
                needs_.push_back({o.what, whole_.loop(o).slots, 1, none});
        }
        if (needs_.empty())
            return {};
        for (const auto& steps : components(whole_)) {
            occurrences part{whole_, steps};
            reduce(part);
        }
        std::erase_if(needs_, [](const need& n) { return n.least == 0; });
        return std::move(needs_);
    }

private:
    void reduce(occurrences& part) {
        std::map<plan::node_index, std::uint64_t> turns;
        for (occurrence_index i = 0; i < part.size(); ++i) {
            if (part[i].kind == occurrence_kind::loop && known_.contains(part[i].what))
                turns[part[i].what] = std::max(turns[part[i].what], part.loop(part[i]).turns);
        }
        for (const auto& [loop, count] : turns) {
            auto& n = needs_[known_.at(loop)];
            const auto least =
                least_in(part, n, std::min(n.slots, std::max<std::uint64_t>(count, 1)));
            if (n.least == 0 || (least != 0 && least <= n.least))
                continue;
            n.least = least;
            n.barrier = least > 1 ? limit_in(part, n) : none;
        }
    }

    // 0: it is not known.
    std::uint64_t least_in(occurrences& part, const need& n, std::uint64_t high) {
        std::uint64_t low = 1;
        if (!completes(part, n.loop, high)) {
            part.set_slots(n.loop, n.slots);
            return 0;
        }
        while (low < high) {
            const auto middle = low + (high - low) / 2;
            if (completes(part, n.loop, middle))
                high = middle;
            else
                low = middle + 1;
        }
        part.set_slots(n.loop, n.slots);
        return high;
    }

    bool completes(occurrences& part, plan::node_index loop, std::uint64_t slots) {
        work_ += part.size();
        if (work_ > most_work)
            return false;
        part.set_slots(loop, slots);
        plan::diagnostics nobody_reads;
        allowance left{how_.most_steps, 0, plan::no_node};
        return inquiry{part, nobody_reads, how_, left}.run() == verdict::sound;
    }

    std::uint32_t limit_in(occurrences& part, const need& n) {
        const auto worst = worst_case(part);
        part.set_slots(n.loop, n.least - 1);
        symbolic_run run{part, worst};
        run.run();
        const auto cycle = find_cycle(part, run);
        part.set_slots(n.loop, n.slots);
        const auto at = std::ranges::find_if(cycle, [](const edge& e) { return !e.from.lock; });
        return at == cycle.end() ? none : part.meetings()[at->from.which].definition;
    }

    const plan::plan& document_;
    const options& how_;
    occurrences whole_;
    std::vector<need> needs_;
    std::map<plan::node_index, std::size_t> known_;
    std::uint64_t work_ = 0;
};

std::string told(const plan::plan& document, const need& n) {
    const auto loop = "`" + plan::path_of(document, n.loop) + "`";
    if (n.least <= 1)
        return "1 of the " + std::to_string(n.slots) + " slots of " + loop +
               " would do: its instances do not wait for each other";
    const auto count = n.least == n.slots ? "all its " + std::to_string(n.slots) + " slots"
                                          : std::to_string(n.least) + " of its " +
                                                std::to_string(n.slots) + " slots";
    const auto where = n.barrier == none ? std::string{"else it can get stuck"}
                                         : "so many instances wait together at barrier `" +
                                               document.barriers[n.barrier].id + "`";
    return loop + " needs " + count + ": " + where;
}

}  // namespace

std::vector<need> least_slots(const plan::plan& document, const options& how) {
    return reducer{document, how}.run();
}

std::string describe_slots(const plan::plan& document) {
    plan::json_writer out;
    out.begin_array();
    for (const auto& n : least_slots(document)) {
        const auto& strategy = *document[n.loop].loop();
        const auto where = strategy.max_concurrency.where.known() ? strategy.max_concurrency.where
                                                                  : strategy.where;
        plan::diagnostics one;
        one.add(plan::code::least_slots, where, told(document, n)).path =
            plan::path_of(document, n.loop);
        out.begin_object();
        plan::write_members(out, one.all().front(), document.files);
        out.member("slots", n.slots);
        out.member("least", n.least);
        if (n.barrier != none)
            out.member("barrier", document.barriers[n.barrier].id);
        out.end_object();
    }
    out.end_array();
    return std::move(out).take();
}

}  // namespace weir::check
