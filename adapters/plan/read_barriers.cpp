// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/barrier_names.hpp"
#include "adapters/plan/nearest.hpp"
#include "adapters/plan/read_members.hpp"
#include "adapters/plan/read_node.hpp"

#include <limits>
#include <map>
#include <string>
#include <utility>

namespace weir::plan {

namespace {

struct draft {
    source::value id, name, scope, quorum, stragglers, cyclic, exchange, timeout, on_release,
        position;
};
constexpr member_of<draft> members[] = {
    {"id", need::required, &draft::id},
    {"name", need::optional, &draft::name},
    {"scope", need::optional, &draft::scope},
    {"quorum", need::optional, &draft::quorum},
    {"stragglers", need::optional, &draft::stragglers},
    {"cyclic", need::optional, &draft::cyclic},
    {"exchange", need::optional, &draft::exchange},
    {"timeout_ms", need::optional, &draft::timeout},
    {"on_release", need::optional, &draft::on_release},
    {"position", need::optional, &draft::position},
};

struct reference_draft {
    source::value id, scope;
};
constexpr member_of<reference_draft> reference_members[] = {
    {"id", need::required, &reference_draft::id},
    {"scope", need::required, &reference_draft::scope},
};

// Pipelines by their path: the root's is "".
using pipelines = std::map<std::string, node_index, std::less<>>;

pipelines by_path(const plan& p, const std::vector<node_index>& all) {
    pipelines found;
    for (const node_index i : all)
        found.try_emplace(path_of(p, i), i);
    return found;
}

node_index scope_of(read_context& c, const source::value& v, const pipelines& all) {
    const std::string path = read_text(c, "`scope`", v);
    const auto found = all.find(path);
    if (found != all.end())
        return found->second;
    std::vector<std::string_view> paths;
    for (auto at = all.begin(); c.lists() && at != all.end(); ++at)
        paths.push_back(at->first);
    c.report(code::bad_value, v, "there is no pipeline at `" + path + "`",
             c.suggestion(path, paths));
    return 0;
}

class barrier_reader {
public:
    barrier_reader(read_context& c, read_nodes& nodes)
        : c_(c), nodes_(nodes), pipelines_(by_path(c.made(), nodes.pipelines)) {}

    void read(const source::value& v) {
        draft d;
        if (!read_members(c_, "a barrier", v, members, d))
            return;
        barrier_definition made;
        made.id = read_text(c_, "the `id` of a barrier", d.id);
        if (d.id.is(source::kind::text) && (made.id.empty() || made.id.find("<+") != made.id.npos))
            c_.report(code::bad_identifier, d.id, "the id of a barrier must be written out");
        made.name = d.name ? read_text(c_, "the `name` of a barrier", d.name) : made.id;
        made.scope = d.scope ? scope_of(c_, d.scope, pipelines_) : 0;
        options(d, made);
        made.where = read_position(c_, d.position);
        if (d.id)
            check_twice(made, d.id);
        auto& all = c_.builder.unfinished().barriers;
        all.push_back(std::move(made));
        if (d.on_release)
            read_on_release(c_, d.on_release, static_cast<std::uint32_t>(all.size() - 1), nodes_);
        c_.continue_with(no_node);
    }

private:
    void check_twice(const barrier_definition& made, const source::value& id) {
        const auto [earlier, added] = declared_.try_emplace({made.scope, made.id}, id);
        if (!added) {
            c_.report(code::duplicate_barrier, id,
                      "the barrier `" + made.id + "` is declared twice")
                .notes.push_back({"it is declared here first", earlier->second.where()});
        }
    }

    void options(const draft& d, barrier_definition& out) {
        out.quorum = static_cast<std::uint32_t>(
            read_whole(c_, "`quorum`", d.quorum, 1, std::numeric_limits<std::uint32_t>::max()));
        out.stragglers = read_word(c_, "`stragglers`", d.stragglers, straggler_policy::fail)
                             .value_or(straggler_policy::pass);
        if (d.stragglers && !d.quorum)
            c_.report(code::bad_value, d.stragglers,
                      "`stragglers` without a `quorum`: all are waited for");
        out.cyclic = read_truth(c_, "`cyclic`", d.cyclic);
        out.exchange = read_truth(c_, "`exchange`", d.exchange);
        out.timeout_ms = read_duration(c_, "the `timeout_ms` of a barrier", d.timeout);
    }

    read_context& c_;
    read_nodes& nodes_;
    pipelines pipelines_;
    std::map<std::pair<node_index, std::string>, source::value> declared_;
};

void tell_undefined(read_context& c, const source::value& reference, const std::string& id) {
    std::vector<std::string_view> names;
    for (std::size_t i = 0; c.lists() && i < c.made().barriers.size(); ++i)
        names.push_back(c.made().barriers[i].id);
    std::string help = c.suggestion(id, names);
    c.report(code::undefined_barrier, reference, "no barrier `" + id + "` is declared here",
             help.empty() ? "declare it in `barriers`, beside `root`" : std::move(help));
}

}  // namespace

void read_barriers(read_context& c, const source::value& v, read_nodes& nodes) {
    c.continue_with(no_node);
    if (!v)
        return;
    if (!v.is(source::kind::array))
        return c.wrong_kind(v, "`barriers`", "a list");
    barrier_reader reader(c, nodes);
    for (source::value entry = v.first(); entry; entry = entry.next())
        reader.read(entry);
}

void resolve_barriers(read_context& c, const read_nodes& nodes) {
    const barrier_names names(c.made());
    const pipelines all = by_path(c.made(), nodes.pipelines);
    for (const barrier_use& use : nodes.uses) {
        c.continue_with(use.node);
        reference_draft d{use.reference, {}};
        if (use.reference.is(source::kind::object)) {
            d = {};
            (void)read_members(c, "`barrier`", use.reference, reference_members, d);
        }
        const std::string id = read_text(c, "`barrier`", d.id);
        if (!d.id.is(source::kind::text))
            continue;
        const std::uint32_t found = d.scope ? names.declared_in(scope_of(c, d.scope, all), id)
                                            : names.seen_from(use.node, id);
        if (found == no_barrier)
            tell_undefined(c, d.id, id);
        else
            c.builder.at(use.node).barrier = found;
    }
    c.continue_with(no_node);
}

}  // namespace weir::plan
