// SPDX-License-Identifier: BSL-1.0
#include "adapters/run/step.hpp"

#include "adapters/run/clocks.hpp"
#include "adapters/run/failing.hpp"
#include "adapters/run/intervention.hpp"
#include "adapters/run/lookup.hpp"
#include "adapters/run/run.hpp"
#include "adapters/run/step_input.hpp"

#include <new>

namespace weir::runs {

namespace {

struct pool_delete {
    run& owner;
    void operator()(step_wait* w) const noexcept {
        w->~step_wait();
        owner.pool().deallocate(w, sizeof(step_wait), alignof(step_wait));
    }
};

failure failure_of(const step_wait& tried, const activation& a) {
    if (tried.fell_silent()) {
        return {"Timeout",
                "the host said nothing of it for " +
                    std::to_string(a.owner.options().heartbeat_ns / nanoseconds_a_millisecond) +
                    " ms"};
    }
    if (tried.timed_out()) {
        return {"Timeout", "timed out after " +
                               std::to_string(timeout_ns(a) / nanoseconds_a_millisecond) + " ms"};
    }
    if (tried.how == outcome::timed_out) {
        return {"Timeout",
                tried.message.empty() ? "the host says that it timed out" : tried.message};
    }
    return {"Unknown", tried.message.empty() ? "the step failed" : tried.message};
}

// How one try ends; `why` is set unless that is well.
outcome try_once(activation& a, std::uint32_t attempt, failure& why) {
    auto& owner = a.owner;
    std::string input;
    bool readable = true;
    owner.home().on_own_stack([&] { readable = step_input(a, attempt, input, why.message); });
    if (!readable) {
        why.kind = "Unknown";
        return outcome::failed;
    }
    const std::unique_ptr<step_wait, pool_delete> tried{
        new (owner.pool().allocate(sizeof(step_wait), alignof(step_wait))) step_wait{a, attempt},
        {owner}};
    if (!tried->run(std::move(input))) {
        why = {"Unknown", "the host can take no further step: too many are under way"};
        return outcome::failed;
    }
    if (!tried->outputs.empty()) {
        if (!a.known_as.empty())
            owner.past().record_outputs(a.known_as, tried->outputs);
        owner.past().record_outputs(a.path, std::move(tried->outputs));
    }
    if (tried->how == outcome::failed || tried->how == outcome::timed_out)
        why = failure_of(*tried, a);
    return tried->how;
}

}  // namespace

outcome run_step(activation& a) {
    std::uint32_t retries = 0;
    for (std::uint32_t attempt = 1;; ++attempt) {
        failure why;
        const outcome how = try_once(a, attempt, why);
        if (a.interrupted != interruption::none)
            return outcome::cancelled;
        if (how == outcome::cancelled)
            return cancelled_by_host(a);
        if (how != outcome::failed && how != outcome::timed_out)
            return how;

        const auto* action = action_for(a, why);
        if (try_again(a, why, attempt, retries, action)) {
            a.owner.past().record_retries(a.name(), attempt);
            continue;
        }
        if (a.interrupted != interruption::none)
            return outcome::cancelled;
        return fail(a, std::move(why), action);
    }
}

}  // namespace weir::runs
