// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <weir/weir.h>

#include <atomic>
#include <memory>
#include <thread>

namespace weir::plugin {

class event_queue;

// A thread that drains a queue and hands the events to the host.
class dispatcher {
public:
    // Throws std::system_error when there can be no more threads.
    dispatcher(event_queue& of, weir_dispatch_function take, void* context);

    // Returns once the host's function has. [any thread but its own, blocks]
    ~dispatcher();

    [[nodiscard]] bool is_this_thread() const noexcept {
        return thread_.get_id() == std::this_thread::get_id();
    }

private:
    void serve() noexcept;

    event_queue& queue_;
    const weir_dispatch_function take_;
    void* const context_;
    std::atomic<bool> ending_{false};
    std::thread thread_;
};

}  // namespace weir::plugin
