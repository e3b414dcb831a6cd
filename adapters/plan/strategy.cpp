// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/strategy.hpp"

#include "adapters/plan/json.hpp"

#include <algorithm>

namespace weir::plan {

namespace {

bool holds_expression(std::string_view text) noexcept {
    return text.find("<+") != std::string_view::npos;
}

bool holds_expression(const value_list& list) {
    return std::any_of(list.values.begin(), list.values.end(), [](const json& value) {
        return value.is_string() && holds_expression(value.get_ref<const std::string&>());
    });
}

}  // namespace

bool amount::constant() const noexcept { return !holds_expression(expression); }
bool value_list::constant_size() const noexcept { return !holds_expression(expression); }

bool strategy::size_known() const noexcept {
    if (!max_concurrency.constant()) return false;
    switch (kind) {
        case strategy_kind::parallelism: return times.constant();
        case strategy_kind::repeat:
            if (times.given) return times.constant();
            return items.constant_size() && partition_size.constant() && start.constant() &&
                   end.constant();
        case strategy_kind::while_true: return false;
        case strategy_kind::matrix: break;
    }
    // An exclusion compares values: those must be known too, in the axes that it names.
    return exclude_list.constant_size() &&
           std::all_of(axes.begin(), axes.end(),
                       [](const axis& a) { return a.values.constant_size(); }) &&
           std::all_of(exclude.begin(), exclude.end(), [this](const exclusion& e) {
               return std::none_of(
                   e.terms.begin(), e.terms.end(), [this](const exclusion::term& t) {
                       return holds_expression(t.value) ||
                              (t.axis < axes.size() && holds_expression(axes[t.axis].values));
                   });
           });
}

std::string_view name_of(strategy_kind kind) noexcept {
    switch (kind) {
        case strategy_kind::matrix: return "matrix";
        case strategy_kind::repeat: return "repeat";
        case strategy_kind::parallelism: return "parallelism";
        case strategy_kind::while_true: return "while";
    }
    return {};
}

std::string_view name_of(loop_failure policy) noexcept {
    switch (policy) {
        case loop_failure::run_all: return "run_all";
        case loop_failure::skip_queued: return "skip_queued";
        case loop_failure::cancel_all: return "cancel_all";
    }
    return {};
}

std::string_view name_of(slot_policy policy) noexcept {
    switch (policy) {
        case slot_policy::unset: return "unset";
        case slot_policy::hold: return "hold";
        case slot_policy::release: return "release";
    }
    return {};
}

}  // namespace weir::plan
