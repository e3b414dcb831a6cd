// SPDX-License-Identifier: BSL-1.0
#include <weir/weir.h>

#include "adapters/harness/strategy_text.hpp"
#include "adapters/plan/json.hpp"
#include "plugin/guard.hpp"
#include "plugin/open_loop.hpp"
#include "plugin/tables.hpp"

#include <string>

namespace weir::plugin {

namespace {

constexpr std::uint32_t loop_flags = WEIR_LOOP_COMPAT_HARNESS | WEIR_LOOP_LABELS;

std::string words_of(const plan::diagnostic& d) {
    auto text = std::string{plan::text_of(d.what)} + " at " + std::to_string(d.where.line) + ":" +
                std::to_string(d.where.column) + ": " + d.message;
    return d.help.empty() ? text : text + "; " + d.help;
}

std::string first_error(const plan::diagnostics& findings) {
    for (const auto& d : findings.all()) {
        if (plan::severity_of(d.what) == plan::severity::error)
            return words_of(d);
    }
    return "the strategy is refused";
}

std::unique_ptr<json> not_evaluated(std::string_view text, std::string& error) {
    error = "'" + std::string{text} + "' cannot be evaluated here: give its value";
    return nullptr;
}

// Null, and why.
std::shared_ptr<const plan::expansion> expand(std::string_view text, const weir_loop_options& how,
                                              std::string& why) {
    plan::diagnostics findings;
    const auto strategy = harness::strategy_of(text, findings);
    if (!strategy) {
        why = first_error(findings);
        return nullptr;
    }
    plan::expansion::options options;
    options.labels = (how.flags & WEIR_LOOP_LABELS) != 0;
    options.compat_harness = (how.flags & WEIR_LOOP_COMPAT_HARNESS) != 0;
    if (how.most != 0)
        options.max_instances = how.most;
    plan::refusal refused;
    auto made = plan::expansion::make(*strategy, options, not_evaluated, refused);
    if (!made)
        why = words_of({refused.what, refused.message, refused.where, {}, {}, {}});
    return made;
}

}  // namespace

}  // namespace weir::plugin

using namespace weir;
using plugin::all;

weir_status weir_loop_open(const char* strategy, uint32_t strategy_length,
                           const weir_loop_options* given, weir_loop* loop, uint64_t* count,
                           uint64_t* concurrency, weir_error* error) noexcept {
    return plugin::guarded(error, [&] {
        const auto text = plugin::text_of(strategy, strategy_length);
        if (!loop || !text)
            return plugin::refuse(error, WEIR_E_INVALID_ARGUMENT, "loop or strategy is null");
        const auto how = plugin::options_of(given, sizeof(weir_loop_options));
        if (!how)
            return plugin::refuse(error, WEIR_E_STRUCT_SIZE,
                                  "weir_loop_options has the wrong struct_size");
        if ((how->flags & ~plugin::loop_flags) != 0)
            return plugin::refuse(error, WEIR_E_INVALID_ARGUMENT, "flags: an unknown flag is set");
        std::string why;
        const auto turns = plugin::expand(*text, *how, why);
        if (!turns)
            return plugin::refuse(error, WEIR_E_DOCUMENT, why);
        const auto handle = all().loops.add(std::make_shared<plugin::open_loop>(turns));
        if (handle == 0)
            return plugin::refuse(error, WEIR_E_LIMIT, "too many loops");
        *loop = handle;
        if (count)
            *count = turns->count();
        if (concurrency)
            *concurrency = turns->max_concurrency();
        return WEIR_OK;
    });
}

weir_status weir_loop_next(weir_loop loop, weir_instance* instances, uint32_t stride,
                           uint32_t capacity, uint32_t* count) noexcept {
    return plugin::guarded([&] {
        if (!instances || !count || capacity == 0)
            return WEIR_E_INVALID_ARGUMENT;
        if (stride < sizeof(weir_instance) || stride % alignof(weir_instance) != 0)
            return WEIR_E_STRUCT_SIZE;
        const auto found = all().loops.find(loop);
        if (!found)
            return WEIR_E_STALE;
        if (!found->enter())
            return WEIR_E_BUSY;
        const struct leaving {
            plugin::open_loop& of;
            ~leaving() { of.leave(); }
        } at_the_end{*found};
        *count = found->next(reinterpret_cast<unsigned char*>(instances), stride, capacity);
        return WEIR_OK;
    });
}

weir_status weir_loop_close(weir_loop loop) noexcept {
    return plugin::guarded([&] {
        if (loop == 0)
            return WEIR_OK;
        const auto found = all().loops.find(loop);
        if (!found)
            return WEIR_E_STALE;
        if (!found->enter())
            return WEIR_E_BUSY;
        return all().loops.take(loop) ? WEIR_OK : WEIR_E_STALE;
    });
}
