// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/locks.hpp"

#include "adapters/harness/keys.hpp"
#include "adapters/harness/numbers.hpp"
#include "adapters/plan/json.hpp"

#include <memory>
#include <string>

namespace weir::harness {

namespace {

struct draft {
    yaml::value key, scope, capacity, permits;
};

constexpr key_of<draft> queue_keys[] = {
    {"key", need::required, &draft::key},
    {"scope", need::optional, &draft::scope},
};

constexpr key_of<draft> constraint_keys[] = {
    {"key", need::required, &draft::key},
    {"scope", need::optional, &draft::scope},
    {"capacity", need::optional, &draft::capacity},
    {"permits", need::optional, &draft::permits},
};

plan::lock_scope read_scope(context& c, yaml::value v) {
    const std::string_view text = read_text(c, "the scope of a lock", v);
    if (!v || !v.is_scalar() || is_open_input(text) || text == "Pipeline") {
        return plan::lock_scope::pipeline;
    }
    if (text != "Stage") {
        constexpr std::string_view words[] = {"Pipeline", "Stage"};
        std::string help = c.suggestion(text, words);
        c.report(plan::code::bad_value, v.where(), "`" + std::string{text} + "` cannot hold a lock",
                 help.empty() ? "it is `Pipeline` or `Stage`" : std::move(help));
    }
    return plan::lock_scope::stage;
}

}  // namespace

bool is_lock_step(std::string_view type) noexcept {
    return type == "Queue" || type == "ResourceConstraint";
}

void read_lock_step(context& c, std::string_view type, yaml::value step, yaml::value spec,
                    plan::node_index at) {
    const std::string name = "the spec of a " + std::string{type} + " step";
    if (!spec) {
        missing_key(c, "a " + std::string{type} + " step", step.where(), "spec");
        return;
    }
    draft d;
    if (is_open_input(spec) || !(type == "Queue" ? read_keys(c, name, spec, queue_keys, d)
                                                 : read_keys(c, name, spec, constraint_keys, d))) {
        return;
    }
    auto lock = std::make_unique<plan::lock_request>();
    lock->key = read_text(c, "the key of a lock", d.key);
    if (d.key && d.key.is_scalar() && lock->key.empty()) {
        c.report(plan::code::bad_value, d.key.where(), "the key of a lock is empty",
                 "name what is not to be used by two at once");
    }
    lock->scope = read_scope(c, d.scope);
    lock->permits = read_amount(c, "permits", d.permits, 1);
    lock->capacity = read_amount(c, "capacity", d.capacity, 1);
    c.builder.extras(at).lock = std::move(lock);
}

}  // namespace weir::harness
