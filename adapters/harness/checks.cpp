// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/checks.hpp"

#include <string>

namespace weir::harness {

loop_table check_loops(context& c) {
    loop_table loops;
    const plan::plan& p = c.builder.unfinished();
    plan::expansion::options options;
    options.compat_harness = c.options.compat_harness;
    for (plan::node_index i = 0; i < p.nodes.size(); ++i) {
        const plan::node& n = p.nodes[i];
        if (!n.loop()) {
            continue;
        }
        plan::planned_loop made = plan::plan_loop(n, options);
        if (!made.why.message.empty()) {
            c.report(made.why.what, made.why.where.known() ? made.why.where : n.loop()->where,
                     made.why.message)
                .path = plan::path_of(p, i);
        } else if (made.size_known && made.count() == 0) {
            auto& found = c.report(plan::code::empty_loop, n.loop()->where,
                                   "this loop has no instances: its node is always skipped");
            found.path = plan::path_of(p, i);
            if (!n.loop()->exclude.empty())
                found.help =
                    "its `exclude` leaves none of the combinations: take an entry out of it";
        }
        loops.emplace(i, std::move(made));
    }
    return loops;
}

void check_structure(context& c) {
    if (c.builder.unfinished().nodes.empty()) {
        return;
    }
    const loop_table loops = check_loops(c);
    check_identifiers(c, loops);
    check_barriers(c, loops);
}

}  // namespace weir::harness
