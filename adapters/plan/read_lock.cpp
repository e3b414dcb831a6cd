// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/read_members.hpp"
#include "adapters/plan/read_node.hpp"

#include <string>

namespace weir::plan {

namespace {

struct draft {
    source::value key, permits, capacity, scope, automatic;
};
constexpr member_of<draft> members[] = {
    {"key", need::required, &draft::key},
    {"permits", need::optional, &draft::permits},
    {"capacity", need::optional, &draft::capacity},
    {"scope", need::optional, &draft::scope},
    {"automatic", need::optional, &draft::automatic},
};

bool outright(const amount& a) noexcept {
    return a.given && a.expression.empty();
}

}  // namespace

void read_lock(read_context& c, const source::value& v, node_index i) {
    draft d;
    if (!read_members(c, "a lock", v, members, d))
        return;
    auto made = std::make_unique<lock_request>();
    made->key = read_computed(c, "the `key` of a lock", d.key);
    made->permits = read_amount(c, "`permits`", d.permits, 1);
    made->capacity = read_amount(c, "`capacity`", d.capacity, 1);
    const bool known = outright(made->permits) && (outright(made->capacity) || !d.capacity);
    if (known && made->permits.value > (d.capacity ? made->capacity.value : 1))
        c.report(code::bad_value, d.permits,
                 "more `permits` than the lock's `capacity`: it could never be taken");
    made->scope = read_word(c, "the `scope` of a lock", d.scope, lock_scope::stage)
                      .value_or(lock_scope::pipeline);
    made->automatic = read_truth(c, "`automatic`", d.automatic);
    c.builder.extras(i).lock = std::move(made);
}

}  // namespace weir::plan
