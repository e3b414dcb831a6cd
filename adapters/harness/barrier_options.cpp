// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/barrier_options.hpp"

#include "adapters/harness/duration.hpp"
#include "adapters/harness/keys.hpp"
#include "adapters/harness/numbers.hpp"
#include "adapters/harness/steps.hpp"

#include <string>

namespace weir::harness {

namespace {

constexpr std::int64_t most_parties = 4'000'000'000;

bool read_flag(context& c, std::string_view what, yaml::value v) {
    const std::string_view text = read_text(c, what, v);
    if (v && v.is_scalar() && text != "true" && text != "false") {
        c.report(plan::code::bad_value, v.where(),
                 "`" + std::string{text} + "` is no value of " + std::string{what},
                 "it is `true` or `false`");
    }
    return text == "true";
}

void read_stragglers(context& c, const barrier_options_draft& d, plan::barrier_definition& out) {
    if (!d.stragglers) {
        return;
    }
    if (!d.quorum) {
        c.report(plan::code::bad_barrier, d.stragglers_key.where(),
                 "`stragglers` without `quorum`: without one, nobody comes after the decision",
                 "say after how many it is decided: `quorum: N`");
    }
    const std::string_view text = read_text(c, "stragglers", d.stragglers);
    if (text == "fail") {
        out.stragglers = plan::straggler_policy::fail;
    } else if (d.stragglers.is_scalar() && text != "pass") {
        c.report(plan::code::bad_value, d.stragglers.where(),
                 "`" + std::string{text} + "` is no value of stragglers", "it is `pass` or `fail`");
    }
}

// A barrier that its own steps waited at could never be released.
void refuse_barriers_since(context& c, std::size_t first) {
    for (std::size_t i = first; i < c.barriers.size(); ++i) {
        c.report(plan::code::bad_barrier, c.barriers[i].where,
                 "a Barrier step among the `onRelease` steps of a barrier",
                 "those steps run in one lane, while everybody waits: nobody can meet them");
    }
    c.barriers.resize(first);
}

void read_on_release(context& c, const barrier_options_draft& d, std::uint32_t barrier) {
    if (!d.on_release) {
        return;
    }
    if (d.on_release.is(yaml::kind::sequence) && d.on_release.size() == 0) {
        return;
    }
    const plan::node_index section = c.builder.add_on_release(barrier);
    const std::string id = c.builder.unfinished().barriers[barrier].id;
    plan::node& n = c.builder.at(section);
    n.id = c.builder.keep(id);
    n.name = n.id;
    n.where = d.on_release_key.where();
    const std::size_t before = c.barriers.size();
    read_steps(c, "`onRelease`", d.on_release, section);
    refuse_barriers_since(c, before);
}

}  // namespace

void read_barrier_options(context& c, const barrier_options_draft& d, std::uint32_t barrier) {
    plan::barrier_definition& out = c.builder.unfinished().barriers[barrier];
    if (d.quorum) {
        out.quorum = static_cast<std::uint32_t>(read_count(c, "quorum", d.quorum, 1, most_parties));
    }
    read_stragglers(c, d, out);
    out.cyclic = read_flag(c, "cyclic", d.cyclic);
    out.exchange = read_flag(c, "exchange", d.exchange);
    out.timeout_ms = read_timeout(c, d.timeout);
    read_on_release(c, d, barrier);
}

}  // namespace weir::harness
