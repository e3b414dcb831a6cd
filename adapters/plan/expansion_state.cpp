// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/expansion_state.hpp"

#include "adapters/plan/java_order.hpp"
#include "adapters/plan/json_text.hpp"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <unordered_set>
#include <utility>

namespace weir::plan {

namespace {

constexpr std::size_t most_axes = 128;           // counting exclusions recurses axis by axis
constexpr std::uint64_t walk_per_instance = 64;  // combinations looked at for one that stays

// Rounded half up; more than all is all.
std::uint64_t percent_of(std::uint64_t size, std::uint64_t percent) noexcept {
    return percent >= 100 ? size : (size * percent + 50) / 100;
}

std::vector<std::size_t> axis_order(const strategy& s, bool compat) {
    std::vector<std::size_t> order(s.axes.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    if (!compat)
        return order;
    const auto literal = [&s](std::size_t i) { return s.axes[i].values.expression.empty(); };
    const auto middle = std::stable_partition(order.begin(), order.end(), literal);
    const auto shuffle = [&s](auto first, auto last) {
        const std::vector<std::size_t> part(first, last);
        std::vector<std::string_view> names;
        for (const std::size_t i : part)
            names.push_back(s.axes[i].name);
        for (const std::size_t i : java_hash_order(names))
            *first++ = part[i];
    };
    shuffle(order.begin(), middle);
    shuffle(middle, order.end());
    return order;
}

// What `exclude` comes to where it is an expression: a list of objects, as a document has it.
bool computed_exclusions(const strategy& s, const expansion_input& input,
                         std::vector<exclusion>& out) {
    if (!s.exclude_list.given)
        return true;
    std::vector<json> entries;
    if (!input.read(s.exclude_list, "exclude", entries))
        return false;
    const auto refuse = [&](std::string message) {
        return input.refuse(code::bad_strategy, s.exclude_list.where, std::move(message));
    };
    for (const json& entry : entries) {
        if (!entry.is_object() || entry.empty())
            return refuse("an entry of exclude is `" + text_of(entry).substr(0, 60) +
                          "`, an object of axes and values is wanted");
        exclusion& made = out.emplace_back();
        made.where = s.exclude_list.where;
        for (const auto& [name, value] : entry.items()) {
            const auto axis =
                std::find_if(s.axes.begin(), s.axes.end(),
                             [&name = name](const auto& a) { return a.name == name; });
            if (axis == s.axes.end())
                return refuse("exclude names `" + name + "`, which is no axis of this matrix");
            made.terms.push_back(
                {static_cast<std::uint32_t>(axis - s.axes.begin()), text_of(value)});
        }
    }
    return true;
}

}  // namespace

expansion::state::state(const strategy& s, const options& o)
    : kind(s.kind),
      labels(o.labels),
      compat(o.compat_harness),
      node_name(s.node_name),
      names(o.compat_harness) {}

expansion::state::state(std::shared_ptr<const row_source> source, std::uint64_t cap_of_it)
    : kind(strategy_kind::matrix),
      labels(false),
      compat(false),
      count(source->count()),
      cap(cap_of_it),
      rows(std::move(source)),
      names(true) {}

bool expansion::state::combine(const strategy& s, const expansion_input& input) {
    if (s.axes.empty())
        return input.refuse(code::bad_strategy, s.where, "a matrix without an axis");
    if (s.axes.size() > most_axes) {
        return input.refuse(code::bad_strategy, s.where,
                            "the matrix has " + std::to_string(s.axes.size()) +
                                " axes, the limit is " + std::to_string(most_axes));
    }
    std::vector<std::uint32_t> place(s.axes.size());
    std::unordered_set<std::string_view> named;
    for (const std::size_t i : axis_order(s, compat)) {
        const axis& a = s.axes[i];
        if (!named.insert(a.name).second) {
            return input.refuse(code::bad_strategy, a.where,
                                "the axis `" + a.name + "` is given twice");
        }
        std::vector<json> values;
        if (!input.read(a.values, "the axis `" + a.name + "`", values))
            return false;
        if (values.empty()) {
            return input.refuse(code::bad_strategy,
                                a.values.where.known() ? a.values.where : a.where,
                                "the axis `" + a.name + "` has no values");
        }
        place[i] = static_cast<std::uint32_t>(matrix.dimensions().size());
        matrix.add(a.name, std::move(values));
    }
    if (!exclude(s, place, input))
        return false;
    const std::uint64_t walkable = input.max_values > odometer::too_many / walk_per_instance
                                       ? odometer::too_many
                                       : input.max_values * walk_per_instance;
    matrix.finish(walkable);
    count = matrix.count();
    look_at_suffixes();
    by_name.resize(matrix.dimensions().size());
    std::iota(by_name.begin(), by_name.end(), std::size_t{0});
    std::sort(by_name.begin(), by_name.end(), [this](std::size_t a, std::size_t b) {
        return matrix.dimensions()[a].name < matrix.dimensions()[b].name;
    });
    return true;
}

// The entries that the document lists, and those that an expression gives.
bool expansion::state::exclude(const strategy& s, const std::vector<std::uint32_t>& place,
                               const expansion_input& input) {
    std::vector<exclusion> computed;
    if (!computed_exclusions(s, input, computed))
        return false;
    for (const auto* entries : {&s.exclude, &std::as_const(computed)}) {
        for (const exclusion& e : *entries) {
            std::vector<odometer::term> terms;
            for (const exclusion::term& t : e.terms) {
                if (t.axis >= place.size()) {
                    return input.refuse(code::bad_strategy, e.where,
                                        "an exclusion names an axis that is not there");
                }
                value_list text;
                text.values.emplace_back(t.value);
                text.where = e.where;
                std::vector<json> value;
                if (!input.read(text, "exclude", value))
                    return false;
                const auto number = matrix.number_of(place[t.axis], text_of(value.front()));
                terms.push_back({place[t.axis], {}});
                if (number)
                    terms.back().values.push_back(*number);
            }
            matrix.exclude(std::move(terms));
        }
    }
    return true;
}

bool expansion::state::repeat(const strategy& s, const expansion_input& input) {
    if (s.times.given) {
        if (!input.read(s.times, "times", count))
            return false;
        if (count == 0 && s.times.constant()) {
            return input.refuse(code::bad_strategy, s.times.where,
                                "times is 0, at least 1 is wanted");
        }
        return true;
    }
    if (!s.items.given) {
        return input.refuse(code::bad_strategy, s.where, "a repeat needs `times` or `items`");
    }
    if (!input.read(s.items, "items", items))
        return false;
    if (s.partition_size.given) {
        std::uint64_t size = 0;
        if (!input.read(s.partition_size, "partitionSize", size))
            return false;
        if (size == 0) {
            return input.refuse(code::bad_strategy, s.partition_size.where,
                                "partitionSize is 0, at least 1 is wanted");
        }
        part = s.percentage ? percent_of(items.size(), size) : size;
        part = std::max<std::uint64_t>(part, 1);
        count = items.size() / part + (items.size() % part != 0);
        return true;
    }
    std::uint64_t from = 0;
    std::uint64_t to = items.size();
    if (!read_range(s, input, items.size(), from, to))
        return false;
    items.resize(to);
    items.erase(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(from));
    count = items.size();
    return true;
}

bool expansion::state::read_range(const strategy& s, const expansion_input& input,
                                  std::uint64_t size, std::uint64_t& from,
                                  std::uint64_t& to) const {
    if (s.start.given && !input.read(s.start, "start", from))
        return false;
    if (s.end.given && !input.read(s.end, "end", to))
        return false;
    if (s.percentage && s.start.given)
        from = percent_of(size, from);
    if (s.percentage && s.end.given)
        to = std::max<std::uint64_t>(percent_of(size, to), 1);
    if (compat && s.start.given && !s.end.given && size > 0)
        to = size - 1;
    to = std::min(to, size);
    from = std::min(from, to);
    return true;
}

bool expansion::state::number(const strategy& s, const expansion_input& input) {
    const std::string name = kind == strategy_kind::while_true ? "maxIterations" : "parallelism";
    if (!input.read(s.times, name, count))
        return false;
    return count > 0 ||
           input.refuse(code::bad_strategy, s.times.where.known() ? s.times.where : s.where,
                        name + " is 0, at least 1 is wanted");
}

json expansion::state::partition(const instance& at) const {
    const auto from = static_cast<std::ptrdiff_t>(at.index * part);
    const auto to =
        static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(items.size(), (at.index + 1) * part));
    return json::array_t(items.begin() + from, items.begin() + to);
}

std::string expansion::state::indices(const instance& at) const {
    std::string text;
    append_indices(at, text);
    return text.substr(std::min<std::size_t>(text.size(), 1));
}

void expansion::state::append_indices(const instance& at, std::string& out) const {
    for (const auto& d : matrix.dimensions()) {
        char digits[16];
        const auto end = std::to_chars(digits, digits + sizeof digits,
                                       d.original[matrix.digit(at.combination, d)]);
        out += '_';
        out.append(digits, end.ptr);
    }
}

std::string expansion::state::label(const instance& at) const {
    if (!labels)
        return indices(at);
    std::string text;
    for (std::size_t i = 0; i < by_name.size(); ++i) {
        const auto& d = matrix.dimensions()[by_name[i]];
        if (i > 0)
            text += '_';
        for (const char c : text_of(d.values[matrix.digit(at.combination, d)])) {
            if (c != '.')
                text += c;
        }
    }
    return text;
}

// Indices differ by themselves, and so do they with a counter behind them, unless they are cut off.
void expansion::state::look_at_suffixes() {
    std::size_t longest = 0;
    for (const auto& d : matrix.dimensions()) {
        longest += 1 + (d.original.empty() ? 0 : std::to_string(d.original.back()).size());
    }
    plain_ = !labels && longest <= 100;
}

const label_table* expansion::state::table() const {
    if (plain_)
        return nullptr;
    std::call_once(table_made_, [this] {
        table_ = std::make_unique<const label_table>(
            [this](const label_table::visitor& visit) {
                instance at{0, matrix.allowed(0)};
                for (; at.index < count; ++at.index) {
                    visit(at.index, label(at));
                    at.combination = matrix.allowed(at.combination + 1);
                }
            },
            compat);
    });
    return table_.get();
}

}  // namespace weir::plan
