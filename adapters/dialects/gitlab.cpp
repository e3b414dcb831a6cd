// SPDX-License-Identifier: BSL-1.0
#include "adapters/dialects/reading.hpp"
#include "adapters/harness/keys.hpp"
#include "adapters/harness/numbers.hpp"

#include <utility>

namespace weir::dialects {

namespace {

// `parallel: 5`: five equal jobs.
class numbered_jobs final : public plan::row_source {
public:
    explicit numbered_jobs(std::uint64_t count) noexcept : count_(count) {}

    [[nodiscard]] std::uint64_t count() const noexcept override { return count_; }
    void append_values(const plan::instance&, std::string& out) const override { out += "{}"; }
    void append_suffix(const plan::instance& at, std::string& out) const override {
        out += ' ' + std::to_string(at.index + 1) + '/' + std::to_string(count_);
    }

private:
    const std::uint64_t count_;
};

// What a variable of the matrix may be: a text or a whole number.
bool read_value(context& c, const std::string& name, yaml::value v, std::vector<json>& out) {
    const bool whole =
        v.is(yaml::kind::number) && v.text().find_first_of(".eE") == std::string_view::npos;
    if (v.is(yaml::kind::text) || whole) {
        out.emplace_back(std::string{v.text()});
        return true;
    }
    const bool scalar = v.is_scalar();
    c.report(plan::code::wrong_type, v.where(),
             "a value of `" + name + "` must be text or a whole number, not " +
                 std::string{yaml::name_of(v.what())},
             scalar ? "put it in quotes"
                    : "GitLab takes one list for a variable: write its values side by side");
    return false;
}

void read_variable(context& c, yaml::value key, std::uint64_t most, plan::odometer& matrix) {
    const std::string name{key.text()};
    const yaml::value v = key.next();
    std::vector<json> values;
    if (!v.is(yaml::kind::sequence)) {
        (void)read_value(c, name, v, values);
    } else if (v.size() > most) {
        too_many(c, key.where(), v.size(), most);
    } else {
        for (yaml::value item = v.first(); item; item = item.next()) {
            if (!read_value(c, name, item, values)) {
                return;
            }
        }
        if (values.empty()) {
            c.report(plan::code::no_effect, key.where(),
                     "`" + name + "` has no values: GitLab makes no job of this entry");
        }
    }
    matrix.add(name, std::move(values));
}

loop read_matrix(context& c, yaml::value list, std::uint64_t most) {
    constexpr std::size_t most_variables = 128;
    if (!list.is(yaml::kind::sequence)) {
        c.wrong_kind(list, "`matrix`", "a list of mappings");
        return {};
    }
    using rules = plan::combined_rows::rules;
    auto rows = std::make_shared<plan::combined_rows>(
        rules{.naming = plan::combined_rows::naming::in_brackets});
    for (yaml::value entry = list.first(); entry; entry = entry.next()) {
        if (!entry.is(yaml::kind::mapping)) {
            c.wrong_kind(entry, "an entry of `matrix`", "a mapping of variables to values");
            return {};
        }
        if (entry.size() == 0 || entry.size() / 2 > most_variables) {
            c.report(plan::code::bad_strategy, entry.where(),
                     entry.size() == 0 ? "an entry of `matrix` without a variable"
                                       : "an entry of `matrix` of more than " +
                                             std::to_string(most_variables) + " variables");
            return {};
        }
        plan::odometer& matrix = rows->add_matrix();
        for (yaml::value key = entry.first(); key; key = key.next().next()) {
            read_variable(c, key, most, matrix);
        }
        matrix.finish(plan::odometer::too_many);
        if (c.findings().any_error()) {
            return {};
        }
    }
    if (!rows->finish(most)) {
        too_many(c, list.where(), rows->count(), most);
        return {};
    }
    return {rows, 0};
}

loop read_number(context& c, yaml::value v, std::uint64_t most) {
    constexpr std::int64_t farthest = 1'000'000'000'000;
    if (v.text() == "0" || v.text().starts_with('-')) {
        c.report(plan::code::bad_value, v.where(),
                 "`parallel` must be at least 1, not " + std::string{v.text()});
        return {};
    }
    const auto count =
        static_cast<std::uint64_t>(harness::read_count(c, "`parallel`", v, 1, farthest));
    if (count > most) {
        too_many(c, v.where(), count, most);
    }
    return {std::make_shared<numbered_jobs>(count), 0};
}

struct parallel_draft {
    yaml::value matrix;
};

constexpr harness::key_of<parallel_draft> parallel_keys[] = {
    {"matrix", harness::need::required, &parallel_draft::matrix},
};

}  // namespace

loop read_gitlab(context& c, yaml::value root, std::uint64_t most) {
    const yaml::value inner = member(root, "parallel");
    const yaml::value parallel = inner ? inner : root;
    if (inner && root.size() != 2) {
        for (yaml::value key = root.first(); key; key = key.next().next()) {
            if (key.text() != "parallel") {
                harness::unknown_key(c, "the file", key, {}, "in the job, outside `parallel`");
            }
        }
    }
    if (parallel.is(yaml::kind::number)) {
        return read_number(c, parallel, most);
    }
    if (!parallel.is(yaml::kind::mapping)) {
        c.wrong_kind(parallel, "`parallel`", "a whole number or a mapping");
        return {};
    }
    parallel_draft d;
    if (!harness::read_keys(c, "`parallel`", parallel, parallel_keys, d) || !d.matrix) {
        return {};
    }
    return read_matrix(c, d.matrix, most);
}

}  // namespace weir::dialects
