// SPDX-License-Identifier: BSL-1.0
#include "fibers/scheduling.hpp"

#include <new>
#include <utility>

#include <unistd.h>

namespace weir::fibers {

boost::context::stack_context stack_door::allocate() {
    void* stack = std::exchange(prepared_, nullptr);
    const std::size_t reserved = std::exchange(reserved_, 0);
    if (stack == nullptr && (stack = from_.take()) == nullptr) {
        throw std::bad_alloc{};
    }
    boost::context::stack_context s;
    s.size = from_.size() - reserved;
    s.sp = static_cast<char*>(stack) + s.size;
    return s;
}

void stack_door::deallocate(boost::context::stack_context& s) noexcept {
    from_.give(static_cast<char*>(s.sp) - s.size);
}

worker::floor::floor(std::size_t stack_size, std::size_t guarded, bool shuffled,
                     std::uint64_t from) noexcept
    : memory{stack_size, guarded}, shuffles{shuffled}, seed{from} {}

worker::floor::~floor() {
    if (order != nullptr && order->main != nullptr) {
        order->closing = true;
        boost::fibers::seat::close(order->main);
    }
    if (descriptor >= 0) {
        ::close(descriptor);
    }
}

// splitmix64, and its upper bits scaled.
std::size_t worker::floor::random(std::size_t below) noexcept {
    std::uint64_t z = seed += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return static_cast<std::size_t>(((z ^ (z >> 31)) >> 32) * below >> 32);
}

}  // namespace weir::fibers
