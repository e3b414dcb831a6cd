// SPDX-License-Identifier: BSL-1.0
#include "fibers/worker.hpp"

#include <algorithm>
#include <cassert>
#include <new>
#include <utility>

#include "fibers/runtime.hpp"
#include "fibers/scheduling.hpp"

namespace weir::fibers {
namespace {

constexpr std::size_t messages_a_turn = 1024;

}  // namespace

worker::worker(runtime& home, std::unique_ptr<floor> ground) noexcept
    : home_{home}, floor_{std::move(ground)} {}

worker::~worker() = default;

void worker::post(message& m) noexcept {
    inbox_.push(m);
    wake();
}

lane* worker::spawn(void (*body)(void*) noexcept, void* argument) noexcept {
    lane* l = warm_;
    if (l != nullptr) {
        warm_ = l->next_warm_;
        --warm_count_;
    } else if ((l = make_lane()) == nullptr) {
        return nullptr;
    }
    l->body_ = body;
    l->argument_ = argument;
    l->number_ = ++spawned_;
    floor_->lanes.store(lanes() + 1, std::memory_order_relaxed);
    floor_->order->ring.push(l->entry());
    return l;
}

lane* worker::make_lane() noexcept {
    floor& f = *floor_;
    if (!f.order->ring.reserve(lanes() + warm_count_ + 1)) {
        return nullptr;
    }
    void* stack = f.memory.take();
    if (stack == nullptr) {
        return nullptr;
    }
    auto* l = new (static_cast<char*>(stack) + f.memory.size() - sizeof(lane)) lane{*this};
    f.door.prepare(stack, sizeof(lane));
    try {
        auto context = boost::fibers::make_worker_context(
            boost::fibers::launch::post, boost::fibers::seat::stack_allocator{f.door},
            [l] { l->live(); });
        l->context_ = context.get();
        f.order->main->attach(l->context_);
    } catch (...) {  // the switch could not be prepared: of our stacks nothing throws
        f.memory.give(stack);
        return nullptr;
    }
    // Where a new lane's first frames will be.
    l->frame_ = reinterpret_cast<std::uintptr_t>(l->context_) - 448;
    return l;
}

void worker::ended(lane& l) noexcept {
    floor_->lanes.store(lanes() - 1, std::memory_order_relaxed);
    l.next_warm_ = warm_;
    warm_ = &l;
    ++warm_count_;
}

void worker::trim(std::size_t keep) noexcept {
    on_own_stack([this, keep]() noexcept {
        scheduling& order = *floor_->order;
        const std::size_t budget = std::exchange(order.budget, 0);
        const bool any = warm_count_ > keep;
        while (warm_count_ > keep) {
            lane* l = warm_;
            warm_ = l->next_warm_;
            --warm_count_;
            l->body_ = nullptr;
            l->context_->resume();  // comes back when it has ended: the budget is 0
        }
        if (any) {
            order.reap();
        }
        current_ = nullptr;
        order.budget = budget;
    });
}

std::size_t worker::lanes() const noexcept {
    return floor_->lanes.load(std::memory_order_relaxed);
}

worker::figures worker::seen() const noexcept {
    return {floor_->started.load(std::memory_order_relaxed),
            floor_->timers.load(std::memory_order_relaxed),
            floor_->stack_bytes.load(std::memory_order_relaxed)};
}

std::int64_t worker::now() const noexcept {
    return home_.now();
}

void worker::arm(timer& t, std::int64_t deadline_ns) noexcept {
    timers_.arm(t, deadline_ns);
}

void worker::disarm(timer& t) noexcept {
    timers_.disarm(t);
}

void worker::run_on_own_stack(void (*work)(void*) noexcept, void* argument) noexcept {
    floor& f = *floor_;
    lane* self = current_;
    f.work = work;
    f.argument = argument;
    f.errand_of = self;
    f.order->main->resume();
    current_ = self;
}

// One turn of the worker's loop. True when there is more to do at once.
bool worker::turn(std::uint32_t picks) noexcept {
    deliver();
    fire();
    run_lanes(picks);
    floor_->started.store(spawned_, std::memory_order_relaxed);
    floor_->timers.store(timers_.size(), std::memory_order_relaxed);
    floor_->stack_bytes.store(floor_->memory.mapped() * floor_->memory.size(),
                              std::memory_order_relaxed);
    return !idle();
}

void worker::deliver() noexcept {
    for (std::size_t n = 0; n < messages_a_turn; ++n) {
        if (delivering_ == nullptr &&
            (inbox_.empty() || (delivering_ = inbox_.take()) == nullptr)) {
            return;
        }
        message& m = *std::exchange(delivering_, delivering_->next);
        __builtin_prefetch(delivering_);
        m.deliver(m);
    }
}

void worker::fire() noexcept {
    // As many as there were: one that arms itself again for now has its next turn.
    if (std::size_t n = timers_.size(); n != 0) {
        const std::int64_t at = now();
        for (timer* t; n-- != 0 && (t = timers_.take(at)) != nullptr;) {
            t->fire(*t);
        }
    }
}

void worker::run_lanes(std::size_t picks) noexcept {
    floor& f = *floor_;
    scheduling& order = *f.order;
    if (order.ring.empty()) {
        return;
    }
    if (f.shuffles) {
        // Every lane that is ready now, none that becomes ready meanwhile: the order must not hang
        // on the load.
        picks = std::min(picks, order.ring.size());
        order.ring.shuffle([&f](std::size_t n) { return f.random(n); });
    }
    order.budget = picks - 1;
    boost::fibers::context* next = order.ring.pop();
    for (;;) {
        next->resume();
        current_ = nullptr;
        if (f.work == nullptr) {
            break;
        }
        std::exchange(f.work, nullptr)(f.argument);
        next = f.errand_of->context_;
    }
    order.budget = 0;
}

bool worker::idle() noexcept {
    if (!floor_->order->ring.empty() || delivering_ != nullptr || !inbox_.empty()) {
        return false;
    }
    const std::int64_t due = timers_.bound();
    return due < 0 || due > now();
}

}  // namespace weir::fibers
