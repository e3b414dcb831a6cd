// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/loop_kinds.hpp"

#include "adapters/harness/keys.hpp"
#include "adapters/harness/lists.hpp"
#include "adapters/harness/numbers.hpp"
#include "adapters/plan/json.hpp"
#include "adapters/plan/json_text.hpp"

#include <string>
#include <vector>

namespace weir::harness {

namespace {

constexpr std::size_t most_axes = 100;

bool is_axis(std::string_view key) noexcept {
    return key != "exclude" && key != "maxConcurrency" && key != "nodeName";
}

std::uint32_t axis_named(const plan::strategy& s, std::string_view name) noexcept {
    std::uint32_t i = 0;
    while (i < s.axes.size() && s.axes[i].name != name) {
        ++i;
    }
    return i;
}

void read_exclusion(context& c, yaml::value entry, plan::strategy& out) {
    if (!entry.is(yaml::kind::mapping)) {
        c.wrong_kind(entry, "an entry of `exclude`", "a mapping of axes to values");
        return;
    }
    plan::exclusion made;
    made.where = entry.where();
    for (yaml::value key = entry.first(); key; key = key.next().next()) {
        const std::uint32_t axis = axis_named(out, key.text());
        if (axis == out.axes.size()) {
            std::vector<std::string_view> names;
            for (const plan::axis& a : out.axes) {
                names.push_back(a.name);
            }
            c.report(plan::code::bad_strategy, key.where(),
                     "`" + std::string{key.text()} + "` is no axis of this matrix",
                     c.suggestion(key.text(), names));
            continue;
        }
        const json value = read_loop_value(c, "`exclude`", key.next());
        made.terms.push_back({axis, plan::text_of(value)});
    }
    if (made.terms.empty()) {
        c.report(plan::code::bad_strategy, made.where, "an entry of `exclude` that names no axis");
        return;
    }
    out.exclude.push_back(std::move(made));
}

void read_exclude(context& c, yaml::value v, plan::strategy& out) {
    if (!v || v.is(yaml::kind::null)) {
        return;
    }
    if (v.is_scalar()) {
        out.exclude_list = read_value_list(c, "`exclude`", v);
        return;
    }
    if (!v.is(yaml::kind::sequence)) {
        c.wrong_kind(v, "`exclude`", "a list");
        return;
    }
    for (yaml::value entry = v.first(); entry; entry = entry.next()) {
        read_exclusion(c, entry, out);
    }
}

struct repeat_draft {
    yaml::value times, items, items_key, start, end, partition_size, unit, max_concurrency,
        node_name;
};

constexpr key_of<repeat_draft> repeat_keys[] = {
    {"items", need::optional, &repeat_draft::items},
    {"times", need::optional, &repeat_draft::times},
    {"start", need::optional, &repeat_draft::start},
    {"end", need::optional, &repeat_draft::end},
    {"partitionSize", need::optional, &repeat_draft::partition_size},
    {"unit", need::optional, &repeat_draft::unit},
    {"maxConcurrency", need::optional, &repeat_draft::max_concurrency},
    {"nodeName", need::optional, &repeat_draft::node_name},
};

struct while_draft {
    yaml::value condition, most, cap;
};

constexpr key_of<while_draft> while_keys[] = {
    {"condition", need::required, &while_draft::condition},
    {"maxIterations", need::required, &while_draft::most},
    {"maxConcurrency", need::optional, &while_draft::cap},
};

bool equal_but_case(std::string_view text, std::string_view lower) noexcept {
    if (text.size() != lower.size()) {
        return false;
    }
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c =
            text[i] >= 'A' && text[i] <= 'Z' ? static_cast<char>(text[i] - 'A' + 'a') : text[i];
        if (c != lower[i]) {
            return false;
        }
    }
    return true;
}

}  // namespace

void open_matrix(yaml::value input, plan::strategy& out) {
    out.kind = plan::strategy_kind::matrix;
    plan::axis unknown;
    unknown.where = input.where();
    unknown.values.given = true;
    unknown.values.expression = input.text();
    unknown.values.where = input.where();
    out.axes.push_back(std::move(unknown));
}

