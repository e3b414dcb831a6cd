// SPDX-License-Identifier: BSL-1.0
#include <weir/weir.h>

#include "plugin/event_queue.hpp"
#include "plugin/guard.hpp"
#include "plugin/host_log.hpp"
#include "plugin/hosted_run.hpp"
#include "plugin/tables.hpp"

#include <system_error>

namespace weir::plugin {

namespace {

// Does `what` with the queue that is named.
template <class F>
weir_status with_queue(weir_queue queue, F&& what) noexcept {
    return guarded([&] {
        const auto found = all().queues.find(queue);
        if (!found)
            return WEIR_E_STALE;
        return found->is_foreign() ? WEIR_E_FORKED : what(*found);
    });
}

}  // namespace

}  // namespace weir::plugin

using namespace weir;
using plugin::all;
using plugin::event_queue;
using plugin::with_queue;

static_assert(sizeof(weir_event) == 120, "the event of ABI 1.0");

weir_status weir_queue_create(const weir_queue_options* given, weir_queue* queue,
                              weir_error* error) noexcept {
    return plugin::guarded(error, [&] {
        if (!queue)
            return plugin::refuse(error, WEIR_E_INVALID_ARGUMENT, "queue is null");
        const auto options = plugin::options_of(given, sizeof(weir_queue_options));
        if (!options)
            return plugin::refuse(error, WEIR_E_STRUCT_SIZE,
                                  "weir_queue_options has the wrong struct_size");
        if ((options->flags & ~WEIR_QUEUE_JSON) != 0) {
            return plugin::refuse(error, WEIR_E_INVALID_ARGUMENT,
                                  "flags: only WEIR_QUEUE_JSON is known");
        }
        plugin::survive_forks();
        auto made = std::make_shared<plugin::event_queue>((options->flags & WEIR_QUEUE_JSON) != 0);
        if (!made->open())
            return plugin::refuse(error, WEIR_E_LIMIT, "no descriptor can be had");
        const auto handle = all().queues.add(std::move(made));
        if (handle == 0)
            return plugin::refuse(error, WEIR_E_LIMIT, "too many queues");
        *queue = handle;
        return WEIR_OK;
    });
}

weir_status weir_queue_descriptor(weir_queue queue, int32_t* descriptor) noexcept {
    if (!descriptor)
        return WEIR_E_INVALID_ARGUMENT;
    return with_queue(queue, [&](event_queue& of) {
        *descriptor = of.descriptor();
        return WEIR_OK;
    });
}

weir_status weir_queue_drain(weir_queue queue, weir_event* events, uint32_t stride,
                             uint32_t capacity, uint32_t* count) noexcept {
    if (!events || !count || capacity == 0)
        return WEIR_E_INVALID_ARGUMENT;
    if (stride < sizeof(weir_event) || stride % alignof(weir_event) != 0)
        return WEIR_E_STRUCT_SIZE;
    return with_queue(queue, [&](event_queue& of) {
        if (of.dispatched())
            return WEIR_E_BAD_STATE;
        const auto status = of.drain(events, stride, capacity, *count);
        if (status == WEIR_E_BUSY)
            plugin::log_to_all(WEIR_LOG_WARNING,
                               "weir_queue_drain: another thread is draining this queue");
        return status;
    });
}

weir_status weir_queue_wake(weir_queue queue) noexcept {
    return with_queue(queue, [](event_queue& of) {
        of.signal();
        return WEIR_OK;
    });
}

weir_status weir_queue_on_wake(weir_queue queue, weir_wake_function wake, void* context) noexcept {
    return with_queue(queue, [&](event_queue& of) {
        return of.on_wake(wake, context) ? WEIR_OK : WEIR_E_BAD_STATE;
    });
}

weir_status weir_queue_dispatch(weir_queue queue, weir_dispatch_function take,
                                void* context) noexcept {
    if (!take)
        return WEIR_E_INVALID_ARGUMENT;
    return with_queue(queue, [&](event_queue& of) {
        try {
            return of.dispatch(take, context);
        } catch (const std::system_error&) {
            return WEIR_E_LIMIT;
        }
    });
}

weir_status weir_queue_dispatch_end_wait(weir_queue queue) noexcept {
    return with_queue(queue, [](event_queue& of) { return of.end_dispatch(); });
}

weir_status weir_queue_destroy(weir_queue queue) noexcept {
    return with_queue(queue, [&](event_queue& of) {
        if (of.busy())
            return WEIR_E_BUSY;
        if (!all().queues.take(queue))
            return WEIR_E_STALE;
        of.settle();
        if (const auto dropped = of.waiting(); dropped != 0)
            plugin::log_to_all(WEIR_LOG_WARNING,
                               "weir_queue_destroy: %zu events were not drained, and are dropped",
                               dropped);
        return WEIR_OK;
    });
}
