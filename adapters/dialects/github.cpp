// SPDX-License-Identifier: BSL-1.0
#include "adapters/dialects/loose.hpp"
#include "adapters/dialects/reading.hpp"
#include "adapters/harness/keys.hpp"
#include "adapters/harness/numbers.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace weir::dialects {

namespace {

using addition = plan::combined_rows::addition;
using fate = plan::combined_rows::fate;

constexpr std::uint64_t most_comparisons = 20'000'000;

struct strategy_draft {
    yaml::value matrix, max_parallel, fail_fast, matrix_key;
};

constexpr harness::key_of<strategy_draft> strategy_keys[] = {
    {"matrix", harness::need::optional, &strategy_draft::matrix, &strategy_draft::matrix_key},
    {"max-parallel", harness::need::optional, &strategy_draft::max_parallel},
    {"fail-fast", harness::need::optional, &strategy_draft::fail_fast},
};

// Reads `matrix`: axes in the order in which they stand, then what `exclude` and `include` say of
// them.
class matrix_reader {
public:
    matrix_reader(context& c, std::uint64_t most) : c_(c), most_(most) {}

    loop read(yaml::value v);

private:
    void read_axis(yaml::value key);
    void read_exclude(yaml::value list);
    void read_exclusion(yaml::value entry);
    void read_include(yaml::value list);
    void read_inclusion(yaml::value entry);
    void tell_fates() const;

    // The axis of this name, in whatever case; as many as there are axes when there is none.
    [[nodiscard]] std::uint32_t axis_named(std::string_view name) const noexcept;
    [[nodiscard]] std::vector<std::uint32_t> that_match(std::uint32_t axis, const json& wanted,
                                                        yaml::value filter);
    [[nodiscard]] bool is_list(yaml::value v, std::string_view what);

