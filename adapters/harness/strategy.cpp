// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/strategy.hpp"

#include "adapters/harness/keys.hpp"
#include "adapters/harness/loop_kinds.hpp"
#include "adapters/harness/numbers.hpp"
#include "adapters/plan/json.hpp"

#include <memory>
#include <string>

namespace weir::harness {

namespace {

struct draft {
    yaml::value matrix, repeat, parallelism, while_loop;
    yaml::value matrix_key, repeat_key, parallelism_key, while_key;
    yaml::value when, on_failure, slots, max_concurrency;
    yaml::value max_concurrency_key;
    yaml::value exclude, times, items, start, end, partition_size, unit, node_name;
    yaml::value exclude_key, times_key, items_key, start_key, end_key, partition_size_key, unit_key,
        node_name_key;
};

constexpr key_of<draft> keys[] = {
    {"matrix", need::optional, &draft::matrix, &draft::matrix_key},
    {"repeat", need::optional, &draft::repeat, &draft::repeat_key},
    {"parallelism", need::optional, &draft::parallelism, &draft::parallelism_key},
    {"while", need::optional, &draft::while_loop, &draft::while_key},
    {"when", need::optional, &draft::when},
    {"onFailure", need::optional, &draft::on_failure},
    {"slotWhileWaiting", need::optional, &draft::slots},
    {"maxConcurrency", need::optional, &draft::max_concurrency, &draft::max_concurrency_key},
    {"exclude", need::ignored, &draft::exclude, &draft::exclude_key},
    {"times", need::ignored, &draft::times, &draft::times_key},
    {"items", need::ignored, &draft::items, &draft::items_key},
    {"start", need::ignored, &draft::start, &draft::start_key},
    {"end", need::ignored, &draft::end, &draft::end_key},
    {"partitionSize", need::ignored, &draft::partition_size, &draft::partition_size_key},
    {"unit", need::ignored, &draft::unit, &draft::unit_key},
    {"nodeName", need::ignored, &draft::node_name, &draft::node_name_key},
};

// Keys that stand beside `matrix` or `repeat` where they belong inside.
void tell_misplaced(context& c, const draft& d) {
    const auto tell = [&](yaml::value key, std::string_view place) {
        if (key) {
            unknown_key(c, "`strategy`", key, {}, place);
        }
    };
    tell(d.exclude_key, "inside `matrix`");
    tell(d.node_name_key, "inside `matrix` or `repeat`");
    for (const yaml::value key :
         {d.times_key, d.items_key, d.start_key, d.end_key, d.partition_size_key, d.unit_key}) {
        tell(key, "inside `repeat`");
    }
}

template <class result, std::size_t n>
void read_word(context& c, std::string_view what, yaml::value v,
               const std::pair<std::string_view, result> (&words)[n], result& out) {
    const std::string_view text = read_text(c, what, v);
    if (!v || !v.is_scalar()) {
        return;
    }
    std::string_view names[n];
    for (std::size_t i = 0; i < n; ++i) {
        if (words[i].first == text) {
            out = words[i].second;
            return;
        }
        names[i] = words[i].first;
    }
    c.report(plan::code::bad_value, v.where(),
             "`" + std::string{text} + "` is no value of " + std::string{what},
             c.suggestion(text, names));
}

constexpr std::pair<std::string_view, plan::loop_failure> failure_words[] = {
    {"RunAll", plan::loop_failure::run_all},
    {"SkipQueued", plan::loop_failure::skip_queued},
    {"CancelAll", plan::loop_failure::cancel_all},
};

constexpr std::pair<std::string_view, plan::slot_policy> slot_words[] = {
    {"hold", plan::slot_policy::hold},
    {"release", plan::slot_policy::release},
};

// Exactly one of the kinds must be given; says whether.
bool one_kind(context& c, const draft& d, plan::span where) {
    const yaml::value kinds[] = {d.matrix_key, d.repeat_key, d.parallelism_key, d.while_key};
    yaml::value first;
    for (const yaml::value key : kinds) {
        if (key && first) {
            c.report(plan::code::bad_strategy, key.where(),
                     "`" + std::string{key.text()} + "` beside `" + std::string{first.text()} +
                         "`: a strategy is one of them")
                .notes.push_back({"the other one", first.where()});
            return false;
        }
        first = key ? key : first;
    }
    if (!first) {
        c.report(plan::code::bad_strategy, where, "this strategy does not say how it loops",
                 "it takes one of `matrix`, `repeat` and `parallelism`");
    }
    return static_cast<bool>(first);
}

void read_max_concurrency(context& c, const draft& d, plan::strategy& out) {
    if (!d.max_concurrency) {
        return;
    }
    if (out.kind == plan::strategy_kind::parallelism) {
        unknown_key(c, "`strategy`", d.max_concurrency_key, {},
                    "with `matrix` or `repeat`; `parallelism` has no cap");
        return;
    }
    if (out.max_concurrency.given) {
        c.report(plan::code::bad_strategy, d.max_concurrency_key.where(),
                 "`maxConcurrency` is given twice for one loop")
            .notes.push_back({"it is given here as well", out.max_concurrency.where});
        return;
    }
    out.max_concurrency = read_amount(c, "maxConcurrency", d.max_concurrency, 0);
}

void read_loop(context& c, yaml::value key, yaml::value v, plan::strategy& out) {
    if (is_open_input(v)) {
        open_matrix(v, out);
        return;
    }
    draft d;
    if (!read_keys(c, "`strategy`", v, keys, d)) {
        return;
    }
    tell_misplaced(c, d);
    if (!one_kind(c, d, key.where())) {
        return;
    }
    if (d.while_key) {
        c.unsupported("the loop `while`", d.while_key.where());
        return;
    }
    if (d.matrix) {
        out.where = d.matrix_key.where();
        read_matrix(c, d.matrix, out);
    } else if (d.repeat) {
        out.where = d.repeat_key.where();
        read_repeat(c, d.repeat, out);
    } else {
        out.kind = plan::strategy_kind::parallelism;
        out.where = d.parallelism_key.where();
        out.times = read_amount(c, "parallelism", d.parallelism, 1);
    }
    read_max_concurrency(c, d, out);
    out.when = read_text(c, "`when` of a strategy", d.when);
    read_word(c, "onFailure", d.on_failure, failure_words, out.on_failure);
    read_word(c, "slotWhileWaiting", d.slots, slot_words, out.slot_while_waiting);
}

}  // namespace

void read_strategy(context& c, yaml::value key, yaml::value v, plan::node_index at) {
    if (!v) {
        return;
    }
    const std::size_t told_before = c.told();
    auto out = std::make_unique<plan::strategy>();
    out->where = key.where();
    read_loop(c, key, v, *out);
    if (c.told() != told_before) {  // half a loop would only lead to further findings
        c.incomplete = true;
        return;
    }
    c.builder.extras(at).strategy = std::move(out);
}

}  // namespace weir::harness
