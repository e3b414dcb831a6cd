// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/read_node.hpp"

#include "adapters/plan/duration.hpp"
#include "adapters/plan/read_members.hpp"

#include <algorithm>
#include <utility>

namespace weir::plan {

namespace {

struct draft {
    source::value kind, id, name, type, barrier, when, condition, timeout_ms, timeout, spec, variables,
        inputs, outputs, strategy, failures, depends_on, lock, position, children, rollback;
};

constexpr member_of<draft> members[] = {
    {"kind", need::required, &draft::kind},
    {"id", need::optional, &draft::id},
    {"name", need::optional, &draft::name},
    {"type", need::optional, &draft::type},
    {"barrier", need::optional, &draft::barrier},
    {"when", need::optional, &draft::when},
    {"condition", need::optional, &draft::condition},
    {"timeout_ms", need::optional, &draft::timeout_ms},
    {"timeout", need::optional, &draft::timeout},
    {"spec", need::optional, &draft::spec},
    {"variables", need::optional, &draft::variables},
    {"inputs", need::optional, &draft::inputs},
    {"outputs", need::optional, &draft::outputs},
    {"strategy", need::optional, &draft::strategy},
    {"failure_strategies", need::optional, &draft::failures},
    {"depends_on", need::optional, &draft::depends_on},
    {"lock", need::optional, &draft::lock},
    {"position", need::optional, &draft::position},
    {"children", need::optional, &draft::children},
    {"rollback", need::optional, &draft::rollback},
    {"path", need::derived},
    {"holds_barriers", need::derived},
};

using kinds = unsigned;
constexpr kinds bit(node_kind k) {
    return 1u << static_cast<unsigned>(k);
}
template <class... more>
constexpr kinds any_of(more... k) {
    return (bit(k) | ...);
}

using enum node_kind;
constexpr kinds leaves = any_of(step, barrier, lock);
constexpr kinds flow = leaves | any_of(stage, step_group);  // what has a turn of its own
constexpr kinds named = flow | any_of(pipeline);
constexpr kinds sections = any_of(rollback, on_release);
constexpr kinds all_at_once = any_of(parallel, graph);
constexpr kinds holders = any_of(stage, step_group) | sections;  // of steps

// Which kinds have a member; one that all have is not listed.
struct ownership {
    std::string_view name;
    source::value draft::*slot;
    kinds owners;
};
constexpr ownership owned[] = {
    {"id", &draft::id, named},
    {"barrier", &draft::barrier, any_of(barrier)},
    {"when", &draft::when, flow},
    {"condition", &draft::condition, flow},
    {"timeout_ms", &draft::timeout_ms, named | sections},
    {"timeout", &draft::timeout, named},
    {"spec", &draft::spec, named},
    {"variables", &draft::variables, any_of(pipeline, stage, step_group)},
    {"inputs", &draft::inputs, any_of(pipeline)},
    {"outputs", &draft::outputs, any_of(pipeline)},
    {"strategy", &draft::strategy, flow},
    {"failure_strategies", &draft::failures, flow},
    {"lock", &draft::lock, any_of(lock)},
    {"children", &draft::children, ~leaves},
    {"rollback", &draft::rollback, any_of(stage, step_group)},
};

std::string words(node_kind k) {
    std::string text(name_of(k));
    return (text.find_first_of("aeiou") == 0 ? "an `" : "a `") + text + "`";
}

bool allowed_in_id(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '$' || c == '-' || c == '.';
}

class node_reader {
public:
    node_reader(read_context& c, read_nodes& out) : c_(c), out_(out) {}

    void root(const source::value& v) {
        read(v, [&](node_kind k) {
            return expect(k, pipeline, v, "the root") ? c_.builder.add(no_node, k) : no_node;
        });
    }

    void on_release_of(std::uint32_t b, const source::value& v) {
        read(v, [&](node_kind k) {
            return expect(k, on_release, v, "`on_release`") ? c_.builder.add_on_release(b)
                                                            : no_node;
        });
    }

private:
    bool expect(node_kind k, node_kind wanted, const source::value& v, std::string_view place) {
        if (k == wanted)
            return true;
        c_.report(code::misplaced_node, v,
                  std::string(place) + " is " + words(wanted) + ", not " + words(k));
        return false;
    }