    context& c_;
    const std::uint64_t most_;
    std::shared_ptr<plan::combined_rows> rows_ =
        std::make_shared<plan::combined_rows>(plan::combined_rows::rules{});
    plan::odometer* matrix_ = nullptr;
    std::vector<yaml::value> unresolved_;       // by axis: a value that is an expression, or none
    std::vector<yaml::value> inclusions_;       // where each addition stands
    std::map<std::string, std::string> spelt_;  // new names, as the first entry writes them
    std::uint64_t comparisons_ = 0;
};

std::string lower(std::string_view text) {
    std::string out{text};
    std::transform(out.begin(), out.end(), out.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return out;
}

std::uint32_t matrix_reader::axis_named(std::string_view name) const noexcept {
    std::uint32_t i = 0;
    if (matrix_) {
        for (const auto& d : matrix_->dimensions()) {
            if (same_letters(d.name, name)) {
                break;
            }
            ++i;
        }
    }
    return i;
}

bool matrix_reader::is_list(yaml::value v, std::string_view what) {
    if (marked(v, github_mark)) {
        unknown_size(c_, what, v);
        return false;
    }
    if (!v.is(yaml::kind::sequence)) {
        c_.wrong_kind(v, what, "a list");
        return false;
    }
    return true;
}

void matrix_reader::read_axis(yaml::value key) {
    constexpr std::size_t most_axes = 128;
    const std::string name{key.text()};
    if (!is_list(key.next(), "the axis `" + name + "`")) {
        return;
    }
    if (!matrix_) {
        matrix_ = &rows_->add_matrix();
    }
    const std::uint32_t same = axis_named(name);
    if (same != matrix_->dimensions().size() || same == most_axes) {
        c_.report(plan::code::bad_strategy, key.where(),
                  same == most_axes ? "a matrix of more than " + std::to_string(most_axes) + " axes"
                                    : "the axis `" + name + "` is given twice",
                  same == most_axes ? "" : "names are equal whatever their case");
        return;
    }
    std::vector<json> values;
    yaml::value unresolved;
    if (key.next().size() > most_) {
        too_many(c_, key.where(), key.next().size(), most_);
        return;
    }
    for (yaml::value v = key.next().first(); v; v = v.next()) {
        values.push_back(typed_value(c_, v));
        if (marked(v, github_mark)) {
            unresolved = v;
        }
    }
    if (values.empty()) {
        c_.report(plan::code::bad_strategy, key.where(),
                  "Matrix vector '" + name + "' does not contain any values");
    }
    unresolved_.push_back(unresolved);
    matrix_->add(name, std::move(values), plan::odometer::equal_by::value);
}

std::vector<std::uint32_t> matrix_reader::that_match(std::uint32_t axis, const json& wanted,
                                                     yaml::value filter) {
    const plan::odometer::dimension& d = matrix_->dimensions()[axis];
    std::vector<std::uint32_t> all;
    comparisons_ += d.values.size();
    if (comparisons_ > most_comparisons) {
        return all;
    }
    std::vector<bool> seen(d.alike.size());
    for (std::size_t v = 0; v < d.values.size(); ++v) {
        if (!seen[d.same[v]]) {
            seen[d.same[v]] = true;
            if (matches(wanted, d.values[v])) {
                all.push_back(d.same[v]);
            }
        }
    }
    const yaml::value open = unresolved_[axis]             ? unresolved_[axis]
                             : marked(filter, github_mark) ? filter
                                                           : yaml::value{};
    if (open) {
        c_.report(plan::code::unresolved_value, open.where(),
                  cited(open.text()) +
                      " is compared as it is written: its value may match other "
                      "combinations");
        unresolved_[axis] = {};  // once is enough
    }
    return all;
}

void matrix_reader::read_exclusion(yaml::value entry) {
    if (marked(entry, github_mark)) {
        unknown_size(c_, "an entry of `exclude`", entry);
        return;
    }
    if (!entry.is(yaml::kind::mapping)) {
        c_.wrong_kind(entry, "an entry of `exclude`", "a mapping of axes to values");
        return;
    }
    std::vector<plan::odometer::term> terms;
    bool any = true;
    const std::size_t told = c_.told();
    for (yaml::value key = entry.first(); key; key = key.next().next()) {
        const std::uint32_t axis = axis_named(key.text());
        if (!matrix_ || axis == matrix_->dimensions().size()) {
            c_.report(plan::code::bad_strategy, key.where(),
                      "Matrix exclude key '" + std::string{key.text()} +
                          "' does not match any key within the matrix");
            continue;
        }
        terms.push_back({axis, that_match(axis, typed_value(c_, key.next()), key.next())});
        any = any && !terms.back().values.empty();
    }
    if (terms.empty() && told == c_.told()) {
        c_.report(plan::code::bad_strategy, entry.where(),
                  "an entry of `exclude` that names no axis");
    }
    if (!any && told == c_.told()) {
        c_.report(plan::code::no_effect, entry.where(),
                  "this entry of `exclude` matches no combination: GitHub passes over it",
                  "compare its values with those of the axes");
    }
    if (matrix_) {
        matrix_->exclude(std::move(terms));
    }
}

void matrix_reader::read_exclude(yaml::value list) {
    if (!list || !is_list(list, "`exclude`")) {
        return;
    }
    for (yaml::value entry = list.first(); entry; entry = entry.next()) {
        read_exclusion(entry);
    }
}

void matrix_reader::read_inclusion(yaml::value entry) {
    if (marked(entry, github_mark)) {
        unknown_size(c_, "an entry of `include`", entry);
        return;
    }
    if (!entry.is(yaml::kind::mapping)) {
        c_.wrong_kind(entry, "an entry of `include`", "a mapping of names to values");
        return;
    }
    addition made;
    made.row = json::object();
    made.extra = json::object();
    if (entry.size() / 2 > 1000) {
        c_.report(plan::code::bad_strategy, entry.where(), "an entry of more than 1000 names");
        return;
    }
    for (yaml::value key = entry.first(); key; key = key.next().next()) {
        const std::uint32_t axis = axis_named(key.text());
        json value = typed_value(c_, key.next());
        if (matrix_ && axis != matrix_->dimensions().size()) {
            made.fits.push_back({axis, that_match(axis, value, key.next())});
            made.row[matrix_->dimensions()[axis].name] = std::move(value);
            continue;
        }
        const std::string& name =
            spelt_.try_emplace(lower(key.text()), std::string{key.text()}).first->second;
        made.row[name] = value;
        made.extra[name] = std::move(value);
    }
    inclusions_.push_back(entry);
    rows_->add(std::move(made));
}

void matrix_reader::read_include(yaml::value list) {
    if (!list || !is_list(list, "`include`")) {
        return;
    }
    for (yaml::value entry = list.first(); entry; entry = entry.next()) {
        read_inclusion(entry);
    }
}

void matrix_reader::tell_fates() const {
    for (std::size_t i = 0; i < inclusions_.size(); ++i) {
        bool brings = rows_->fates()[i] != fate::merged;
        for (yaml::value key = inclusions_[i].first(); key; key = key.next().next()) {
            brings = brings || !matrix_ || axis_named(key.text()) == matrix_->dimensions().size();
        }
        if (!brings) {
            c_.report(plan::code::no_effect, inclusions_[i].where(),
                      "this entry of `include` is in the matrix already: GitHub adds nothing");
        }
    }
}

loop matrix_reader::read(yaml::value v) {
    if (marked(v, github_mark)) {
        unknown_size(c_, "the matrix", v);
        return {};
    }
    if (!v.is(yaml::kind::mapping)) {
        c_.wrong_kind(v, "`matrix`", "a mapping of axes to lists");
        return {};
    }
    const std::size_t told = c_.told();
    for (yaml::value key = v.first(); key; key = key.next().next()) {
        if (key.text() != "include" && key.text() != "exclude") {
            read_axis(key);
        }
    }
    const bool complete = !c_.findings().any_error();
    if (complete) {  // else comparing would only lead to further findings
        read_exclude(member(v, "exclude"));
        read_include(member(v, "include"));
    }
    if (!matrix_ && inclusions_.empty() && told == c_.told()) {
        c_.report(plan::code::bad_strategy, v.where(), "Matrix must define at least one vector");
    }
    if (comparisons_ > most_comparisons) {
        c_.report(plan::code::too_many_instances, v.where(),
                  "`exclude` and `include` have more to compare than the limit allows");
    }
    if (c_.findings().any_error()) {
        return {};
    }
    if (matrix_) {
        matrix_->finish(most_ * 64);
    }
    if (!rows_->finish(most_)) {
        too_many(c_, v.where(), rows_->count(), most_);
        return {};
    }
    tell_fates();
    return {rows_, 0};
}

// A strategy without a matrix is one job.
loop one_job() {
    auto rows = std::make_shared<plan::combined_rows>(plan::combined_rows::rules{});
    rows->add({{}, json::object(), json::object()});
    (void)rows->finish(1);
    return {rows, 0};
}

std::uint64_t read_cap(context& c, yaml::value v) {
    if (!v) {
        return 0;
    }
    if (marked(v, github_mark)) {
        c.report(plan::code::unresolved_value, v.where(),
                 "how many run at once hangs on " + cited(v.text()) + ": taken as all of them");
        return 0;
    }
    return static_cast<std::uint64_t>(
        harness::read_count(c, "`max-parallel`", v, 0, 1'000'000'000));
}

}  // namespace

loop read_github(context& c, yaml::value root, std::uint64_t most) {
    strategy_draft d;
    if (!harness::read_keys(c, "`strategy`", root, strategy_keys, d)) {
        return {};
    }
    loop made = d.matrix ? matrix_reader{c, most}.read(d.matrix) : one_job();
    made.cap = read_cap(c, d.max_parallel);
    if (d.fail_fast && !d.fail_fast.is(yaml::kind::boolean) && !marked(d.fail_fast, github_mark)) {
        c.wrong_kind(d.fail_fast, "`fail-fast`", "true or false");
    }
    return made;
}

}  // namespace weir::dialects
