// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/expansion.hpp"

#include "adapters/plan/expansion_input.hpp"
#include "adapters/plan/expansion_state.hpp"
#include "adapters/plan/json_text.hpp"
#include "adapters/plan/json_writer.hpp"

#include <utility>

namespace weir::plan {

expansion::expansion() = default;
expansion::~expansion() = default;

std::shared_ptr<const expansion> expansion::make(const strategy& s, const options& o,
                                                 const evaluator& e, refusal& why) {
    const expansion_input input{e, o.max_instances, why};
    auto made = std::make_unique<state>(s, o);
    if (s.max_concurrency.given && !input.read(s.max_concurrency, "maxConcurrency", made->cap))
        return {};
    const bool done = s.kind == strategy_kind::matrix   ? made->combine(s, input)
                      : s.kind == strategy_kind::repeat ? made->repeat(s, input)
                                                        : made->number(s, input);
    if (!done)
        return {};
    if (made->count > o.max_instances) {
        const std::string many =
            made->count < odometer::too_many ? std::to_string(made->count) : "far too many";
        input.refuse(
            code::too_many_instances, s.where,
            "the loop has " + many + " instances, the limit is " + std::to_string(o.max_instances));
        return {};
    }
    std::shared_ptr<expansion> x(new expansion);
    x->state_ = std::move(made);
    return x;
}

std::shared_ptr<const expansion> expansion::make(const strategy& s, const options& o,
                                                 const evaluator& e, std::string& error) {
    refusal why;
    auto x = make(s, o, e, why);
    if (!x)
        error = std::move(why.message);
    return x;
}

std::shared_ptr<const expansion> expansion::make(std::shared_ptr<const row_source> rows,
                                                 std::uint64_t cap) {
    std::shared_ptr<expansion> x(new expansion);
    x->state_ = std::make_unique<state>(std::move(rows), cap);
    return x;
}

std::uint64_t expansion::count() const noexcept {
    return state_->count;
}
std::uint64_t expansion::max_concurrency() const noexcept {
    return state_->cap;
}
strategy_kind expansion::kind() const noexcept {
    return state_->kind;
}

instance expansion::first() const noexcept {
    if (state_->rows)
        return {0, state_->rows->first()};
    return {0, state_->kind == strategy_kind::matrix ? state_->matrix.allowed(0) : 0};
}

bool expansion::advance(instance& at) const noexcept {
    if (at.index + 1 >= state_->count)
        return false;
    ++at.index;
    if (state_->rows) {
        at.combination = state_->rows->next(at.combination);
        return true;
    }
    ++at.combination;
    if (state_->kind == strategy_kind::matrix)
        at.combination = state_->matrix.allowed(at.combination);
    return true;
}

std::string expansion::suffix(const instance& at, const evaluator& name_of) const {
    std::string out;
    append_suffix(at, name_of, out);
    return out;
}

void expansion::append_suffix(const instance& at, const evaluator& name_of,
                              std::string& out) const {
    const state& s = *state_;
    if (s.rows) {
        s.rows->append_suffix(at, out);
        return;
    }
    if (!s.node_name.empty()) {
        std::string ignored;
        if (const auto name = name_of ? name_of(s.node_name, ignored) : nullptr) {
            out += s.names.suffix(at.index, text_of(*name));
            return;
        }
    }
    if (s.kind != strategy_kind::matrix) {
        out += '_';
        out += std::to_string(at.index);
        return;
    }
    const std::uint64_t before = s.labels ? 0 : s.matrix.equal_before(at.combination);
    const std::string counter = before > 0 ? "_" + std::to_string(before - 1) : std::string{};
    if (s.plain_suffixes()) {
        s.append_indices(at, out);
        out += counter;
    } else if (const label_table* table = s.table()) {
        out += table->suffix(at.index, s.label(at));
    } else {
        out += clean_suffix(s.indices(at) + counter);
    }
}

std::uint64_t expansion::renamed() const {
    if (!state_->node_name.empty())
        return state_->names.renamed();
    const label_table* table = state_->kind == strategy_kind::matrix ? state_->table() : nullptr;
    return table ? table->renamed() : 0;
}

std::unique_ptr<json> expansion::value(const instance& at, std::string_view name) const {
    const state& s = *state_;
    if (s.rows) {
        const json all = values(at);
        const auto found = all.find(name);
        return found == all.end() ? nullptr : std::make_unique<json>(*found);
    }
    if (s.kind == strategy_kind::matrix) {
        for (const auto& d : s.matrix.dimensions()) {
            if (d.name == name)
                return std::make_unique<json>(d.values[s.matrix.digit(at.combination, d)]);
        }
    } else if (s.part != 0 && name == "partition") {
        return std::make_unique<json>(s.partition(at));
    } else if (s.part == 0 && !s.items.empty() && name == "item") {
        return std::make_unique<json>(s.items[at.index]);
    }
    return nullptr;
}

json expansion::values(const instance& at) const {
    const state& s = *state_;
    if (s.rows) {
        std::string text;
        s.rows->append_values(at, text);
        return json::parse(text, nullptr, false);
    }
    json all = json::object();
    if (s.kind == strategy_kind::matrix) {
        for (const auto& d : s.matrix.dimensions()) {
            all[d.name] = d.values[s.matrix.digit(at.combination, d)];
        }
    } else if (s.part != 0) {
        all["partition"] = s.partition(at);
    } else if (!s.items.empty()) {
        all["item"] = s.items[at.index];
    }
    return all;
}

void expansion::append_values(const instance& at, std::string& out) const {
    const state& s = *state_;
    if (s.rows) {
        s.rows->append_values(at, out);
        return;
    }
    if (s.kind != strategy_kind::matrix) {
        append_json(out, values(at));
        return;
    }
    char before = '{';
    for (const auto& d : s.matrix.dimensions()) {
        out += before;
        append_quoted(out, d.name);
        out += ':';
        append_json(out, d.values[s.matrix.digit(at.combination, d)]);
        before = ',';
    }
    out += '}';
}

}  // namespace weir::plan
