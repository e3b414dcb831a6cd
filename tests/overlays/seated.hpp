// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/fiber/algo/algorithm.hpp>
#include <boost/fiber/context.hpp>
#include <boost/fiber/scheduler.hpp>
#include <boost/fiber/seat.hpp>

#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <functional>
#include <new>
#include <utility>

// The least that can drive a seat: what tests of the overlays need, and nothing of fibers/.
namespace weir::tests {

// Stacks from malloc, counted.
class heap_stacks final : public boost::fibers::seat::stack_source {
public:
    boost::context::stack_context allocate() override {
        constexpr std::size_t size = 128 * 1024;
        void* bottom = std::malloc(size);
        if (bottom == nullptr) {
            throw std::bad_alloc{};
        }
        ++out_;
        boost::context::stack_context stack;
        stack.size = size;
        stack.sp = static_cast<char*>(bottom) + size;
        return stack;
    }
    void deallocate(boost::context::stack_context& stack) noexcept override {
        --out_;
        std::free(static_cast<char*>(stack.sp) - stack.size);
    }
    int out() const noexcept { return out_; }

private:
    int out_ = 0;
};

// First in, first out. The dispatcher is kept apart and runs when nothing else is ready; when it has nothing
// left either, the main context goes on.
class ready_list final : public boost::fibers::algo::algorithm {
public:
    void awakened(boost::fibers::context* context) noexcept override {
        if (context->is_context(boost::fibers::type::dispatcher_context)) {
            dispatcher_ = context;
        } else {
            context->ready_link(ready_);
        }
    }
    boost::fibers::context* pick_next() noexcept override {
        bool const dispatching = boost::fibers::context::active() == dispatcher_;
        if (dispatching && (ready_.empty() || budget_ == 0) && main_ != nullptr) {
            return std::exchange(main_, nullptr);
        }
        if (ready_.empty() || budget_ == 0) {
            return dispatching ? nullptr : dispatcher_;
        }
        --budget_;
        auto* context = &ready_.front();
        ready_.pop_front();
        return context;
    }
    bool has_ready_fibers() const noexcept override { return !ready_.empty(); }
    void suspend_until(std::chrono::steady_clock::time_point const&) noexcept override { std::abort(); }
    void notify() noexcept override {}

    // Parks the main context until nothing is ready or `budget` fibers have run.
    void run(boost::fibers::context* main, std::size_t budget) noexcept {
        main_ = main;
        budget_ = budget;
        main->suspend();
        budget_ = unlimited;
    }
    std::size_t ready() const noexcept { return ready_.size(); }
    static constexpr std::size_t unlimited = ~std::size_t{0};

private:
    boost::fibers::scheduler::ready_queue_type ready_;
    boost::fibers::context* dispatcher_ = nullptr;
    boost::fibers::context* main_ = nullptr;
    std::size_t budget_ = unlimited;
};

// One seat with its algorithm and stacks.
class seated {
public:
    seated() : seated(own_) {}
    explicit seated(heap_stacks& stacks)
        : stacks_{stacks}, algo_{new ready_list}, main_{boost::fibers::seat::open(algo_, stacks)} {}
    seated(seated const&) = delete;
    seated& operator=(seated const&) = delete;
    ~seated() {
        poll();
        boost::fibers::seat::close(main_);
    }

    void spawn(std::function<void()> body) {
        namespace fibers = boost::fibers;
        auto context = fibers::make_worker_context(fibers::launch::post, fibers::seat::stack_allocator{stacks_},
                                                   std::move(body));
        main_->attach(context.get());
        algo_->awakened(context.get());
    }
    // [a fiber of this seat]
    void yield() { boost::fibers::context::active()->yield(); }
    void poll() { poll(ready_list::unlimited); }
    void poll_once() { poll(algo_->ready()); }

private:
    void poll(std::size_t budget) {
        auto* before = boost::fibers::seat::enter(main_);
        algo_->run(main_, budget);
        boost::fibers::seat::leave(before);
    }

    heap_stacks own_;
    heap_stacks& stacks_;
    boost::intrusive_ptr<ready_list> algo_;
    boost::fibers::context* main_;
};

}  // namespace weir::tests
