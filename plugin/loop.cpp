// SPDX-License-Identifier: BSL-1.0
#include <weir/weir.h>

#include "adapters/dialects/dialect.hpp"
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

weir_status unknown_dialect(weir_error* error, std::string_view name) {
    std::string text = "dialect: '" + std::string{name} + "' is none of ";
    std::string_view comma;
    for (const auto known : dialects::dialect_names()) {
        text.append(comma).append(known);
        comma = ", ";
    }
    return refuse(error, WEIR_E_INVALID_ARGUMENT, text);
}

struct reading {
    dialects::options how;
    std::string file = "<input>";
};

weir_status read_options(const weir_loop_options& given, reading& to, weir_error* error) {
    if ((given.flags & ~loop_flags) != 0)
        return refuse(error, WEIR_E_INVALID_ARGUMENT, "flags: an unknown flag is set");
    const auto name = text_of(given.dialect, given.dialect_length);
    const auto file = text_of(given.file, given.file_length);
    if (!name || !file)
        return refuse(error, WEIR_E_INVALID_ARGUMENT, no_text);
    if (!is_text(*name) || !is_text(*file))
        return refuse(error, WEIR_E_NOT_UTF8, "dialect or file is not UTF-8");
    if (!name->empty()) {
        const auto known = dialects::dialect_named(*name);
        if (!known)
            return unknown_dialect(error, *name);
        to.how.which = *known;
    }
    if (!file->empty())
        to.file = *file;
    to.how.most = given.most;
    to.how.labels = (given.flags & WEIR_LOOP_LABELS) != 0;
    to.how.compat_harness = (given.flags & WEIR_LOOP_COMPAT_HARNESS) != 0;
    return WEIR_OK;
}

}  // namespace

}  // namespace weir::plugin

using namespace weir;
using plugin::all;

weir_status weir_loop_open(const char* strategy, uint32_t strategy_length,
                           const weir_loop_options* given, weir_loop* loop, uint64_t* count,
                           uint64_t* concurrency, weir_text* diagnostics,
                           weir_error* error) noexcept {
    return plugin::guarded(error, [&] {
        const auto text = plugin::text_of(strategy, strategy_length);
        if (!loop || !text)
            return plugin::refuse(error, WEIR_E_INVALID_ARGUMENT,
                                  !loop ? "loop is null" : plugin::no_text);
        const auto known = plugin::options_of(given, sizeof(weir_loop_options));
        if (!known)
            return plugin::refuse(error, WEIR_E_STRUCT_SIZE,
                                  "weir_loop_options has the wrong struct_size");
        plugin::reading reading;
        if (const auto status = plugin::read_options(*known, reading, error); status != WEIR_OK)
            return status;
        plan::diagnostics findings;
        const auto turns = dialects::expand(*text, reading.how, findings);
        // Before the findings: whoever gets WEIR_E_NO_MEMORY has no text to release.
        plugin::pending_handle opened{
            all().loops, turns ? all().loops.add(std::make_shared<plugin::open_loop>(turns)) : 0};
        if (turns && !opened)
            return plugin::refuse(error, WEIR_E_LIMIT, "too many loops");
        if (diagnostics) {
            const auto published = all().texts.add(
                std::make_shared<const std::string>(to_json(findings, {reading.file})));
            if (published == 0)
                return plugin::refuse(error, WEIR_E_LIMIT, "too many texts");
            *diagnostics = published;
        }
        if (!turns)
            return plugin::refuse(error, WEIR_E_DOCUMENT, plugin::first_error(findings));
        *loop = opened.hand_over();
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
