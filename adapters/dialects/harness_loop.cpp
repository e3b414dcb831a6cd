// SPDX-License-Identifier: BSL-1.0
#include "adapters/dialects/harness_loop.hpp"

#include "adapters/dialects/reading.hpp"
#include "adapters/expressions/brackets.hpp"
#include "adapters/expressions/expression.hpp"
#include "adapters/harness/strategy_text.hpp"
#include "adapters/plan/json_text.hpp"
#include "adapters/plan/loops.hpp"

#include <string>
#include <utility>

namespace weir::dialects {

namespace {

// Tells of every list and number that only a run can know; says whether there is one.
bool tell_unknown(const plan::strategy& s, plan::diagnostics& findings) {
    bool any = false;
    const auto tell = [&](std::string what, const std::string& expression, const plan::span& at) {
        any = true;
        findings
            .add(plan::code::unknown_size, at,
                 std::move(what) + " hangs on " + cited(expression) +
                     ", which is known only at run time")
            .help = "put its value here to see the instances";
    };
    const auto look_at = [&tell](const std::string& what, const auto& given, bool known) {
        if (!known) {
            tell(what, given.expression, given.where);
        }
    };
    for (const plan::axis& a : s.axes) {
        look_at(a.name.empty() ? "the matrix" : "the axis `" + a.name + "`", a.values,
                a.values.constant_size());
    }
    look_at("`items`", s.items, s.items.constant_size());
    const bool parallelism = s.kind == plan::strategy_kind::parallelism;
    for (const auto& [name, amount] :
         {std::pair{parallelism ? "`parallelism`" : "`times`", &s.times},
          std::pair{"`partitionSize`", &s.partition_size}, std::pair{"`start`", &s.start},
          std::pair{"`end`", &s.end}}) {
        look_at(name, *amount, amount->constant());
    }
    return any;
}

// What a loop knows of itself.
class own_values final : public expressions::scope {
public:
    own_values(const plan::expansion& of, const plan::instance& at) : of_(of), at_(at) {}

    expressions::found resolve(const std::vector<std::string_view>& path, json& value,
                               std::size_t& used) const override {
        const std::string_view root = path.front();
        if (root == "strategy" && path.size() > 1 && path[1] == "iteration") {
            value = at_.index;
        } else if (root == "strategy" && path.size() > 1 && path[1] == "iterations") {
            value = of_.count();
        } else if ((root == "matrix" || root == "repeat") && path.size() > 1) {
            const auto found = of_.value(at_, path[1]);
            if (!found) {
                return expressions::found::missing;
            }
            value = *found;
        } else {
            return expressions::found::missing;
        }
        used = 2;
        return expressions::found::yes;
    }

private:
    const plan::expansion& of_;
    const plan::instance at_;
};

std::string replaced(std::string_view text, const expressions::scope& names) {
    std::string out;
    while (!text.empty()) {
        const std::size_t open = text.find("<+");
        const std::size_t close =
            open == std::string_view::npos ? open : expressions::closing(text, open);
        if (close == std::string_view::npos) {
            break;
        }
        out += text.substr(0, open);
        const std::string_view expression = text.substr(open, close + 1 - open);
        const auto r = expressions::evaluate(expression, names);
        out +=
            r.status == expressions::status::ok ? plan::text_of(r.value) : std::string{expression};
        text.remove_prefix(close + 1);
    }
    return out.append(text);
}

}  // namespace

plan::expansion::evaluator names_of(const plan::expansion& of, const plan::instance& at) {
    return [&of, at](std::string_view text, std::string&) {
        const own_values names{of, at};
        auto whole = expressions::value_of(text, names);
        if (whole.status == expressions::status::ok) {
            return std::make_unique<json>(std::move(whole.value));
        }
        return std::make_unique<json>(replaced(text, names));
    };
}

std::shared_ptr<const plan::expansion> expand_harness(std::string_view text, const options& how,
                                                      std::uint64_t most,
                                                      plan::diagnostics& findings) {
    const auto strategy = harness::strategy_of(text, findings, how.compat_harness);
    if (!strategy || tell_unknown(*strategy, findings)) {
        return nullptr;
    }
    if (!strategy->max_concurrency.constant()) {
        findings.add(plan::code::unresolved_value, strategy->max_concurrency.where,
                     "how many run at once hangs on " +
                         cited(strategy->max_concurrency.expression) + ": taken as all of them");
        strategy->max_concurrency = {};
    }
    if (!strategy->size_known() && strategy->kind == plan::strategy_kind::matrix) {
        findings.add(plan::code::unresolved_value, strategy->where,
                     "`exclude` compares expressions as they are written: their values may exclude "
                     "other combinations");
    }
    const plan::expansion::options options{
        .max_instances = most, .labels = how.labels, .compat_harness = how.compat_harness};
    plan::refusal why;
    auto made = plan::expansion::make(*strategy, options, plan::as_written(), why);
    if (!made) {
        findings.add(why.what, why.where, why.message);
        return nullptr;
    }
    if (how.labels && made->renamed() > 0) {
        findings.add(plan::code::renamed_instances, strategy->where,
                     std::to_string(made->renamed()) +
                         " instances would have had the name of another, and got a number more");
    }
    return made;
}

}  // namespace weir::dialects
