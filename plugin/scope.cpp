// SPDX-License-Identifier: BSL-1.0
#include <weir/weir.h>

#include "adapters/plan/json.hpp"
#include "plugin/event_queue.hpp"
#include "plugin/guard.hpp"
#include "plugin/hosted_runtime.hpp"
#include "plugin/scopes/scopes.hpp"

#include <string>

namespace weir::plugin {

namespace {

scope_record* make_scope(scope_tree& in, scope_record* parent, std::string_view name,
                         std::uint64_t tag) {
    std::string kept{name};
    scope_record* const made = all().scopes.take();
    if (made == nullptr)
        return nullptr;
    made->parent = parent;
    made->first_child = nullptr;
    made->next = nullptr;
    made->first_lane = nullptr;
    made->closed = false;
    made->tag = tag;
    made->name = std::move(kept);
    if (parent != nullptr) {
        made->next = parent->first_child;
        parent->first_child = made;
    }
    made->tree.store(&in, std::memory_order_release);
    return made;
}

const char* fault_in(const weir_scope_options& o) noexcept {
    if ((o.flags & ~WEIR_SCOPE_SEQUENTIAL) != 0)
        return "flags: only WEIR_SCOPE_* are known";
    if (o.flags != 0 && o.parent != 0)
        return "flags: a child's are its root's";
    return o.reserved0 != 0 ? "reserved0: 0" : nullptr;
}

weir_status open_root(weir_runtime runtime, weir_queue queue, std::string_view name,
                      const weir_scope_options& how, weir_scope& scope, weir_error* error) {
    auto where = all().runtimes.find(runtime);
    auto to = all().queues.find(queue);
    if (!where || !to)
        return refuse(error, WEIR_E_STALE, !where ? "runtime is stale" : "queue is stale");
    if (where->is_foreign() || to->is_foreign())
        return refuse(error, WEIR_E_FORKED, "the runtime or the queue is the parent process's");
    scope_tree* const tree = all().trees.take();
    if (tree == nullptr)
        return refuse(error, WEIR_E_NO_MEMORY, "memory ran out");
    if (!where->enter()) {
        all().trees.give(*tree);
        return refuse(error, WEIR_E_CLOSED, "the runtime is being destroyed");
    }
    scope_record* made = nullptr;
    try {
        made = make_scope(*tree, nullptr, name, how.tag);
    } catch (...) {  // as if there had been no place for it
    }
    if (made == nullptr) {
        where->leave();
        all().trees.give(*tree);
        return refuse(error, WEIR_E_NO_MEMORY, "memory ran out");
    }
    tree->open(std::move(where), std::move(to), (how.flags & WEIR_SCOPE_SEQUENTIAL) != 0);
    scope = all().scopes.handle(*made);
    return WEIR_OK;
}

weir_status open_child(weir_scope parent, std::string_view name, std::uint64_t tag,
                       weir_scope& scope, weir_error* error) {
    const held<scope_record> in{all().scopes, parent};
    if (!in)
        return refuse(error, in.status(), "parent is stale, or the parent process's");
    scope_record* const made = make_scope(in.tree(), &*in, name, tag);
    if (made == nullptr)
        return refuse(error, WEIR_E_NO_MEMORY, "memory ran out");
    scope = all().scopes.handle(*made);
    return WEIR_OK;
}

}  // namespace

}  // namespace weir::plugin

using namespace weir;
using plugin::all;

weir_status weir_scope_open(weir_runtime runtime, weir_queue queue, const weir_scope_options* given,
                            weir_scope* scope, weir_error* error) noexcept {
    return plugin::guarded(error, [&] {
        if (!scope)
            return plugin::refuse(error, WEIR_E_INVALID_ARGUMENT, "scope is null");
        const auto options = plugin::options_of(given, sizeof(weir_scope_options));
        if (!options)
            return plugin::refuse(error, WEIR_E_STRUCT_SIZE,
                                  "weir_scope_options has the wrong struct_size");
        if (const char* const fault = plugin::fault_in(*options))
            return plugin::refuse(error, WEIR_E_INVALID_ARGUMENT, fault);
        const auto name = plugin::text_of(options->name, options->name_length);
        if (!name)
            return plugin::refuse(error, WEIR_E_INVALID_ARGUMENT, plugin::no_text);
        if (!plugin::is_text(*name))
            return plugin::refuse(error, WEIR_E_NOT_UTF8, "name is not UTF-8");
        plugin::survive_forks();
        if (options->parent != 0)
            return plugin::open_child(options->parent, *name, options->tag, *scope, error);
        return plugin::open_root(runtime, queue, *name, *options, *scope, error);
    });
}

weir_status weir_scope_close(weir_scope scope) noexcept {
    return plugin::guarded([&] {
        const plugin::held<plugin::scope_record> of{all().scopes, scope};
        if (!of)
            return of.status();
        plugin::close_scope(*of);
        of.tree().stalled().look_at_suspects();
        return WEIR_OK;
    });
}

weir_status weir_scope_describe(weir_scope scope, weir_text* text) noexcept {
    return plugin::guarded([&] {
        if (!text)
            return WEIR_E_INVALID_ARGUMENT;
        std::string said;
        {
            const plugin::held<plugin::scope_record> of{all().scopes, scope};
            if (!of)
                return of.status();
            said = plugin::describe(*of).dump(-1, ' ', false, json::error_handler_t::replace);
        }
        return plugin::give_text(std::move(said), *text);
    });
}