    // `make` puts the node into the plan, or says that it cannot stand there.
    template <class maker>
    node_index read(const source::value& v, const maker& make) {
        draft d;
        if (!read_members(c_, "a node", v, members, d))
            return no_node;
        const auto k = read_word(c_, "`kind`", d.kind, lock);
        const node_index i = k ? make(*k) : no_node;
        if (i == no_node)
            return i;
        c_.begin(i, v);
        if (*k == pipeline)
            out_.pipelines.push_back(i);
        identify(i, d, v);
        for (const ownership& o : owned) {
            if (!(d.*o.slot) || (bit(*k) & o.owners) != 0)
                continue;
            c_.report(code::unknown_key, d.*o.slot,
                      words(*k) + " has no `" + std::string(o.name) + "`");
            d.*o.slot = {};
        }
        own(i, d, v);
        if (d.depends_on)
            depends(i, d.depends_on);
        children(i, d.children);
        if (d.rollback)
            section(i, d.rollback);
        c_.continue_with(i);
        return i;
    }

    void section(node_index owner, const source::value& v) {
        read(v, [&](node_kind k) {
            return expect(k, rollback, v, "`rollback`") ? c_.builder.add_rollback(owner) : no_node;
        });
    }

    void own(node_index i, const draft& d, const source::value& v) {
        bool expressions = false;
        const std::string_view spec = read_opaque(c_, "`spec`", d.spec, &expressions);
        const auto when = read_word(c_, "`when`", d.when, when_status::all);
        const std::string condition = read_expression(c_, "`condition`", d.condition);
        const std::int64_t timeout = read_timeout(i, d);
        const span where = read_position(c_, d.position);
        const std::string type = read_text(c_, "`type`", d.type);
        node& n = c_.builder.at(i);
        n.type = c_.builder.keep(type);
        n.spec = c_.builder.keep(spec);
        n.spec_has_expressions = expressions;
        n.status = when.value_or(when_status::success);
        n.condition = c_.builder.keep(condition);
        n.timeout_ms = timeout;
        n.where = where;
        if (n.kind == barrier) {
            if (d.barrier)
                out_.uses.push_back({i, d.barrier});
            else
                missing_member(c_, "a `barrier`", v, "barrier");
        }
        more(i, d, v);
    }

    // The one that is known, else it is kept as it is written.
    std::int64_t read_timeout(node_index i, const draft& d) {
        if (!d.timeout)
            return read_duration(c_, "`timeout_ms`", d.timeout_ms);
        if (d.timeout_ms)
            c_.report(code::bad_value, d.timeout, "a `timeout` beside `timeout_ms`",
                      "leave one of them out");
        std::string text = read_computed(c_, "`timeout`", d.timeout);
        if (text.empty() || text.find("<+") != text.npos) {
            c_.builder.extras(i).timeout = std::move(text);
            return 0;
        }
        std::string why;
        const auto known = parse_duration(text, why);
        if (!known || *known == 0)
            c_.report(code::bad_timeout, d.timeout,
                      "`timeout` is no duration: " + (known ? "nothing runs in no time" : why),
                      "write it like `1w 2d 3h 4m 5s`");
        return known.value_or(0);
    }

    // First of all: what is told of the node from then on bears its path.
    void identify(node_index i, const draft& d, const source::value& v) {
        const node_kind k = c_.builder.at(i).kind;
        std::string id;
        if (k == rollback)
            id = "rollback";
        else if (k == on_release)
            id = c_.made().barriers[c_.made()[i].barrier].id;
        else if ((bit(k) & named) != 0 && d.id.is(source::kind::text))
            id = d.id.text();
        node& n = c_.builder.at(i);
        n.id = n.name = c_.builder.keep(id);
        if ((bit(k) & named) != 0) {
            if (!d.id)
                missing_member(c_, words(k), v, "id");
            else if (!d.id.is(source::kind::text))
                c_.wrong_kind(d.id, "`id`", "text");
            else
                check_id(id, d.id);
        }
        if (d.name)
            n.name = c_.builder.keep(read_text(c_, "`name`", d.name));
    }

    void check_id(const std::string& id, const source::value& v) {
        constexpr std::size_t longest = 128;
        if (!id.empty() && id.size() <= longest && std::ranges::all_of(id, allowed_in_id) &&
            id.front() != '.')
            return;
        c_.report(code::bad_identifier, v, "the id `" + id.substr(0, longest) + "` is not allowed",
                  "letters, digits, `_`, `-`, `.` and `$`, not beginning with `.`, at most 128; a "
                  "`name` is free");
    }

