// SPDX-License-Identifier: BSL-1.0
// Stands in context.cpp in place of Boost's per-thread initializer; the contract is in seat.hpp.

namespace {

thread_local context* active_ = nullptr;

}  // namespace

namespace seat {

context* open(algo::algorithm::ptr_t algo, stack_source& stacks) {
    // A dispatcher cannot be undone before its scheduler exists: whatever can throw comes first.
    std::unique_ptr<context> main{new main_context{}};
    auto release = [](void* room) { ::operator delete(room); };
    std::unique_ptr<void, decltype(release)> room{::operator new(sizeof(scheduler)), release};
    intrusive_ptr<context> dispatcher = make_dispatcher_context(stack_allocator{stacks});

    auto* made = new (room.release()) scheduler{std::move(algo)};
    made->attach_main_context(main.get());
    made->attach_dispatcher_context(std::move(dispatcher));
    return main.release();
}

context* enter(context* main) noexcept {
    BOOST_ASSERT(main->is_context(type::main_context));
    BOOST_ASSERT(!main->is_resumable());
    return std::exchange(active_, main);
}

void leave(context* before) noexcept {
    BOOST_ASSERT(active_ != nullptr && active_->is_context(type::main_context));
    active_ = before;
}

void close(context* main) noexcept {
    context* before = enter(main);
    delete main->get_scheduler();  // leaves active_ null
    delete main;
    active_ = before;
}

}  // namespace seat

