// SPDX-License-Identifier: BSL-1.0
#include "fibers/clock.hpp"

#include <ctime>

namespace weir::fibers {
namespace {

std::int64_t monotonic() noexcept {
    timespec at{};
    ::clock_gettime(CLOCK_MONOTONIC, &at);
    return std::int64_t{at.tv_sec} * 1'000'000'000 + at.tv_nsec;
}

}  // namespace

clock::clock(clock_kind kind) noexcept
    : kind_{kind}, origin_{kind == clock_kind::real ? monotonic() : 0} {}

std::int64_t clock::now() const noexcept {
    return kind_ == clock_kind::real ? monotonic() - origin_ : at_.load(std::memory_order_seq_cst);
}

void clock::reach(std::int64_t at) noexcept {
    std::int64_t from = at_.load(std::memory_order_relaxed);
    while (from < at && !at_.compare_exchange_weak(from, at, std::memory_order_seq_cst)) {
    }
}

}  // namespace weir::fibers
