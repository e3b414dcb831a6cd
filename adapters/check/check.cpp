// SPDX-License-Identifier: BSL-1.0
#include "adapters/check/check.hpp"

#include "adapters/check/flow.hpp"
#include "adapters/check/symbolic.hpp"
#include "adapters/check/witness.hpp"

#include <string>

namespace weir::check {

using plan::node_index;

namespace {

class wording {
public:
    wording(const plan::plan& document, const flow& known, const symbolic_run& stuck)
        : document_{document}, flow_{known}, stuck_{stuck} {}

    void report(const std::vector<edge>& cycle, plan::diagnostics& findings) const {
        const auto& first = cycle.front();
        auto& found = findings.add(plan::code::deadlock, document_[first.owed].where, headline(cycle));
        found.path = plan::path_of(document_, first.owed);
        for (const auto& each : cycle) explain(each, found);
        explain_conditions(cycle, found);
        found.help = advice(cycle);
    }

private:
    std::string barrier_of(node_index step) const { return "`" + document_.barriers[document_[step].barrier].id + "`"; }
    std::string name(node_index i) const { return "`" + plan::path_of(document_, i) + "`"; }

    std::string headline(const std::vector<edge>& cycle) const {
        const auto& first = cycle.front();
        if (cycle.size() > 1) {
            std::string names = barrier_of(cycle.front().owed);
            for (std::size_t i = 1; i < cycle.size(); ++i) {
                names += (i + 1 == cycle.size() ? " and " : ", ") + barrier_of(cycle[i].owed);
            }
            return "barriers " + names + " wait for each other";
        }
        const auto subject = "barrier " + barrier_of(first.owed) + " can never be released: ";
        if (first.loop == plan::no_node) return subject + name(first.owed) + " comes only after " + name(first.waiter);
        return subject + std::to_string(stuck_.parties(document_[first.owed].barrier)) + " parties, " +
               std::to_string(flow_.cap(first.loop)) + (flow_.cap(first.loop) == 1 ? " slot" : " slots");
    }

    void explain(const edge& e, plan::diagnostic& found) const {
        found.notes.push_back({name(e.waiter) + " waits here at barrier " + barrier_of(e.waiter), document_[e.waiter].where});
        if (e.loop == plan::no_node) {
            found.notes.push_back({name(e.owed) + ", a party of barrier " + barrier_of(e.owed) + ", comes only afterwards",
                                   document_[e.owed].where});
            return;
        }
        const auto& around = document_[e.loop];
        found.notes.push_back({"of the " + std::to_string(flow_.turns(e.loop)) + " instances of " + name(e.loop) + " at most " +
                                   std::to_string(flow_.cap(e.loop)) + " run at once; the others, parties of barrier " +
                                   barrier_of(e.owed) + ", get no slot before one of these ends",
                               around.loop()->max_concurrency.where.known() ? around.loop()->max_concurrency.where
                                                                            : around.loop()->where});
    }

    void explain_conditions(const std::vector<edge>& cycle, plan::diagnostic& found) const {
        for (const auto& e : cycle) {
            for (auto at : {e.owed, e.waiter}) {
                for (; at != plan::no_node; at = document_[at].parent) {
                    if (!flow_.is_conditional(at)) continue;
                    found.notes.push_back({"this is so whenever the condition of " + name(at) + " holds", document_[at].where});
                    return;
                }
            }
        }
    }

    std::string advice(const std::vector<edge>& cycle) const {
        for (const auto& e : cycle) {
            if (e.loop == plan::no_node) continue;
            return "let all of them run at once: raise `maxConcurrency` of " + name(e.loop) + " to " +
                   std::to_string(flow_.turns(e.loop)) + ", or leave it out";
        }
        if (cycle.size() == 1) return "give the later one a barrier of its own, or let both run in parallel";
        return "let every lane pass these barriers in the same order";
    }

    const plan::plan& document_;
    const flow& flow_;
    const symbolic_run& stuck_;
};

}  // namespace

void check(const plan::plan& document, plan::diagnostics& findings) {
    if (!document.root().holds_barriers) return;
    const flow known{document};
    symbolic_run run{document, known};
    run.run();
    if (run.completed()) return;
    const auto cycle = find_cycle(document, known, run);
    if (!cycle.empty()) wording{document, known, run}.report(cycle, findings);
}

}  // namespace weir::check
