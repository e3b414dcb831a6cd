// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <weir/weir.h>

#include "adapters/run/event.hpp"
#include "plugin/process.hpp"
#include "plugin/scopes/delivery.hpp"

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace weir::plugin {

class dispatcher;
class hosted_run;

// What became of an event: `raise` is to be called, or not; or there was no room for it.
enum class pushed : std::uint8_t { quietly, raise, no_room };

// Where runs put their events and the host takes them from. Any number of workers push; one thread
// at a time drains. A drain that finds nothing arms the descriptor; the next push raises it, once:
// a busy host pays no system call.
//
// There is always room for what was promised: a run's last event, the end of each step and node
// that has begun, the answer to each call. Shown by tests/abi/memory/runs_test.cpp.
class event_queue {
public:
    explicit event_queue(bool with_json);
    ~event_queue();
    event_queue(const event_queue&) = delete;
    event_queue& operator=(const event_queue&) = delete;

    // False: the process has no descriptor left.
    [[nodiscard]] bool open() noexcept;

    // A child after fork shares the descriptor, but nothing else.
    [[nodiscard]] bool is_foreign() const noexcept { return process_.is_foreign(); }

    [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
    void signal() noexcept;  // [any thread, on a thread's own stack]
    // The same, for a push that asked for it. [likewise]
    void raise() noexcept {
        signal();
        --raising_;
    }
    // Events of runs that nobody has drained. [owner]
    [[nodiscard]] std::size_t waiting() const noexcept {
        return incoming_.size() + outgoing_.size() - taken_;
    }
    // Nobody will signal any more. [any thread, waits for those that are at it]
    void settle() const noexcept;

    // False: somebody drains, or sends here already. [any thread]
    [[nodiscard]] bool on_wake(weir_wake_function wake, void* context) noexcept;

    // A run that will push here; it is kept until its last event has been taken. Promises its
    // first and last, and the answer to its cancel. [any thread]
    void attach(std::shared_ptr<hosted_run>);
    // Makes room for so many events that redeem it. [any thread]
    void promise(std::uint32_t events);
    [[nodiscard]] bool busy() const noexcept { return attached_ != 0 || draining_ || dispatched_; }

    // A thread of its own drains from one to the other. [any thread]
    [[nodiscard]] weir_status dispatch(weir_dispatch_function to, void* context);
    [[nodiscard]] weir_status end_dispatch() noexcept;  // blocks until its thread has ended
    [[nodiscard]] bool dispatched() const noexcept { return dispatched_; }

    // After run_finished nothing touches the run. `raise` is called on a thread's own stack.
    // [worker]
    [[nodiscard]] pushed push(hosted_run&, runs::event&&) noexcept;

    // A tree of scopes that will send here, until it says so. [any thread]
    void attach() noexcept { ++attached_; }
    // True: call `raise`, for which no lock need be held. [any thread]
    [[nodiscard]] bool push(const posted_chain&, bool last) noexcept;

    // [consumer]
    weir_status drain(void* events, std::size_t stride, std::uint32_t capacity,
                      std::uint32_t& count);

private:
    struct entry {
        hosted_run* from;
        runs::event what;
    };

    [[nodiscard]] bool disarm() noexcept;
    void make_room(std::size_t for_events);
    bool refill() noexcept;
    void take_over() noexcept;
    void clear_retired() noexcept;
    void take(unsigned char* to, std::size_t stride, std::uint32_t most, std::uint32_t& count);
    void fill(entry&, std::string* text, weir_event& out);
    void retire(const hosted_run&) noexcept;

    std::mutex mutex_;
    std::vector<entry> incoming_;                    // guarded by mutex_
    std::size_t promised_ = 0;                       // guarded by mutex_
    posted_chain told_;                              // guarded by mutex_
    std::vector<std::shared_ptr<hosted_run>> runs_;  // guarded by mutex_
    bool armed_ = true;                              // guarded by mutex_

    std::vector<entry> outgoing_;  // the consumer's
    posted telling_;
    delivery delivery_;
    std::size_t taken_ = 0;
    std::vector<std::string> texts_;
    std::shared_ptr<hosted_run> retired_;  // the last first

    std::atomic<std::size_t> attached_{0};   // runs whose last event was not pushed yet
    std::atomic<std::uint32_t> raising_{0};  // pushes whose signal is still due
    std::atomic<bool> draining_{false};
    std::atomic<bool> dispatched_{false};
    std::unique_ptr<dispatcher> dispatcher_;  // guarded by mutex_
    weir_wake_function wake_ = nullptr;       // set before anybody sends
    void* wake_context_ = nullptr;
    const bool with_json_;
    const birthplace process_;
    int descriptor_ = -1;
};

}  // namespace weir::plugin