    void more(node_index i, const draft& d, const source::value& v) {
        const bool root = i == 0;
        if (d.variables) {
            if (root) {
                c_.report(code::unknown_key, d.variables, "the root has no `variables`",
                          "the pipeline's stand beside `root`");
            }
            c_.builder.extras(i).variables = read_object(c_, "`variables`", d.variables);
        }
        for (const source::value& given : {d.inputs, d.outputs}) {
            if (given && root)
                c_.report(code::unknown_key, given, "the root has no `inputs` and no `outputs`",
                          "they are a child pipeline's; `variables` beside `root` are its own");
        }
        if (d.inputs)
            c_.builder.extras(i).inputs = read_object(c_, "`inputs`", d.inputs);
        if (d.outputs)
            c_.builder.extras(i).outputs = read_object(c_, "`outputs`", d.outputs);
        if (d.strategy && c_.builder.at(i).kind == barrier) {
            c_.report(code::loop_on_barrier, d.strategy, "a `barrier` cannot have a `strategy`",
                      "loop its step group or its stage: each instance is then a party");
        } else if (d.strategy) {
            read_loop(c_, d.strategy, i);
        }
        if (d.failures)
            read_failure_strategies(c_, d.failures, i);
        if (d.lock)
            read_lock(c_, d.lock, i);
        else if (c_.builder.at(i).kind == lock)
            missing_member(c_, "a `lock`", v, "lock");
    }

    void depends(node_index i, const source::value& names) {
        const node_index parent = c_.made()[i].parent;
        if (parent == no_node || c_.made()[parent].kind != graph) {
            c_.report(code::unknown_key, names, "`depends_on` outside a `graph`",
                      "what stands in sequence waits for what stands before it");
            return;
        }
        dependencies_.push_back({i, names});
    }

    void children(node_index parent, const source::value& list) {
        if (!list)
            return;
        if (!list.is(source::kind::array))
            return c_.wrong_kind(list, "`children`", "a list");
        auto outer = std::exchange(dependencies_, {});
        std::size_t count = 0;
        source::value child_pipeline;
        for (source::value v = list.first(); v; v = v.next()) {
            ++count;
            const node_index made = read(v, [&](node_kind k) {
                return stands_right(parent, k, v) ? c_.builder.add(parent, k) : no_node;
            });
            if (made != no_node && c_.made()[made].kind == pipeline)
                child_pipeline = v;
            c_.continue_with(parent);
        }
        if (child_pipeline && count > 1) {
            c_.report(code::misplaced_node, child_pipeline,
                      "a child pipeline stands alone in its stage", "give it a stage of its own");
        }
        if (c_.made()[parent].kind == graph)
            read_dependencies(c_, parent, dependencies_);
        dependencies_ = std::move(outer);
    }

    [[nodiscard]] node_kind kind_around(node_index i) const {
        while ((bit(c_.made()[i].kind) & all_at_once) != 0 && c_.made()[i].parent != no_node)
            i = c_.made()[i].parent;
        return c_.made()[i].kind;
    }

    // The places that the run knows: stages in pipelines, steps and groups in stages, groups and
    // sections, a child pipeline in a stage.
    bool stands_right(node_index parent, node_kind k, const source::value& v) {
        const kinds around = bit(kind_around(parent));
        bool right = false;
        switch (k) {
        case pipeline:
            right = c_.made()[parent].kind == stage;
            break;
        case stage:
            right = around == bit(pipeline);
            break;
        case parallel:
        case graph:
            right = true;
            break;
        case barrier:
            right = (around & holders) != 0 && !within_release(parent);
            break;
        case step:
        case step_group:
        case lock:
            right = (around & holders) != 0;
            break;
        case rollback:
        case on_release:
            break;
        }
        if (right)
            return true;
        c_.report(code::misplaced_node, v,
                  words(k) + " cannot stand in " + words(c_.made()[parent].kind), place_of(k));
        return false;
    }

    [[nodiscard]] bool within_release(node_index i) const {
        while (i != no_node && c_.made()[i].kind != on_release)
            i = c_.made()[i].parent;
        return i != no_node;
    }

    static std::string place_of(node_kind k) {
        switch (k) {
        case pipeline:
            return "a child pipeline stands in a `stage`";
        case stage:
            return "stages stand in a `pipeline`, there in a `parallel` or `graph` too";
        case parallel:
        case graph:
            return {};
        case rollback:
            return "it is the member `rollback` of a stage or group";
        case on_release:
            return "it is the member `on_release` of a barrier";
        case barrier:
            return "barriers are met in stages, not while one is being released";
        case step:
        case step_group:
        case lock:
            return "steps stand in a stage, group or section";
        }
        return {};
    }

    read_context& c_;
    read_nodes& out_;
    std::vector<dependency_list> dependencies_;
};

}  // namespace

void read_root(read_context& c, const source::value& v, read_nodes& out) {
    node_reader(c, out).root(v);
}

void read_on_release(read_context& c, const source::value& v, std::uint32_t barrier,
                     read_nodes& out) {
    node_reader(c, out).on_release_of(barrier, v);
}

}  // namespace weir::plan
