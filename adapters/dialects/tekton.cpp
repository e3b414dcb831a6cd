// SPDX-License-Identifier: BSL-1.0
#include "adapters/dialects/reading.hpp"
#include "adapters/harness/keys.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace weir::dialects {

namespace {

using addition = plan::combined_rows::addition;
using fate = plan::combined_rows::fate;

struct matrix_draft {
    yaml::value params, include;
};
constexpr harness::key_of<matrix_draft> matrix_keys[] = {
    {"params", harness::need::optional, &matrix_draft::params},
    {"include", harness::need::optional, &matrix_draft::include},
};

struct param_draft {
    yaml::value name, value;
};
constexpr harness::key_of<param_draft> param_keys[] = {
    {"name", harness::need::required, &param_draft::name},
    {"value", harness::need::required, &param_draft::value},
};

struct include_draft {
    yaml::value name, params;
};
constexpr harness::key_of<include_draft> include_keys[] = {
    {"name", harness::need::optional, &include_draft::name},
    {"params", harness::need::optional, &include_draft::params},
};

struct param {
    std::string name;
    yaml::value value;
};

// A list of `name` and `value`; each name once.
bool read_params(context& c, std::string_view what, yaml::value list, std::vector<param>& out) {
    constexpr std::size_t most_params = 128;
    if (!list.is(yaml::kind::sequence)) {
        c.wrong_kind(list, what, "a list");
        return false;
    }
    if (list.size() > most_params) {
        c.report(plan::code::bad_strategy, list.where(),
                 std::string{what} + " has more than " + std::to_string(most_params) + " entries");
        return false;
    }
    std::set<std::string_view> names;
    const std::size_t told = c.told();
    for (yaml::value entry = list.first(); entry; entry = entry.next()) {
        param_draft d;
        if (!harness::read_keys(c, "a parameter", entry, param_keys, d)) {
            continue;
        }
        if (!d.value && key_in(entry, "value")) {
            c.report(plan::code::missing_key, entry.where(), "a parameter without a value");
        }
        const std::string_view name = harness::read_text(c, "`name`", d.name);
        if (d.name && !names.insert(name).second) {
            c.report(plan::code::bad_strategy, d.name.where(),
                     "the parameter `" + std::string{name} + "` is given twice");
        }
        out.push_back({std::string{name}, d.value});
    }
    return told == c.told();
}

// Is this text one reference, and not to a place in a list? It may stand for a list.
bool may_be_list(yaml::value v) noexcept {
    const std::string_view text = v.text();
    return text.starts_with(tekton_mark) && text.ends_with(')') &&
           (!text.ends_with("])") || text.ends_with("[*])"));
}

class matrix_reader {
public:
    matrix_reader(context& c, std::uint64_t most) : c_(c), most_(most) {}

    loop read(yaml::value v);

private:
    void read_axes(yaml::value list);
    void read_include(yaml::value list);
    void read_inclusion(yaml::value entry);
    void tell_fates() const;
    [[nodiscard]] std::vector<json> values_of(const param&);

