// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <weir/weir.h>

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/plan/json_fwd.hpp"
#include "fibers/barrier_core.hpp"
#include "plugin/scopes/host_party.hpp"
#include "plugin/scopes/notice.hpp"
#include "plugin/scopes/wait_point.hpp"

namespace weir::plugin {

class scope_tree;

// A barrier at which a host's lanes are records: an arrival parks nothing, its end is an event.
// Those who wait are told in the order in which they were expected. [under the tree's lock]
class host_barrier final : public fibers::barrier_core, public wait_point {
public:
    host_barrier(scope_record& scope, weir_barrier handle, std::string name,
                 const weir_barrier_options& options);

    // WEIR_OK: one event will follow.
    [[nodiscard]] weir_status arrive(host_party& p, std::uint64_t tag) noexcept {
        if (p.now.load(std::memory_order_acquire) != host_party::idle)
            return WEIR_E_BUSY;
        if (!awaits(p)) [[unlikely]]
            return arrive_anyhow(p, tag);
        wait(p, tag);
        return WEIR_OK;
    }
    // The same with a value, for whoever passes.
    void keep_value(const host_party& p, std::string value);

    // Its lane is gone, or its time is up.
    void lose(host_party& p, fibers::reason why) noexcept;
    void time_is_up(host_party& p) noexcept;
    void time_is_up() noexcept;
    // Nobody who is missing can ever come. `why` says it in words, or is empty.
    void stall(std::string why) noexcept;

    [[nodiscard]] json describe() const;

    [[nodiscard]] std::string_view name() const noexcept { return name_; }
    [[nodiscard]] std::uint64_t tag() const noexcept { return tag_; }
    [[nodiscard]] scope_record& scope() const noexcept { return scope_; }
    [[nodiscard]] scope_tree& tree() const noexcept { return tree_; }
    [[nodiscard]] weir_barrier handle() const noexcept { return handle_; }
    [[nodiscard]] weir_scope scope_handle() const noexcept { return scope_handle_; }
    [[nodiscard]] std::int64_t timeout_ns() const noexcept { return timeout_ns_; }
    // An arrival is all there is to do: no clock runs from the first one, and no stall is looked
    // for.
    [[nodiscard]] bool is_simple() const noexcept { return is_simple_; }
    // Its place in the order of declaration, in the whole tree.
    [[nodiscard]] std::uint64_t declared() const noexcept { return declared_; }
    // Of the last decision. [any thread]
    [[nodiscard]] std::int64_t decided_ns() const noexcept {
        return decided_ns_.load(std::memory_order_relaxed);
    }
    [[nodiscard]] bool fails_late() const noexcept { return fails_late_; }
    // A release by hand needs one: those that come by themselves have theirs.
    [[nodiscard]] bool has_notice() const noexcept { return !notices_[0].busy; }

private:
    void wake_all() noexcept override;
    void wake(fibers::party& p) noexcept override;
    void make_room(std::uint32_t members) noexcept override;

    static void decided(barrier_core& b, const fibers::decision& d) noexcept;
    static void complete(barrier_core& b) noexcept;
    void send(weir_event_kind kind, const fibers::decision& d) noexcept;
    void wait(host_party& p, std::uint64_t tag) noexcept {
        p.tag = tag;
        p.now.store(host_party::waiting, std::memory_order_relaxed);
        (void)enter(p);
    }
    [[nodiscard]] weir_status arrive_anyhow(host_party& p, std::uint64_t tag) noexcept;
    [[nodiscard]] ending ending_of(const fibers::decision& d) const noexcept;
    void send(host_party& p, const fibers::decision& d) noexcept;
    notice* notice_for(weir_event_kind kind, const fibers::decision& d) noexcept;
    [[nodiscard]] bool is_plain(const fibers::decision& d) const noexcept;
    [[nodiscard]] std::string detail(weir_event_kind kind, const fibers::decision& d) const;
    void add_values(std::string& text) const;

    scope_tree& tree_;
    scope_record& scope_;
    const weir_barrier handle_;
    const weir_scope scope_handle_;
    const std::string name_;
    const std::uint64_t tag_;
    const std::int64_t timeout_ns_;
    const bool fails_late_;
    const bool is_simple_;
    const std::uint64_t declared_;
    fibers::reason losing_ = fibers::reason::none;
    std::string culprit_;
    std::string stall_;  // why it is one
    std::atomic<std::int64_t> decided_ns_{0};
    std::vector<std::pair<const host_party*, std::string>> values_;
    // Of a release, of the last decision, and of a completion: each is seen by the host before the
    // next of its kind can be due, unless a hand releases.
    notice notices_[3];
};

[[nodiscard]] weir_reason reason_code(fibers::reason why) noexcept;

}  // namespace weir::plugin
