// SPDX-License-Identifier: BSL-1.0
#include "plugin/tables.hpp"

#include <pthread.h>

namespace weir::plugin {

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
}

void lock_all() noexcept {
    each_table([](auto& table) { table.lock(); });
}

void unlock_all() noexcept {
    each_table([](auto& table) { table.unlock(); });
}

}  // namespace

void survive_forks() noexcept {
    [[maybe_unused]] static const int registered =
        ::pthread_atfork(lock_all, unlock_all, unlock_all);
}

tables& all() noexcept {
    return the_tables.value;
}

}  // namespace weir::plugin
