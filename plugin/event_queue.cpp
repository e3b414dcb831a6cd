// SPDX-License-Identifier: BSL-1.0
#include "plugin/event_queue.hpp"

#include "fibers/descriptor.hpp"
#include "plugin/contracts.hpp"
#include "plugin/dispatcher.hpp"
#include "plugin/event_json.hpp"
#include "plugin/hosted_run.hpp"
#include "plugin/scopes/records.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <iterator>
#include <new>
#include <thread>

#include <unistd.h>

namespace weir::plugin {

namespace {

constexpr std::size_t least_room = 16;

}  // namespace

event_queue::event_queue(bool with_json) : with_json_{with_json} {
    outgoing_.reserve(least_room);
}

event_queue::~event_queue() {
    delivery_.forget();
    delivery_.drop(telling_);
    delivery_.drop(told_.first);
    if (descriptor_ >= 0)
        ::close(descriptor_);
}

bool event_queue::open() noexcept {
    descriptor_ = fibers::open_descriptor();
    return descriptor_ >= 0;
}

void event_queue::signal() noexcept {
    const std::uint64_t one = 1;
    // It fails only when the counter is full: then the descriptor is readable already.
    [[maybe_unused]] const auto written = ::write(descriptor_, &one, sizeof one);
    if (!wake_)
        return;
    const visit_to_host now{hook::wake};
    wake_(wake_context_);
}

void event_queue::settle() const noexcept {
    while (raising_ != 0)
        std::this_thread::yield();
}

// True: a signal is due. [under the lock]
bool event_queue::disarm() noexcept {
    const bool due = std::exchange(armed_, false);
    raising_ += due ? 1 : 0;
    return due;
}

bool event_queue::on_wake(weir_wake_function wake, void* context) noexcept {
    if (busy())
        return false;
    wake_ = wake;
    wake_context_ = context;
    return true;
}

void event_queue::attach(std::shared_ptr<hosted_run> run) {
    const std::lock_guard lock{mutex_};
    make_room(promised_ + 3);
    runs_.push_back(std::move(run));
    promised_ += 3;
    ++attached_;
}

void event_queue::promise(std::uint32_t events) {
    const std::lock_guard lock{mutex_};
    make_room(promised_ + events);
    promised_ += events;
}

// For so many, beside those that wait already. [under the lock]
void event_queue::make_room(std::size_t for_events) {
    const auto needed = incoming_.size() + for_events;
    if (needed > incoming_.capacity())
        incoming_.reserve(std::max({needed, incoming_.capacity() * 2, least_room}));
}

pushed event_queue::push(hosted_run& from, runs::event&& what) noexcept {
    const bool last = what.type == runs::event_type::run_finished;
    const std::lock_guard lock{mutex_};
    const auto left = promised_ - what.redeems + what.promises;
    if (what.redeems == 0) {
        try {
            make_room(left + 1);
        } catch (const std::bad_alloc&) {
            return pushed::no_room;
        }
    }
    promised_ = left;
    incoming_.push_back({&from, std::move(what)});
    if (last)
        --attached_;
    return disarm() ? pushed::raise : pushed::quietly;
}

weir_status event_queue::dispatch(weir_dispatch_function to, void* context) {
    if (dispatched_.exchange(true))
        return WEIR_E_BAD_STATE;
    try {
        auto made = std::make_unique<dispatcher>(*this, to, context);
        const std::lock_guard lock{mutex_};
        dispatcher_ = std::move(made);
    } catch (...) {
        dispatched_ = false;
        throw;
    }
    return WEIR_OK;
}

weir_status event_queue::end_dispatch() noexcept {
    std::unique_ptr<dispatcher> ending;
    {
        const std::lock_guard lock{mutex_};
        if (!dispatcher_ || dispatcher_->is_this_thread())
            return WEIR_E_BAD_STATE;
        ending = std::move(dispatcher_);
    }
    ending.reset();
    dispatched_ = false;
    return WEIR_OK;
}

bool event_queue::push(const posted_chain& chain, bool last) noexcept {
    const std::lock_guard lock{mutex_};
    told_.append(chain);
    if (last)
        --attached_;
    return disarm();
}

// What has come is the consumer's; the room that is promised stays. [under the lock]
void event_queue::take_over() noexcept {
    if (outgoing_.capacity() < promised_) {
        try {
            outgoing_.reserve(std::max(promised_, outgoing_.capacity() * 2));
        } catch (const std::bad_alloc&) {
            // No memory for room of that size twice: a few at a time.
            const auto few = std::min(outgoing_.capacity(), incoming_.size());
            const auto last = incoming_.begin() + static_cast<std::ptrdiff_t>(few);
            std::move(incoming_.begin(), last, std::back_inserter(outgoing_));
            incoming_.erase(incoming_.begin(), last);
            return;
        }
    }
    outgoing_.swap(incoming_);
}

// True: there is something to take. Otherwise the descriptor is armed.
bool event_queue::refill() noexcept {
    outgoing_.clear();
    taken_ = 0;
    const std::lock_guard lock{mutex_};
    take_over();
    telling_ = std::exchange(told_, {}).first;
    if (!outgoing_.empty() || telling_)
        return true;
    armed_ = true;
    std::uint64_t raised = 0;
    [[maybe_unused]] const auto read = ::read(descriptor_, &raised, sizeof raised);
    return false;
}

void event_queue::retire(const hosted_run& run) noexcept {
    const std::lock_guard lock{mutex_};
    const auto found = std::ranges::find(runs_, &run, &std::shared_ptr<hosted_run>::get);
    (*found)->taken_before = std::move(retired_);
    retired_ = std::move(*found);
    runs_.erase(found);
}

// One by one: each holds the one before.
void event_queue::clear_retired() noexcept {
    while (retired_) {
        auto before = std::move(retired_->taken_before);
        retired_ = std::move(before);
    }
}

void event_queue::fill(entry& from, std::string* text, weir_event& out) {
    auto& what = from.what;
    out.seq = what.seq;
    out.t_ns = what.t_ns;
    out.run = from.from->handle();
    out.tag = what.type == runs::event_type::snapshot ? what.detail->tag : from.from->tag();
    out.step = what.step;
    out.kind = static_cast<weir_event_kind>(what.type);
    out.outcome = static_cast<weir_outcome>(what.how);
    out.attempt = what.attempt;
    out.flags = (what.hard ? WEIR_EVENT_HARD : 0) | (what.late ? WEIR_EVENT_LATE : 0);
    out.path = what.path.data();
    out.path_length = static_cast<std::uint32_t>(what.path.size());
    if (what.type == runs::event_type::control)
        what.detail->input = control_json(*what.detail);
    if (what.detail && !what.detail->input.empty()) {
        out.input = what.detail->input.c_str();
        out.input_length = static_cast<std::uint32_t>(what.detail->input.size());
    }
    if (what.starved)
        out.reason = WEIR_REASON_NO_MEMORY;
    if (!text)
        return;
    write_json(what, from.from->id(), *text);
    out.json = text->c_str();
    out.json_length = static_cast<std::uint32_t>(text->size());
}

void event_queue::take(unsigned char* to, std::size_t stride, std::uint32_t most,
                       std::uint32_t& count) {
    if (with_json_ && texts_.size() < most)
        texts_.resize(most);
    for (; count < most; ++count, to += stride) {
        auto& next = outgoing_[taken_];
        weir_event out{};
        fill(next, with_json_ ? &texts_[count] : nullptr, out);
        std::memset(to, 0, stride);
        std::memcpy(to, &out, std::min(stride, sizeof out));
        ++taken_;
        if (next.what.type == runs::event_type::run_finished)
            retire(*next.from);
    }
}

weir_status event_queue::drain(void* events, std::size_t stride, std::uint32_t capacity,
                               std::uint32_t& count) {
    if (draining_.exchange(true))
        return WEIR_E_BUSY;
    std::uint32_t taken = 0;
    weir_status status = WEIR_OK;
    try {
        clear_retired();
        delivery_.forget();
        // What is left of lanes that have ended makes no event: then there may be more, and nothing
        // was armed.
        while (taken == 0 && (taken_ < outgoing_.size() || telling_ || refill())) {
            auto* const to = static_cast<unsigned char*>(events);
            const auto most = std::min<std::size_t>(capacity, outgoing_.size() - taken_);
            take(to, stride, static_cast<std::uint32_t>(most), taken);
            taken += delivery_.take(telling_, to + taken * stride, stride, capacity - taken);
        }
    } catch (const std::bad_alloc&) {
        if (taken == 0)
            status = WEIR_E_NO_MEMORY;  // else those that were taken; the rest stays
    }
    if (status == WEIR_OK)
        count = taken;
    draining_ = false;
    return status;
}

}  // namespace weir::plugin
