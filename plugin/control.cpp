// SPDX-License-Identifier: BSL-1.0
#include <weir/weir.h>

#include "adapters/plan/json.hpp"
#include "plugin/guard.hpp"
#include "plugin/hosted_run.hpp"
#include "plugin/tables.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace weir::plugin {

namespace {

// A text argument that a person will read.
struct words {
    words(const char* data, std::uint32_t length) : text{text_of(data, length)} {}

    [[nodiscard]] weir_status status() const noexcept {
        return !text ? WEIR_E_INVALID_ARGUMENT : is_text(*text) ? WEIR_OK : WEIR_E_NOT_UTF8;
    }

    std::optional<std::string_view> text;
};

weir_status give(weir_run run, runs::action what, const words& target, const words& why,
                 std::uint64_t number, const words& word = {nullptr, 0}) noexcept {
    return guarded([&] {
        for (const auto* given : {&target, &why, &word}) {
            if (const auto status = given->status(); status != WEIR_OK)
                return status;
        }
        const auto found = all().runs.find(run);
        if (!found)
            return WEIR_E_STALE;
        auto order = std::make_unique<runs::order>();
        order->what = what;
        order->target = *target.text;
        order->why = *why.text;
        order->number = number;
        order->word = *word.text;
        return found->give(std::move(order));
    });
}

const words nothing{nullptr, 0};

}  // namespace

}  // namespace weir::plugin

using namespace weir;
using plugin::give;
using plugin::nothing;
using runs::action;

weir_status weir_run_pause(weir_run run, const char* why, uint32_t why_length) noexcept {
    return give(run, action::pause, nothing, {why, why_length}, 0);
}

weir_status weir_run_resume(weir_run run, const char* why, uint32_t why_length) noexcept {
    return give(run, action::resume, nothing, {why, why_length}, 0);
}

weir_status weir_run_break_barrier(weir_run run, const char* barrier, uint32_t barrier_length,
                                   const char* why, uint32_t why_length) noexcept {
    return give(run, action::break_barrier, {barrier, barrier_length}, {why, why_length}, 0);
}

weir_status weir_run_release_barrier(weir_run run, const char* barrier, uint32_t barrier_length,
                                     const char* why, uint32_t why_length) noexcept {
    return give(run, action::release_barrier, {barrier, barrier_length}, {why, why_length}, 0);
}

weir_status weir_run_set_concurrency(weir_run run, const char* path, uint32_t path_length,
                                     uint32_t concurrency) noexcept {
    return give(run, action::set_concurrency, {path, path_length}, nothing, concurrency);
}

weir_status weir_run_intervene(weir_run run, const char* path, uint32_t path_length,
                               uint32_t attempt, const char* what, uint32_t what_length,
                               const char* why, uint32_t why_length) noexcept {
    return give(run, action::intervene, {path, path_length}, {why, why_length}, attempt,
                {what, what_length});
}

weir_status weir_run_snapshot(weir_run run, uint64_t tag) noexcept {
    return give(run, action::snapshot, nothing, nothing, tag);
}

weir_status weir_step_progress(weir_step step, const char* progress,
                               uint32_t progress_length) noexcept {
    return plugin::guarded([&] {
        const plugin::words said{progress, progress_length};
        if (const auto status = said.status(); status != WEIR_OK)
            return status;
        if (!said.text->empty() && !plugin::is_object(*said.text))
            return WEIR_E_NOT_JSON;
        const auto open = plugin::all().steps.find(step);
        if (!open)
            return WEIR_E_STALE;
        if (open.process.is_foreign())
            return WEIR_E_FORKED;
        return give(open.run, action::progress, said, nothing, step);
    });
}
