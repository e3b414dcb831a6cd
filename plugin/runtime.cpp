// SPDX-License-Identifier: BSL-1.0
#include <weir/weir.h>

#include "plugin/guard.hpp"
#include "plugin/hosted_runtime.hpp"
#include "plugin/tables.hpp"

#include <algorithm>
#include <cstring>
#include <thread>

namespace weir::plugin {

namespace {

constexpr std::uint32_t most_workers = 1024;
constexpr std::uint32_t least_stack = 16u << 10;
constexpr std::uint32_t most_stack = 16u << 20;

const char* fault_in(const weir_runtime_options& o) noexcept {
    const bool polled = (o.flags & WEIR_RUNTIME_POLLED) != 0;
    if ((o.flags & ~WEIR_RUNTIME_POLLED) != 0)
        return "flags: only WEIR_RUNTIME_POLLED is known";
    if (polled && o.workers != 0)
        return "workers: a polled runtime has none";
    if (o.workers > most_workers)
        return "workers: at most 1024";
    if (o.stack_size != 0 && (o.stack_size < least_stack || o.stack_size > most_stack)) {
        return "stack_size: 16,384 to 16,777,216 bytes, or 0";
    }
    if (o.clock > WEIR_CLOCK_VIRTUAL)
        return "clock: WEIR_CLOCK_REAL or WEIR_CLOCK_VIRTUAL";
    if (o.reserved0 != 0 || o.reserved1 != 0)
        return "reserved0, reserved1: must be 0";
    if (o.log_level > WEIR_LOG_ERROR)
        return "log_level: WEIR_LOG_DEBUG to WEIR_LOG_ERROR, or 0";
    return nullptr;
}

fibers::runtime_options core_options(const weir_runtime_options& o) noexcept {
    fibers::runtime_options core;
    const bool polled = (o.flags & WEIR_RUNTIME_POLLED) != 0;
    const auto cores = std::clamp(std::thread::hardware_concurrency(), 1u, most_workers);
    core.workers = polled ? 0 : o.workers != 0 ? o.workers : cores;
    core.stack_size = o.stack_size;
    core.clock =
        o.clock == WEIR_CLOCK_VIRTUAL ? fibers::clock_kind::virtual_ : fibers::clock_kind::real;
    core.seed = o.seed;
    return core;
}

weir_statistics statistics_of(hosted_runtime& of) noexcept {
    auto& core = of.core();
    weir_statistics all{};
    all.workers = core.polled() ? 0 : static_cast<std::uint32_t>(core.workers());
    all.runs = static_cast<std::uint64_t>(of.runs()) - 1;  // this call is one
    all.now_ns = static_cast<std::uint64_t>(core.now());
    for (std::size_t i = 0; i < core.workers(); ++i) {
        const auto seen = core.at(i).seen();
        all.lanes += core.at(i).lanes();
        all.lanes_started += seen.lanes_started;
        all.timers += seen.timers;
        all.stack_bytes += seen.stack_bytes;
    }
    return all;
}

}  // namespace

}  // namespace weir::plugin

using namespace weir;
using plugin::all;

weir_status weir_runtime_create(const weir_runtime_options* given, weir_runtime* runtime,
                                weir_error* error) noexcept {
    return plugin::guarded(error, [&] {
        if (!runtime)
            return plugin::refuse(error, WEIR_E_INVALID_ARGUMENT, "runtime is null");
        const auto options = plugin::options_of(given, sizeof(weir_runtime_options));
        if (!options)
            return plugin::refuse(error, WEIR_E_STRUCT_SIZE,
                                  "weir_runtime_options has the wrong struct_size");
        if (const char* const fault = plugin::fault_in(*options)) {
            return plugin::refuse(error, WEIR_E_INVALID_ARGUMENT, fault);
        }
        plugin::survive_forks();
        auto made = std::make_shared<plugin::hosted_runtime>(options->log, options->log_context,
                                                             options->log_level);
        fibers::status why{};
        auto core = fibers::runtime::create(plugin::core_options(*options), why);
        if (!core) {
            const bool memory = why == fibers::status::no_memory;
            return plugin::refuse(error, memory ? WEIR_E_NO_MEMORY : WEIR_E_LIMIT,
                                  memory ? "no memory for the workers' stacks"
                                         : "no thread or descriptor can be had");
        }
        const auto workers = core->polled() ? 0 : core->workers();
        made->begin(std::move(core));
        const auto handle = all().runtimes.add(made);
        if (handle == 0)
            return plugin::refuse(error, WEIR_E_LIMIT, "too many runtimes");
        *runtime = handle;
        plugin::log_to(made->log(), WEIR_LOG_DEBUG, "runtime made, workers: %zu", workers);
        return WEIR_OK;
    });
}

weir_status weir_runtime_poll(weir_runtime runtime, uint32_t budget, int64_t* next_ns) noexcept {
    return plugin::guarded([&] {
        const auto found = all().runtimes.find(runtime);
        if (!found)
            return WEIR_E_STALE;
        if (found->is_foreign())
            return WEIR_E_FORKED;
        if (!found->take_seat()) {
            found->log().say(WEIR_LOG_WARNING,
                             "weir_runtime_poll: another thread is polling this runtime");
            return WEIR_E_BUSY;
        }
        const bool polled = found->core().polled();
        const bool more = found->core().poll(budget);
        if (next_ns && polled) {
            const auto deadline = found->core().next_deadline();
            *next_ns = more           ? 0
                       : deadline < 0 ? -1
                                      : std::max<std::int64_t>(deadline - found->core().now(), 0);
        }
        found->give_seat();
        return polled ? WEIR_OK : WEIR_E_BAD_STATE;
    });
}

weir_status weir_runtime_statistics(weir_runtime runtime, weir_statistics* statistics) noexcept {
    return plugin::guarded([&] {
        if (!statistics)
            return WEIR_E_INVALID_ARGUMENT;
        const auto size = statistics->struct_size;
        if (size < sizeof(weir_statistics) || size > plugin::longest_options)
            return WEIR_E_STRUCT_SIZE;
        const auto found = all().runtimes.find(runtime);
        if (!found)
            return WEIR_E_STALE;
        if (found->is_foreign())
            return WEIR_E_FORKED;
        if (!found->enter())
            return WEIR_E_CLOSED;
        const auto seen = plugin::statistics_of(*found);
        found->leave();
        std::memset(statistics, 0, size);
        std::memcpy(statistics, &seen, sizeof seen);
        statistics->struct_size = size;
        return WEIR_OK;
    });
}

weir_status weir_runtime_destroy_wait(weir_runtime runtime) noexcept {
    return plugin::guarded([&] {
        const auto found = all().runtimes.find(runtime);
        if (!found)
            return WEIR_E_STALE;
        if (found->is_foreign())
            return WEIR_E_FORKED;
        if (!found->end())
            return WEIR_E_BUSY;
        return all().runtimes.take(runtime) ? WEIR_OK : WEIR_E_STALE;
    });
}
