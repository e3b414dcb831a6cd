// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/json_fwd.hpp"
#include "adapters/plan/plan.hpp"
#include "adapters/run/control.hpp"
#include "adapters/run/event.hpp"
#include "adapters/run/host.hpp"
#include "adapters/run/options.hpp"
#include "adapters/run/order.hpp"
#include "adapters/run/recycled.hpp"
#include "adapters/run/results.hpp"
#include "adapters/run/roster.hpp"
#include "adapters/run/stalls.hpp"
#include "fibers/worker.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <memory_resource>
#include <new>
#include <string>
#include <string_view>

namespace weir::runs {

struct activation;
struct lock_hold;

// One execution of a plan: its lanes live on one worker, which is its serial decider, so that the
// same plan, seed and ordered inputs give the same events (DESIGN.md, rule 5).
//
// Made and destroyed on any thread. From `start` to its run_finished event it must not be
// destroyed; that event is the last thing that the run does, and nothing touches it afterwards.
class run {
public:
    run(std::shared_ptr<const plan::plan>, fibers::worker& home, host&, run_options);
    ~run();
    run(const run&) = delete;
    run& operator=(const run&) = delete;

    // Once. [any thread, never blocks]
    void start() noexcept;

    // From the second call on, nothing. Not after host::closing returned. [any thread, never
    // blocks]
    void cancel(std::string why) noexcept;

    // Not after host::closing returned. Throws when there is no memory for the answer: then it was
    // not given. [any thread, never blocks]
    void give(std::unique_ptr<order> what);

    // What follows is for the lanes of this run. [worker]

    [[nodiscard]] const plan::plan& document() const noexcept { return *plan_; }
    [[nodiscard]] fibers::worker& home() noexcept { return home_; }
    [[nodiscard]] host& to() noexcept { return host_; }
    [[nodiscard]] const run_options& options() const noexcept { return options_; }
    [[nodiscard]] results& past() noexcept { return results_; }
    [[nodiscard]] roster& members() noexcept { return roster_; }
    [[nodiscard]] activation& root() noexcept { return *root_; }
    [[nodiscard]] activation* top() noexcept { return root_; }  // null: before and after all lanes
    [[nodiscard]] stalls& stalled() noexcept { return stalls_; }
    [[nodiscard]] control& orders() noexcept { return control_; }
    [[nodiscard]] fibers::locks& locks() noexcept { return *options_.locks; }
    [[nodiscard]] const json& variables() const noexcept { return *variables_; }
    [[nodiscard]] const json& host_values() const noexcept { return *host_values_; }
    [[nodiscard]] std::string_view id() const noexcept { return options_.id; }

    // Whether a pipeline's rollback may come to stages that have ended.
    [[nodiscard]] bool may_undo() const noexcept { return may_undo_; }
    // What stands for the parts of such a rollback: a section, or some side by side.
    [[nodiscard]] const plan::node& undo_node(plan::node_kind) const noexcept;

    // What its lanes hold, and for how many locks they wait.
    lock_hold* held_locks = nullptr;
    std::uint32_t lock_waits = 0;

    // From then on whatever ends early ends because of that, and nobody is to blame.
    [[nodiscard]] bool is_cancelled() const noexcept;

    // Numbers, stamps and sends an event. False: there is no room for it, it is not told, what it
    // promises is void, and the run ends for want of memory.
    bool emit(event&&) noexcept;

    // Ends the run, as failed, for want of memory: everything is interrupted, and nothing that ends
    // because of that takes any more. At once nothing further starts. [worker]
    void starve() noexcept;
    [[nodiscard]] bool is_starved() const noexcept { return starved_; }

    // Does what may need memory; false, and the run starves, when there is none. [worker]
    template <class F>
    bool attempt(F&& what) noexcept {
        try {
            what();
            return true;
        } catch (const std::bad_alloc&) {
            starve();
            return false;
        }
    }

    // Text that lives as long as the run.
    std::string_view keep(std::string_view text);
    std::string_view keep_if_possible(std::string_view text) noexcept;  // else empty
    std::string_view path_below(std::string_view parent, std::string_view segment);

    activation& begin(activation* parent, const plan::node&, std::string_view path);
    void end(activation&) noexcept;
    std::pmr::memory_resource& pool() noexcept { return pool_; }

    // All of its lanes have ended: it does, too, unless something is still on its way to it.
    // Whoever delivers that calls again. [worker]
    [[nodiscard]] bool is_over() const noexcept { return closing_; }
    void finished() noexcept;

private:
    struct door : fibers::message {
        run* of = nullptr;
    };

    void started() noexcept;
    void cancelled() noexcept;
    void starving() noexcept;
    void could_not_start() noexcept;
    void ordered(std::unique_ptr<order> what) noexcept;
    static void root_lane(void* self) noexcept;

    const std::shared_ptr<const plan::plan> plan_;
    fibers::worker& home_;
    host& host_;
    run_options options_;
    std::unique_ptr<const json> variables_;
    std::unique_ptr<const json> host_values_;

    std::pmr::monotonic_buffer_resource texts_;
    recycled pool_;
    results results_;
    roster roster_;
    control control_;
    stalls stalls_;
    plan::node undo_section_, undo_parallel_;
    bool may_undo_ = false;
    activation* root_ = nullptr;
    std::size_t open_ = 0;  // activations

    std::uint64_t seq_ = 0;
    std::int64_t origin_ns_ = 0;
    outcome ending_ = outcome::none;

    door start_, cancel_, starve_, finish_;
    std::atomic<std::uint32_t> orders_{0};  // given, and not delivered yet
    std::atomic<bool> cancel_posted_{false};
    bool cancel_delivered_ = false;
    bool starved_ = false;
    bool starve_delivered_ = false;
    std::unique_ptr<event_detail> cancelling_ = std::make_unique<event_detail>();
    bool closing_ = false;
    std::string why_;  // of the cancel; written before it is posted
};

}  // namespace weir::runs
