// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/failure.hpp"

#include "adapters/harness/duration.hpp"
#include "adapters/harness/keys.hpp"
#include "adapters/harness/numbers.hpp"

#include <string>
#include <unordered_map>
#include <vector>

namespace weir::harness {

namespace {

using plan::action_kind;

struct action_word {
    std::string_view name;
    action_kind kind;
};

constexpr action_word actions[] = {
    {"Ignore", action_kind::ignore},
    {"Retry", action_kind::retry},
    {"RetryStepGroup", action_kind::retry_step_group},
    {"MarkAsSuccess", action_kind::mark_as_success},
    {"MarkAsFailure", action_kind::mark_as_failure},
    {"Abort", action_kind::abort},
    {"StageRollback", action_kind::stage_rollback},
    {"StepGroupRollback", action_kind::step_group_rollback},
    {"PipelineRollback", action_kind::pipeline_rollback},
    {"ManualIntervention", action_kind::manual_intervention},
    {"ProceedWithDefaultValues", action_kind::proceed_with_default_values},
};

struct error_word {
    std::string_view written;
    std::string_view kind;  // the word that plans use
};

constexpr error_word errors[] = {
    {"AllErrors", "AllErrors"},
    {"AnyOther", "AllErrors"},
    {"Application", "Application"},
    {"ApplicationError", "Application"},
    {"ApprovalRejection", "ApprovalRejection"},
    {"Authentication", "Authentication"},
    {"AuthenticationError", "Authentication"},
    {"Authorization", "Authorization"},
    {"AuthorizationError", "Authorization"},
    {"BarrierBroken", "BarrierBroken"},
    {"Connectivity", "Connectivity"},
    {"ConnectivityError", "Connectivity"},
    {"DelegateProvisioning", "DelegateProvisioning"},
    {"DelegateProvisioningError", "DelegateProvisioning"},
    {"DelegateRestart", "DelegateRestart"},
    {"InputTimeoutError", "InputTimeoutError"},
    {"PolicyEvaluationFailure", "PolicyEvaluationFailure"},
    {"Timeout", "Timeout"},
    {"TimeoutError", "Timeout"},
    {"Unknown", "Unknown"},
    {"UnknownErrors", "Unknown"},
    {"UserMarkedFailure", "UserMarkedFailure"},
    {"Verification", "Verification"},
    {"VerificationError", "Verification"},
};

struct strategy_draft {
    yaml::value on_failure;
};
constexpr key_of<strategy_draft> strategy_keys[] = {
    {"onFailure", need::required, &strategy_draft::on_failure}};

struct on_failure_draft {
    yaml::value errors, action;
};
constexpr key_of<on_failure_draft> on_failure_keys[] = {
    {"errors", need::required, &on_failure_draft::errors},
    {"action", need::required, &on_failure_draft::action},
};

struct action_draft {
    yaml::value type, spec;
};
constexpr key_of<action_draft> action_keys[] = {
    {"type", need::required, &action_draft::type},
    {"spec", need::optional, &action_draft::spec},
};

struct retry_draft {
    yaml::value count, intervals, after;
};
constexpr key_of<retry_draft> retry_keys[] = {
    {"retryCount", need::required, &retry_draft::count},
    {"retryIntervals", need::optional, &retry_draft::intervals},
    {"onRetryFailure", need::optional, &retry_draft::after},
};

struct intervention_draft {
    yaml::value timeout, after;
};
constexpr key_of<intervention_draft> intervention_keys[] = {
    {"timeout", need::required, &intervention_draft::timeout},
    {"onTimeout", need::required, &intervention_draft::after},
};

struct follow_up_draft {
    yaml::value action;
};
constexpr key_of<follow_up_draft> follow_up_keys[] = {
    {"action", need::required, &follow_up_draft::action}};

plan::failure_action read_action(context&, yaml::value, const plan::failure_action* after);

std::unique_ptr<plan::failure_action> read_follow_up(context& c, std::string_view key,
                                                     yaml::value v,
                                                     const plan::failure_action& after) {
    follow_up_draft d;
    if (!v || !read_keys(c, key, v, follow_up_keys, d) || !d.action) {
        return nullptr;
    }
    return std::make_unique<plan::failure_action>(read_action(c, d.action, &after));
}

void read_retry(context& c, yaml::value spec, plan::span where, plan::failure_action& out) {
    retry_draft d;
    if (!spec) {
        missing_key(c, "the action Retry", where, "spec");
        return;
    }
    if (!read_keys(c, "the spec of Retry", spec, retry_keys, d)) {
        return;
    }
    if (d.count) {
        out.retry_count =
            static_cast<std::uint32_t>(read_count(c, "retryCount", d.count, 1, 10'000));
    }
    if (d.intervals && !is_open_input(d.intervals)) {
        if (!d.intervals.is(yaml::kind::sequence)) {
            c.wrong_kind(d.intervals, "retryIntervals", "a list of durations");
        }
        for (yaml::value i = d.intervals.first(); d.intervals.is(yaml::kind::sequence) && i;
             i = i.next()) {
            out.retry_intervals_ms.push_back(read_duration(c, "the interval", i));
        }
    }
    out.follow_up = read_follow_up(c, "onRetryFailure", d.after, out);
}

void read_spec(context& c, yaml::value spec, const action_word& word, plan::failure_action& out) {
    switch (out.kind) {
    case action_kind::retry:
    case action_kind::retry_step_group:
        read_retry(c, spec, out.where, out);
        return;
    case action_kind::manual_intervention: {
        intervention_draft d;
        if (!spec) {
            missing_key(c, "the action ManualIntervention", out.where, "spec");
        } else if (read_keys(c, "the spec of ManualIntervention", spec, intervention_keys, d)) {
            out.timeout_ms = read_timeout(c, d.timeout);
            out.follow_up = read_follow_up(c, "onTimeout", d.after, out);
        }
        return;
    }
    default:
        if (spec && (!spec.is(yaml::kind::mapping) || spec.size() > 0)) {
            c.report(plan::code::unknown_key, spec.where(),
                     "the action " + std::string{word.name} + " takes no `spec`");
        }
    }
}

// `after` is the action that this one follows up.
plan::failure_action read_action(context& c, yaml::value v, const plan::failure_action* after) {
    plan::failure_action out;
    action_draft d;
    if (!read_keys(c, "the action of a failure strategy", v, action_keys, d) || !d.type) {
        return out;
    }
    const std::string_view type = read_text(c, "the type of an action", d.type);
    out.where = d.type.where();
    const action_word* word = nullptr;
    std::vector<std::string_view> names;
    for (const action_word& a : actions) {
        names.push_back(a.name);
        word = a.name == type ? &a : word;
    }
    if (!word) {
        if (d.type.is_scalar()) {
            c.report(plan::code::bad_value, out.where,
                     "`" + std::string{type} + "` is no action of a failure strategy",
                     c.suggestion(type, names));
        }
        return out;
    }
    out.kind = word->kind;
    const auto retries = [](action_kind k) {
        return k == action_kind::retry || k == action_kind::retry_step_group;
    };
    if (after && retries(out.kind) && retries(after->kind)) {
        plan::diagnostic& told = c.report(plan::code::bad_failure_strategy, out.where,
                                          "a Retry cannot be what follows a Retry");
        told.notes.push_back({"the Retry that it follows", after->where});
        told.help = "raise `retryCount`, or choose another action";
    }
    if (after && out.kind == action_kind::manual_intervention &&
        after->kind == action_kind::manual_intervention) {
        c.report(plan::code::bad_failure_strategy, out.where,
                 "a ManualIntervention cannot be what follows a ManualIntervention")
            .notes.push_back({"the ManualIntervention that it follows", after->where});
    }
    read_spec(c, d.spec, *word, out);
    return out;
}

std::string_view error_kind(context& c, yaml::value v) {
    const std::string_view text = read_text(c, "an error kind", v);
    std::vector<std::string_view> names;
    for (const error_word& e : errors) {
        if (e.written == text) {
            return e.kind;
        }
        names.push_back(e.written);
    }
    if (v.is_scalar()) {
        c.report(plan::code::bad_value, v.where(),
                 "`" + std::string{text} + "` is no kind of error", c.suggestion(text, names));
    }
    return {};
}

}  // namespace

void read_failure_strategies(context& c, yaml::value v, plan::node_index at) {
    if (!v) {
        return;
    }
    if (is_open_input(v)) {
        c.report(plan::code::missing_input, v.where(),
                 "what happens after a failure must be known to load the document");
        return;
    }
    if (!v.is(yaml::kind::sequence)) {
        c.wrong_kind(v, "failureStrategies", "a list");
        return;
    }
    std::unordered_map<std::string_view, plan::span> seen;
    for (yaml::value entry = v.first(); entry; entry = entry.next()) {
        strategy_draft d;
        on_failure_draft on;
        if (!read_keys(c, "a failure strategy", entry, strategy_keys, d) || !d.on_failure ||
            !read_keys(c, "onFailure", d.on_failure, on_failure_keys, on) || !on.errors ||
            !on.action) {
            continue;
        }
        plan::failure_strategy strategy;
        if (!on.errors.is(yaml::kind::sequence) || on.errors.size() == 0) {
            if (on.errors.is(yaml::kind::sequence)) {
                c.report(plan::code::bad_failure_strategy, on.errors.where(),
                         "a failure strategy for no kind of error",
                         "`AllErrors` stands for every kind");
            } else {
                c.wrong_kind(on.errors, "errors", "a list");
            }
            continue;
        }
        for (yaml::value e = on.errors.first(); e; e = e.next()) {
            const std::string_view kind = error_kind(c, e);
            if (kind.empty()) {
                continue;
            }
            const auto [earlier, added] = seen.try_emplace(kind, e.where());
            if (!added) {
                c.report(plan::code::bad_failure_strategy, e.where(),
                         "`" + std::string{kind} + "` has a failure strategy already")
                    .notes.push_back({"it is named here first", earlier->second});
            } else if (kind == "AllErrors" && on.errors.size() > 1) {
                c.report(plan::code::bad_failure_strategy, e.where(),
                         "AllErrors stands alone in its strategy",
                         "give the other kinds a strategy of their own");
            }
            strategy.errors.emplace_back(kind);
        }
        strategy.action = read_action(c, on.action, nullptr);
        c.builder.extras(at).failure_strategies.push_back(std::move(strategy));
    }
}

}  // namespace weir::harness
