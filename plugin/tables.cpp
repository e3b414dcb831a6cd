// SPDX-License-Identifier: BSL-1.0
#include "plugin/tables.hpp"

#include "plugin/open_loop.hpp"
#include "plugin/scopes/records.hpp"
#include "plugin/scopes/scope_tree.hpp"

#include <pthread.h>

namespace weir::plugin {

constinit std::atomic<std::uint32_t> fork_depth{0};

namespace {

union immortal {
    constexpr immortal() noexcept : value{} {}
    ~immortal() {}

    tables value;
};

constinit immortal the_tables;

template <class F>
void each_table(F&& f) noexcept {
    auto& t = the_tables.value;
    f(t.runtimes), f(t.queues), f(t.plans), f(t.runs), f(t.steps), f(t.texts);
    f(t.loops), f(t.scopes), f(t.lanes), f(t.barriers), f(t.gates), f(t.trees);
}

void lock_all() noexcept {
    each_table([](auto& table) { table.lock(); });
}

void unlock_all() noexcept {
    each_table([](auto& table) { table.unlock(); });
}

void born() noexcept {
    unlock_all();
    fork_depth.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace

void survive_forks() noexcept {
    [[maybe_unused]] static const int registered = ::pthread_atfork(lock_all, unlock_all, born);
}

tables& all() noexcept {
    return the_tables.value;
}

}  // namespace weir::plugin
