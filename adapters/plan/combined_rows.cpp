// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/combined_rows.hpp"

#include "adapters/plan/json_text.hpp"
#include "adapters/plan/json_writer.hpp"

#include <algorithm>
#include <numeric>
#include <set>

namespace weir::plan {

namespace {

constexpr std::uint64_t most_looks = 50'000'000;  // a fraction of a second

void append_member(std::string& out, std::string_view name, const json& value) {
    if (out.back() != '{')
        out += ',';
    append_quoted(out, name);
    out += ':';
    append_json(out, value);
}

json sorted(const json& row) {
    std::vector<std::string> names;
    for (const auto& [name, value] : row.items())
        names.push_back(name);
    std::sort(names.begin(), names.end());
    json out = json::object();
    for (const std::string& name : names)
        out[name] = row[name];
    return out;
}

// Has `there` none of these names, or the same value for it?
bool agree(const json& there, const json& values) {
    for (const auto& [name, value] : values.items()) {
        if (there.contains(name) && there[name] != value)
            return false;
    }
    return true;
}

// The scalars within a value, in order, as an engine's display shows them: nothing for null and "".
template <class visitor>
void for_each_scalar(const json& value, const visitor& visit) {
    if (value.is_structured()) {
        for (const json& inner : value)
            for_each_scalar(inner, visit);
        return;
    }
    if (value.is_null())
        return;
    const std::string text = text_of(value);
    if (!text.empty())
        visit(text);
}

void append_shown(std::string& out, const json& value) {
    for_each_scalar(value, [&out](const std::string& text) {
        if (!out.empty())
            out += ", ";
        out += text;
    });
}

}  // namespace

combined_rows::matcher combined_rows::matcher_of(std::size_t which) const {
    matcher m{{}, which};
    for (const auto& c : additions_[which].fits) {
        std::vector<bool> in(matrices_.front().dimensions()[c.dimension].alike.size());
        for (const std::uint32_t same : c.values)
            in[same] = true;
        m.fits.emplace_back(c.dimension, std::move(in));
    }
    return m;
}

bool combined_rows::fits(const matcher& m, std::uint64_t combination) const {
    const odometer& matrix = matrices_.front();
    return std::all_of(m.fits.begin(), m.fits.end(), [&](const auto& c) {
        const auto& d = matrix.dimensions()[c.first];
        return c.second[d.same[matrix.digit(combination, d)]];
    });
}

// Which additions fit some combination. Each is asked of the combinations until one takes it.
bool combined_rows::decide_fates(std::uint64_t most) {
    std::vector<matcher> open;
    fates_.assign(additions_.size(), fate::follows);
    if (matrices_.empty() || matrices_.front().count() == 0)
        return true;
    const odometer& matrix = matrices_.front();
    if (matrix.count() > most)
        return false;

    std::set<std::string> brought;  // new names: two entries that bring one may contradict
    bool may_contradict = false;
    for (std::size_t i = 0; i < additions_.size(); ++i) {
        open.push_back(matcher_of(i));
        for (const auto& [name, value] : additions_[i].extra.items()) {
            may_contradict |= !brought.insert(name).second && how_.merging == merging::must_agree;
        }
    }
    std::uint64_t looks = 0;
    for (auto c = matrix.allowed(0); c < matrix.combinations(); c = matrix.allowed(c + 1)) {
        json here = json::object();
        for (std::size_t i = 0; i < open.size(); ++i) {
            if (++looks > most_looks)
                return false;
            const bool decided = fates_[open[i].addition] == fate::merged;
            if ((decided && !may_contradict) || !fits(open[i], c))
                continue;
            const json& extra = additions_[open[i].addition].extra;
            if (may_contradict && !agree(here, extra))
                continue;
            if (may_contradict)
                here.update(extra);
            fates_[open[i].addition] = fate::merged;
        }
        const auto decided = [this](const matcher& m) {
            return fates_[m.addition] == fate::merged;
        };
        if (!may_contradict)
            std::erase_if(open, decided);
        else if (std::all_of(open.begin(), open.end(), decided))
            break;
        if (open.empty())
            break;
    }
    return true;
}

void combined_rows::decide_rows_that_follow() {
    const bool strict = how_.share_nothing && !matrices_.empty();
    std::set<std::pair<std::string, json>> there;
    if (strict && matrices_.front().count() != 0) {
        for (const auto& d : matrices_.front().dimensions()) {
            for (const json& value : d.values)
                there.emplace(d.name, value);
        }
    }
    const auto put = [&there](const json& values) {
        for (const auto& [name, value] : values.items())
            there.emplace(name, value);
    };
    if (strict) {
        for (std::size_t i = 0; i < additions_.size(); ++i) {
            if (fates_[i] == fate::merged)
                put(additions_[i].extra);
        }
    }
    for (std::size_t i = 0; i < additions_.size(); ++i) {
        if (fates_[i] != fate::follows)
            continue;
        const json& row = additions_[i].row;
        bool shares = row.empty();
        for (const auto& [name, value] : row.items()) {
            shares = shares || there.contains({name, value});
        }
        if (strict && shares) {
            fates_[i] = fate::dropped;
            continue;
        }
        if (strict)
            put(row);
        following_.push_back(i);
    }
}

bool combined_rows::finish(std::uint64_t most) {
    begins_.assign(1, 0);
    for (const odometer& m : matrices_) {
        count_ += std::min(m.count(), odometer::too_many - count_);
        begins_.push_back(begins_.back() +
                          std::min(m.combinations(), odometer::too_many - begins_.back()));
        auto& order = order_.emplace_back(m.dimensions().size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        if (!how_.sorted)
            continue;
        std::sort(order.begin(), order.end(), [&m](std::size_t a, std::size_t b) {
            return m.dimensions()[a].name < m.dimensions()[b].name;
        });
    }
    if (count_ > most || !decide_fates(most))
        return false;
    decide_rows_that_follow();
    for (std::size_t i = 0; i < additions_.size(); ++i) {
        if (how_.sorted)
            additions_[i].row = sorted(additions_[i].row);
        if (fates_[i] == fate::merged && !additions_[i].extra.empty())
            merged_.push_back(matcher_of(i));
    }
    count_ += following_.size();
    simple_ = matrices_.size() == 1 && following_.empty();
    if (count_ > most)
        return false;
    if (merged_.empty())
        make_fragments();
    return true;
}

void combined_rows::make_fragments() {
    fragments_.resize(matrices_.size());
    for (std::size_t m = 0; m < matrices_.size(); ++m) {
        for (const std::size_t i : order_[m]) {
            const auto& d = matrices_[m].dimensions()[i];
            auto& made = fragments_[m].emplace_back();
            made.reserve(d.values.size());
            for (const json& value : d.values) {
                std::string member = "{", shown;
                append_member(member, d.name, value);
                append_shown(shown, value);
                made.push_back({member.substr(1), std::move(shown)});
            }
        }
    }
}

std::uint64_t combined_rows::allowed(std::uint64_t position) const noexcept {
    auto m = static_cast<std::size_t>(std::upper_bound(begins_.begin(), begins_.end(), position) -
                                      begins_.begin() - 1);
    for (; m < matrices_.size(); ++m) {
        const odometer& matrix = matrices_[m];
        const std::uint64_t at = matrix.allowed(std::max(position, begins_[m]) - begins_[m]);
        if (at < matrix.combinations())
            return begins_[m] + at;
        position = begins_[m + 1];
    }
    return position;
}

std::pair<const odometer*, std::uint64_t> combined_rows::place(std::uint64_t position) const {
    const auto m = static_cast<std::size_t>(
        std::upper_bound(begins_.begin(), begins_.end(), position) - begins_.begin() - 1);
    if (m >= matrices_.size())
        return {nullptr, position - begins_.back()};
    return {&matrices_[m], position - begins_[m]};
}

json combined_rows::extras(std::uint64_t combination) const {
    json all = json::object();
    for (const matcher& m : merged_) {
        if (!fits(m, combination))
            continue;
        const json& extra = additions_[m.addition].extra;
        if (how_.merging == merging::must_agree && !agree(all, extra))
            continue;
        all.update(extra);
    }
    return all;
}

template <class visitor>
void combined_rows::for_each_value(const instance& at, const visitor& visit) const {
    const auto [matrix, combination] = place(at.combination);
    if (!matrix) {
        for (const auto& [name, value] : additions_[following_[combination]].row.items())
            visit(name, value);
        return;
    }
    const auto& order = order_[static_cast<std::size_t>(matrix - matrices_.data())];
    for (const std::size_t i : order) {
        const auto& d = matrix->dimensions()[i];
        visit(d.name, d.values[matrix->digit(combination, d)]);
    }
    if (merged_.empty())
        return;
    const json added = extras(combination);
    for (const auto& [name, value] : added.items())
        visit(name, value);
}

// False: this row has others besides, or none.
template <class visitor>
bool combined_rows::for_each_fragment(const instance& at, const visitor& visit) const {
    const auto [matrix, combination] = place(at.combination);
    if (!matrix || fragments_.empty())
        return false;
    const auto m = static_cast<std::size_t>(matrix - matrices_.data());
    for (std::size_t n = 0; n < order_[m].size(); ++n)
        visit(fragments_[m][n][matrix->digit(combination, matrix->dimensions()[order_[m][n]])]);
    return true;
}

void combined_rows::append_values(const instance& at, std::string& out) const {
    const auto begin = out.size();
    if (for_each_fragment(at, [&](const fragment& f) {
            out += out.size() == begin ? '{' : ',';
            out += f.member;
        })) {
        out += out.size() == begin ? "{}" : "}";
        return;
    }
    if (how_.sorted && !merged_.empty()) {
        json row = json::object();
        for_each_value(at,
                       [&row](const std::string& name, const json& value) { row[name] = value; });
        append_json(out, sorted(row));
        return;
    }
    out += '{';
    for_each_value(at, [&out](const std::string& name, const json& value) {
        append_member(out, name, value);
    });
    out += '}';
}

void combined_rows::append_suffix(const instance& at, std::string& out) const {
    if (how_.naming == naming::numbered) {
        out += '-';
        out += std::to_string(at.index);
        return;
    }
    const bool brackets = how_.naming == naming::in_brackets;
    const auto begin = out.size();
    out += brackets ? ": [" : " (";
    const auto first = out.size();
    if (!for_each_fragment(at, [&](const fragment& f) {
            if (out.size() != first && !f.shown.empty())
                out += ", ";
            out += f.shown;
        })) {
        std::string shown;
        for_each_value(at,
                       [&](const std::string&, const json& value) { append_shown(shown, value); });
        out += shown;
    }
    if (brackets || out.size() != first)
        out += brackets ? ']' : ')';
    else
        out.resize(begin);
}

}  // namespace weir::plan
