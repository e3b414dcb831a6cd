// SPDX-License-Identifier: BSL-1.0
#include "plugin/dispatcher.hpp"

#include "plugin/event_queue.hpp"

#include <array>
#include <csignal>

#include <poll.h>
#include <pthread.h>

namespace weir::plugin {

namespace {

constexpr std::uint32_t a_batch = 64;

// While this lives, threads that are made have all signals blocked.
class signals_blocked {
public:
    signals_blocked() noexcept {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    ~signals_blocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    signals_blocked(const signals_blocked&) = delete;
    signals_blocked& operator=(const signals_blocked&) = delete;

private:
    sigset_t before_;
};

}  // namespace

dispatcher::dispatcher(event_queue& of, weir_dispatch_function take, void* context)
    : queue_{of}, take_{take}, context_{context} {
    const signals_blocked while_made;
    thread_ = std::thread{[this] { serve(); }};
    pthread_setname_np(thread_.native_handle(), "weir-events");
}

dispatcher::~dispatcher() {
    ending_ = true;
    queue_.signal();
    thread_.join();
}

void dispatcher::serve() noexcept {
    std::array<weir_event, a_batch> events;
    while (!ending_) {
        std::uint32_t count = 0;
        const auto status = queue_.drain(events.data(), sizeof(weir_event), a_batch, count);
        if (count != 0)
            take_(context_, events.data(), sizeof(weir_event), count);
        else if (status == WEIR_OK && !ending_) {
            pollfd readable{queue_.descriptor(), POLLIN, 0};
            ::poll(&readable, 1, -1);
        } else if (status != WEIR_OK) {
            std::this_thread::yield();  // no memory at this moment
        }
    }
}

}  // namespace weir::plugin