void read_matrix(context& c, yaml::value v, plan::strategy& out) {
    out.kind = plan::strategy_kind::matrix;
    if (is_open_input(v)) {
        open_matrix(v, out);
        return;
    }
    if (!v.is(yaml::kind::mapping)) {
        c.wrong_kind(v, "`matrix`", "a mapping of axes to lists");
        return;
    }
    for (yaml::value key = v.first(); key; key = key.next().next()) {
        if (!is_axis(key.text())) {
            continue;
        }
        if (out.axes.size() == most_axes) {
            c.report(plan::code::bad_strategy, key.where(),
                     "a matrix of more than " + std::to_string(most_axes) + " axes");
            return;
        }
        plan::axis made;
        made.name = key.text();
        made.where = key.where();
        if (made.name.empty()) {
            c.report(plan::code::bad_strategy, key.where(), "an axis without a name");
        }
        made.values = read_value_list(c, "the axis `" + made.name + "`", key.next());
        if (key.next().is(yaml::kind::sequence) && made.values.values.empty()) {
            c.report(plan::code::bad_strategy, key.where(),
                     "the axis `" + made.name + "` has no values");
        }
        out.axes.push_back(std::move(made));
    }
    if (out.axes.empty()) {
        c.report(plan::code::bad_strategy, v.where(), "this matrix has no axis");
    }
    read_exclude(c, v["exclude"], out);
    const yaml::value cap = v["maxConcurrency"];
    if (cap && !cap.is(yaml::kind::null)) {
        out.max_concurrency = read_amount(c, "maxConcurrency", cap, 0);
    }
    out.node_name = read_text(c, "nodeName", v["nodeName"]);
}

void read_repeat(context& c, yaml::value v, plan::strategy& out) {
    out.kind = plan::strategy_kind::repeat;
    if (is_open_input(v)) {
        out.items.given = true;
        out.items.expression = v.text();
        out.items.where = v.where();
        return;
    }
    repeat_draft d;
    if (!read_keys(c, "`repeat`", v, repeat_keys, d)) {
        return;
    }
    out.times = read_amount(c, "times", d.times, 1);
    out.partition_size = read_amount(c, "partitionSize", d.partition_size, 1);
    out.start = read_amount(c, "start", d.start, 0);
    out.end = read_amount(c, "end", d.end, 0);
    out.max_concurrency = read_amount(c, "maxConcurrency", d.max_concurrency, 0);
    out.node_name = read_text(c, "nodeName", d.node_name);
    if (d.items) {
        out.items = read_value_list(c, "`items`", d.items);
    }
    if (!d.items && !d.times) {
        c.report(plan::code::bad_strategy, v.where(), "`repeat` has neither `items` nor `times`");
    } else if (!d.items) {
        for (const yaml::value needs_items : {d.start, d.end, d.partition_size}) {
            if (needs_items) {
                c.report(plan::code::bad_strategy, needs_items.where(),
                         "a part of `items` is asked for, and there are no `items`");
                break;
            }
        }
    }
    if (d.unit) {
        const std::string_view unit = read_text(c, "unit", d.unit);
        out.percentage = equal_but_case(unit, "percentage");
        if (d.unit.is_scalar() && !out.percentage && !equal_but_case(unit, "count")) {
            c.report(plan::code::bad_value, d.unit.where(),
                     "`" + std::string{unit} + "` is no unit of `repeat`",
                     "it is `Count` or `Percentage`");
        }
    }
}

void read_while(context& c, yaml::value v, plan::strategy& out) {
    out.kind = plan::strategy_kind::while_true;
    if (is_open_input(v)) {
        out.condition = v.text();
        out.times = read_amount(c, "maxIterations", v, 1);
        return;
    }
    while_draft d;
    if (!read_keys(c, "`while`", v, while_keys, d)) {
        return;
    }
    out.condition = read_text(c, "the condition of a `while`", d.condition);
    if (d.condition && d.condition.is_scalar() && out.condition.empty()) {
        c.report(plan::code::bad_strategy, d.condition.where(), "this `while` has no condition",
                 "write what must hold for the next turn to begin");
    }
    out.times = read_amount(c, "maxIterations", d.most, 1);
    check_while_cap(c, d.cap);
}

void check_while_cap(context& c, yaml::value cap) {
    if (!cap || is_open_input(cap)) {
        return;
    }
    const plan::amount given = read_amount(c, "maxConcurrency", cap, 1);
    if (!given.expression.empty() || given.value != 1) {
        c.report(plan::code::bad_strategy, cap.where(),
                 "the turns of a `while` come one after another",
                 "leave `maxConcurrency` out, or loop with `matrix` or `repeat`");
    }
}

}  // namespace weir::harness