    using rules = plan::combined_rows::rules;
    context& c_;
    const std::uint64_t most_;
    std::shared_ptr<plan::combined_rows> rows_ = std::make_shared<plan::combined_rows>(
        rules{.naming = plan::combined_rows::naming::numbered,
              .merging = plan::combined_rows::merging::must_agree,
              .sorted = true,
              .share_nothing = true});
    plan::odometer* matrix_ = nullptr;
    std::map<std::string, std::uint32_t> axes_;
    std::vector<yaml::value> inclusions_;
    bool empty_ = false;
};

std::vector<json> matrix_reader::values_of(const param& p) {
    std::vector<json> values;
    if (marked(p.value, tekton_mark)) {
        unknown_size(c_, "the parameter `" + p.name + "`", p.value);
        return values;
    }
    if (!p.value.is(yaml::kind::sequence)) {
        c_.wrong_kind(p.value, "the parameter `" + p.name + "` of a matrix", "a list");
        return values;
    }
    if (p.value.size() > most_) {
        too_many(c_, p.value.where(), p.value.size(), most_);
        return values;
    }
    for (yaml::value v = p.value.first(); v; v = v.next()) {
        if (!v.is(yaml::kind::text)) {
            c_.report(plan::code::wrong_type, v.where(),
                      "a value of `" + p.name + "` must be text, not " +
                          std::string{yaml::name_of(v.what())},
                      v.is_scalar() ? "put it in quotes" : "");
            return values;
        }
        if (may_be_list(v)) {
            c_.report(plan::code::unresolved_value, v.where(),
                      cited(v.text()) +
                          " stands for one value here: if it is a list, Tekton makes "
                          "an instance of each of its values");
        }
        values.emplace_back(std::string{v.text()});
    }
    if (values.empty()) {
        c_.report(plan::code::no_effect, p.value.where(),
                  "the parameter `" + p.name + "` has no values: Tekton skips the task");
        empty_ = true;
    }
    return values;
}

// The first parameter turns fastest: it is the odometer's last dimension.
void matrix_reader::read_axes(yaml::value list) {
    std::vector<param> params;
    if (!list || !read_params(c_, "`params`", list, params) || params.empty()) {
        return;
    }
    matrix_ = &rows_->add_matrix();
    std::vector<std::vector<json>> values;
    for (const param& p : params) {
        values.push_back(values_of(p));
    }
    const auto many = [](const std::vector<json>& v) { return v.size() > 1; };
    if (std::count_if(values.begin(), values.end(), many) > 1) {
        c_.report(plan::code::other_order, list.where(),
                  "the first parameter changes fastest in Tekton, although its documentation shows "
                  "the last one doing so");
    }
    for (std::size_t i = params.size(); i-- > 0;) {
        axes_[params[i].name] = static_cast<std::uint32_t>(matrix_->dimensions().size());
        matrix_->add(params[i].name, std::move(values[i]));
    }
}

void matrix_reader::read_inclusion(yaml::value entry) {
    include_draft d;
    std::vector<param> params;
    if (!harness::read_keys(c_, "an entry of `include`", entry, include_keys, d) ||
        (d.params && !read_params(c_, "`params` of `include`", d.params, params))) {
        return;
    }
    addition made;
    made.row = json::object();
    made.extra = json::object();
    for (const param& p : params) {
        if (!p.value.is_scalar()) {
            c_.wrong_kind(p.value, "`" + p.name + "` of `include`", "text");
            return;
        }
        const std::string text{p.value.text()};
        made.row[p.name] = text;
        const auto axis = axes_.find(p.name);
        if (axis == axes_.end()) {
            made.extra[p.name] = text;
            continue;
        }
        made.fits.push_back({axis->second, {}});
        if (const auto number = matrix_->number_of(axis->second, text)) {
            made.fits.back().values.push_back(*number);
        }
    }
    inclusions_.push_back(entry);
    if (!empty_) {
        rows_->add(std::move(made));
    }
}

void matrix_reader::read_include(yaml::value list) {
    if (!list) {
        return;
    }
    if (!list.is(yaml::kind::sequence)) {
        c_.wrong_kind(list, "`include`", "a list");
        return;
    }
    if (list.size() > 10'000) {
        c_.report(plan::code::bad_strategy, list.where(), "`include` has more than 10000 entries");
        return;
    }
    for (yaml::value entry = list.first(); entry; entry = entry.next()) {
        read_inclusion(entry);
    }
}

void matrix_reader::tell_fates() const {
    for (std::size_t i = 0; i < rows_->fates().size(); ++i) {
        if (rows_->fates()[i] == fate::dropped) {
            c_.report(plan::code::no_effect, inclusions_[i].where(),
                      "this entry of `include` fits no combination and shares a value with one: "
                      "Tekton leaves it out",
                      "only an entry none of whose values is in the matrix becomes a task of its "
                      "own");
        }
    }
}

loop matrix_reader::read(yaml::value v) {
    matrix_draft d;
    if (!harness::read_keys(c_, "`matrix`", v, matrix_keys, d)) {
        return {};
    }
    read_axes(d.params);
    if (!c_.findings().any_error()) {
        read_include(d.include);
    }
    if (c_.findings().any_error()) {
        return {};
    }
    if (!matrix_ && inclusions_.empty()) {
        c_.report(plan::code::bad_strategy, v.where(), "a matrix without `params` and `include`");
        return {};
    }
    if (matrix_) {
        matrix_->finish(plan::odometer::too_many);
    }
    if (!rows_->finish(most_)) {
        too_many(c_, v.where(), rows_->count(), most_);
        return {};
    }
    tell_fates();
    return {rows_, 0};
}

}  // namespace

loop read_tekton(context& c, yaml::value root, std::uint64_t most) {
    const yaml::value inner = member(root, "matrix");
    return matrix_reader{c, most}.read(inner ? inner : root);
}

}  // namespace weir::dialects
