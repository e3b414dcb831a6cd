// SPDX-License-Identifier: BSL-1.0
#include "fibers/joint.hpp"

#include <cassert>

#include "fibers/worker.hpp"

namespace weir::fibers {
namespace {

constexpr unsigned open_bits = 30;
constexpr std::uint64_t open_mask = (std::uint64_t{1} << open_bits) - 1;

}  // namespace

std::uint64_t joint::pack(standing s) noexcept {
    return std::uint64_t{s.generation} << 32 | std::uint64_t(s.where) << open_bits | s.open;
}

joint::standing joint::unpack(std::uint64_t word) noexcept {
    return {static_cast<std::uint32_t>(word >> 32), static_cast<phase>(word >> open_bits & 3),
            static_cast<std::uint32_t>(word & open_mask)};
}

joint::joint(std::uint32_t barriers)
    : word_{pack({1, phase::standing, barriers})}, count_{barriers}, shards_{new shard[barriers]} {}

void joint::add(barrier_core& core, worker& home) noexcept {
    const std::uint32_t index = added_.fetch_add(1, std::memory_order_relaxed);
    assert(index < count_);
    shard& s = shards_[index];
    s.whole = this;
    s.core = &core;
    s.home = &home;
    s.freeze.of = s.tell.of = &s;
    s.freeze.deliver = [](message& m) noexcept {
        shard& to = *static_cast<shard::errand&>(m).of;
        to.whole->freeze(to);
    };
    s.tell.deliver = [](message& m) noexcept {
        shard& to = *static_cast<shard::errand&>(m).of;
        to.whole->told(to);
    };
    core.shard_ = index;
}

phase joint::where(const barrier_core& at) const noexcept {
    const standing s = unpack(word_.load(std::memory_order_acquire));
    return s.generation == at.generation_ ? s.where : phase::decided;
}

void joint::close(barrier_core& at) noexcept {
    arrived_.fetch_add(at.arrived_, std::memory_order_relaxed);
    std::uint64_t word = word_.load(std::memory_order_relaxed);
    standing next{};
    do {
        next = unpack(word);
        if (next.generation != at.generation_ || next.where != phase::standing) {
            return;  // decided otherwise; the word of it is under way
        }
        if (--next.open == 0) {
            next.where = phase::releasing;
        }
    } while (!word_.compare_exchange_weak(word, pack(next), std::memory_order_acq_rel,
                                          std::memory_order_relaxed));
    if (next.where == phase::releasing) {
        full(at);
    }
}

bool joint::reopen(const barrier_core& at) noexcept {
    std::uint64_t word = word_.load(std::memory_order_relaxed);
    standing next{};
    do {
        next = unpack(word);
        if (next.generation != at.generation_ || next.where != phase::standing) {
            return false;
        }
        ++next.open;
    } while (!word_.compare_exchange_weak(word, pack(next), std::memory_order_acq_rel,
                                          std::memory_order_relaxed));
    arrived_.fetch_sub(at.arrived_, std::memory_order_relaxed);
    return true;
}

// All are closed, and stay so: how many have arrived is certain.
void joint::full(barrier_core& at) noexcept {
    const bool anybody = arrived_.load(std::memory_order_relaxed) != 0;
    if (anybody && at.options_.complete != nullptr) {
        at.phase_ = phase::releasing;
        at.options_.complete(at);
    } else {
        claim(at, anybody ? verdict::released : verdict::voided, reason::none, nullptr);
    }
}

bool joint::claim(barrier_core& at, verdict kind, reason why, const party* culprit) noexcept {
    std::uint64_t word = word_.load(std::memory_order_relaxed);
    standing before{};
    do {
        before = unpack(word);
        if (before.generation != at.generation_ || before.where == phase::decided) {
            return false;
        }
    } while (!word_.compare_exchange_weak(word,
                                          pack({before.generation, phase::decided, before.open}),
                                          std::memory_order_acq_rel, std::memory_order_relaxed));
    decision& made = decisions_[before.generation & 1];
    made = {kind, why, culprit, arrived_.load(std::memory_order_relaxed), before.generation, false};
    if (before.where == phase::releasing) {
        announce(at);
    } else {
        gather(at);
    }
    return true;
}

// How many have arrived is known when every worker has stopped counting.
void joint::gather(barrier_core& at) noexcept {
    gathered_.store(0, std::memory_order_relaxed);
    melted_.store(count_, std::memory_order_relaxed);
    for (std::uint32_t i = 0; i < count_; ++i) {
        if (shards_[i].core != &at) {
            shards_[i].home->post(shards_[i].freeze);
        }
    }
    freeze(shards_[at.shard_]);
}

void joint::freeze(shard& s) noexcept {
    barrier_core& at = *s.core;
    if (at.generation_ != unpack(word_.load(std::memory_order_relaxed)).generation) {
        s.freeze_early = true;
        return;
    }
    at.phase_ = phase::decided;
    gathered_.fetch_add(at.arrived_, std::memory_order_relaxed);
    if (melted_.fetch_sub(1, std::memory_order_acq_rel) == 1) {
        decisions_[at.generation_ & 1].arrived = gathered_.load(std::memory_order_relaxed);
        announce(at);
    }
}

void joint::announce(const barrier_core& here) noexcept {
    const std::uint32_t generation = here.generation_;
    if (decisions_[generation & 1].kind == verdict::released && here.options_.cyclic) {
        arrived_.store(0, std::memory_order_relaxed);
        word_.store(pack({generation + 1, phase::standing, count_}), std::memory_order_release);
    }
    const std::uint32_t own = here.shard_;
    for (std::uint32_t i = 0; i < count_; ++i) {
        if (i != own) {
            shards_[i].home->post(shards_[i].tell);
        }
    }
    told(shards_[own]);
}

void joint::told(shard& s) noexcept {
    s.core->tell(decisions_[s.core->generation_ & 1]);
    if (s.freeze_early) {
        s.freeze_early = false;
        freeze(s);
    }
}

}  // namespace weir::fibers
