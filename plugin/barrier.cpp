// SPDX-License-Identifier: BSL-1.0
#include <weir/weir.h>

#include "adapters/plan/json.hpp"
#include "plugin/guard.hpp"
#include "plugin/scopes/scopes.hpp"

#include <string>

namespace weir::plugin {

namespace {

constexpr std::uint32_t known_flags =
    WEIR_BARRIER_CYCLIC | WEIR_BARRIER_STRAGGLERS_FAIL | WEIR_BARRIER_COMPLETES;
constexpr std::uint32_t most_places = std::uint32_t{1} << 31;

const char* fault_in(const weir_barrier_options& o) noexcept {
    if ((o.flags & ~known_flags) != 0)
        return "flags: only WEIR_BARRIER_* are known";
    if (o.timeout_ns < 0)
        return "timeout_ns: 0 or more";
    if (o.parties > most_places || o.quorum > most_places)
        return "parties, quorum: at most 2^31";
    if (o.parties != 0 && o.quorum > o.parties)
        return "quorum: more than there are parties";
    return nullptr;
}

barrier_record* named(const scope_record& scope, std::string_view name) noexcept {
    for (barrier_record* const b : scope.barriers) {
        if (b->barrier->name() == name)
            return b;
    }
    return nullptr;
}

// Null: there is no memory, or no place, for one more.
barrier_record* declare(scope_record& scope, std::string_view name,
                        const weir_barrier_options& options) {
    std::string kept{name};
    scope.barriers.reserve(scope.barriers.size() + 1);
    barrier_record* const made = all().barriers.take();
    if (made == nullptr)
        return nullptr;
    scope_tree& tree = *scope.tree.load(std::memory_order_relaxed);
    made->barrier.emplace(scope, all().barriers.handle(*made), std::move(kept), options);
    made->tree.store(&tree, std::memory_order_release);
    scope.barriers.push_back(made);
    return made;
}

// Does `what` with the barrier that is named.
template <class F>
weir_status with_barrier(weir_barrier barrier, F&& what) noexcept {
    return guarded([&] {
        const held<barrier_record> of{all().barriers, barrier};
        return of ? what(*of->barrier) : of.status();
    });
}

}  // namespace

}  // namespace weir::plugin

using namespace weir;
using plugin::all;
using plugin::host_barrier;
using plugin::with_barrier;

weir_status weir_barrier_declare(weir_scope scope, const char* name, uint32_t name_length,
                                 const weir_barrier_options* given, weir_barrier* barrier,
                                 weir_error* error) noexcept {
    return plugin::guarded(error, [&] {
        const auto text = plugin::text_of(name, name_length);
        if (!barrier || !text || text->empty())
            return plugin::refuse(error, WEIR_E_INVALID_ARGUMENT,
                                  !barrier ? "barrier is null"
                                  : !text  ? plugin::no_text
                                           : "a barrier has a name");
        if (!plugin::is_text(*text))
            return plugin::refuse(error, WEIR_E_NOT_UTF8, "name is not UTF-8");
        const auto options = plugin::options_of(given, sizeof(weir_barrier_options));
        if (!options)
            return plugin::refuse(error, WEIR_E_STRUCT_SIZE,
                                  "weir_barrier_options has the wrong struct_size");
        if (const char* const fault = plugin::fault_in(*options))
            return plugin::refuse(error, WEIR_E_INVALID_ARGUMENT, fault);
        const plugin::held<plugin::scope_record> in{all().scopes, scope};
        if (!in)
            return plugin::refuse(error, in.status(), "scope is stale, or the parent process's");
        if (plugin::named(*in, *text))
            return plugin::refuse(error, WEIR_E_EXISTS, "the scope has a barrier of this name");
        auto* const made = plugin::declare(*in, *text, *options);
        if (made == nullptr)
            return plugin::refuse(error, WEIR_E_NO_MEMORY, "memory ran out");
        *barrier = all().barriers.handle(*made);
        return WEIR_OK;
    });
}

weir_status weir_barrier_find(weir_scope scope, const char* name, uint32_t name_length,
                              weir_barrier* barrier) noexcept {
    return plugin::guarded([&] {
        const auto text = plugin::text_of(name, name_length);
        if (!barrier || !text)
            return WEIR_E_INVALID_ARGUMENT;
        const plugin::held<plugin::scope_record> in{all().scopes, scope};
        if (!in)
            return in.status();
        for (const plugin::scope_record* at = &*in; at != nullptr; at = at->parent) {
            if (const auto* const found = plugin::named(*at, *text)) {
                *barrier = all().barriers.handle(*found);
                return WEIR_OK;
            }
        }
        return WEIR_E_NOT_FOUND;
    });
}

weir_status weir_barrier_open(weir_barrier barrier) noexcept {
    return with_barrier(barrier, [](host_barrier& of) {
        of.open();
        plugin::look_for_stall(of);
        return WEIR_OK;
    });
}

weir_status weir_barrier_reserve(weir_barrier barrier, uint32_t places) noexcept {
    return with_barrier(barrier, [&](host_barrier& of) {
        if (places == 0 || places > plugin::most_places - of.reserved())
            return WEIR_E_INVALID_ARGUMENT;
        if (of.where() != fibers::phase::standing)
            return WEIR_E_DECIDED;
        of.reserve(places);
        return WEIR_OK;
    });
}

weir_status weir_barrier_settle(weir_barrier barrier, uint32_t places) noexcept {
    return with_barrier(barrier, [&](host_barrier& of) {
        if (places == 0 || places > of.reserved())
            return WEIR_E_INVALID_ARGUMENT;
        of.settle(places);
        plugin::look_for_stall(of);
        return WEIR_OK;
    });
}

weir_status weir_barrier_release(weir_barrier barrier) noexcept {
    return with_barrier(barrier, [](host_barrier& of) {
        if (of.where() == fibers::phase::decided)
            return WEIR_E_DECIDED;
        if (!of.has_notice())
            return WEIR_E_BUSY;
        of.release_now();
        return WEIR_OK;
    });
}

weir_status weir_barrier_break(weir_barrier barrier) noexcept {
    return with_barrier(barrier, [](host_barrier& of) {
        if (of.where() == fibers::phase::decided)
            return WEIR_E_DECIDED;
        of.break_now(fibers::reason::by_hand);
        return WEIR_OK;
    });
}

weir_status weir_barrier_complete(weir_barrier barrier, uint32_t generation,
                                  weir_outcome outcome) noexcept {
    return with_barrier(barrier, [&](host_barrier& of) {
        if (outcome < WEIR_SUCCEEDED || outcome > WEIR_IGNORED_FAILURE)
            return WEIR_E_INVALID_ARGUMENT;
        if (of.where() != fibers::phase::releasing || of.generation() != generation)
            return WEIR_E_DECIDED;
        of.finish(generation,
                  outcome == WEIR_SUCCEEDED ? fibers::reason::none : fibers::reason::failed);
        return WEIR_OK;
    });
}

weir_status weir_barrier_describe(weir_barrier barrier, weir_text* text) noexcept {
    return plugin::guarded([&] {
        if (!text)
            return WEIR_E_INVALID_ARGUMENT;
        std::string said;
        const auto status = with_barrier(barrier, [&](host_barrier& of) {
            said = of.describe().dump(-1, ' ', false, json::error_handler_t::replace);
            return WEIR_OK;
        });
        return status == WEIR_OK ? plugin::give_text(std::move(said), *text) : status;
    });
}
