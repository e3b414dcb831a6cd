// SPDX-License-Identifier: BSL-1.0
#include "plugin/scopes/scope_tree.hpp"

#include <limits>
#include <new>
#include <utility>

#include "plugin/event_queue.hpp"
#include "plugin/hosted_runtime.hpp"
#include "plugin/scopes/alarm.hpp"
#include "plugin/scopes/host_barrier.hpp"

namespace weir::plugin {

namespace {

constexpr std::size_t parties_a_block = 256;

}  // namespace

void scope_tree::leave_sending() noexcept {
    std::shared_ptr<event_queue> woken;
    std::shared_ptr<event_queue> left;
    std::shared_ptr<hosted_runtime> released;
    const auto chain = std::exchange(out_, {});
    const bool last = closing_;
    event_queue& queue = *queue_;
    if (last) {
        left = std::move(queue_);
        released = std::move(runtime_);
        timekeeper_ = nullptr;
        released->leave();  // who hears that the scope is closed may end the runtime
    }
    if (queue.push(chain, last))
        woken = last ? left : queue_;
    lock_.unlock();
    if (woken)
        woken->raise();
}

void scope_tree::open(std::shared_ptr<hosted_runtime> runtime, std::shared_ptr<event_queue> queue,
                      bool sequential) noexcept {
    runtime_ = std::move(runtime);
    queue_ = std::move(queue);
    queue_->attach();
    timekeeper_ = &runtime_->core().place();
    process_.store({}, std::memory_order_relaxed);
    last_seq_ = 0;
    closing_ = false;
    sequential_ = sequential;
}

std::int64_t scope_tree::now() const noexcept {
    return timekeeper_->now();
}

host_party* scope_tree::make_party(host_lane& whose, host_barrier& where) {
    if (free_parties_.empty()) {
        // Room for all there will be, so that giving back cannot fail.
        free_parties_.reserve((memory_.size() + 1) * parties_a_block);
        memory_.reserve(memory_.size() + 1);
        auto* const block = static_cast<std::byte*>(::operator new (
            parties_a_block * sizeof(host_party), std::align_val_t{alignof(host_party)}));
        memory_.emplace_back(block);
        for (std::size_t i = parties_a_block; i-- > 0;)
            free_parties_.push_back(block + i * sizeof(host_party));
    }
    void* const place = free_parties_.back();
    free_parties_.pop_back();
    return new (place) host_party{whose, where};
}

void scope_tree::give(host_party& p) noexcept {
    p.~host_party();
    free_parties_.push_back(&p);
}

void scope_tree::forget() noexcept {
    decltype(free_parties_){}.swap(free_parties_);
    decltype(memory_){}.swap(memory_);
}

bool scope_tree::watch(host_party& p, std::int64_t timeout_ns) {
    return watch(&p, timeout_ns, [](void* whom) noexcept {
        auto& of = *static_cast<host_party*>(whom);
        of.at->time_is_up(of);
    });
}

bool scope_tree::watch(host_barrier& b, std::int64_t timeout_ns) {
    return watch(&b, timeout_ns,
                 [](void* whom) noexcept { static_cast<host_barrier*>(whom)->time_is_up(); });
}

bool scope_tree::watch(const void* whom, std::int64_t timeout_ns, void (*ring)(void*) noexcept) {
    auto made = std::make_unique<alarm>(*this, *timekeeper_, whom, ring);
    const auto [at, fresh] = alarms_.try_emplace(whom, made.get());
    if (!fresh)
        return false;
    const std::int64_t from = now();
    const auto most = std::numeric_limits<std::int64_t>::max() - from;
    made.release()->set(from + (timeout_ns < most ? timeout_ns : most));
    return true;
}

void scope_tree::unwatch(const void* whom) noexcept {
    if (alarms_.empty())
        return;
    if (const auto found = alarms_.find(whom); found != alarms_.end()) {
        found->second->stop();
        alarms_.erase(found);
    }
}

}  // namespace weir::plugin
