// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <weir/weir.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <unordered_map>
#include <utility>
#include <vector>

#include "plugin/process.hpp"
#include "plugin/scopes/host_party.hpp"
#include "plugin/scopes/posted.hpp"
#include "plugin/scopes/short_lock.hpp"
#include "plugin/scopes/stalls.hpp"

namespace weir::fibers {
class worker;
}  // namespace weir::fibers

namespace weir::plugin {

class alarm;
class event_queue;
class host_barrier;
class hosted_runtime;
struct host_lane;

// A root scope and all below it: one lock, one queue, one runtime for the time. Its memory is never
// given back, so that a handle can be followed to a tree that has ended.
class scope_tree {
public:
    // Holds the lock. What has happened meanwhile is sent when it goes.
    class visit {
    public:
        visit() noexcept = default;  // nobody's, until it enters
        explicit visit(scope_tree& of) noexcept { enter(of); }
        ~visit() { leave(); }
        visit(const visit&) = delete;
        visit& operator=(const visit&) = delete;

        void enter(scope_tree& of) noexcept {
            of.lock_.lock();
            tree_ = &of;
        }
        void leave() noexcept {
            if (scope_tree* const left = std::exchange(tree_, nullptr))
                left->leave();
        }

    private:
        scope_tree* tree_ = nullptr;
    };

    std::atomic<std::uint32_t> generation{0};  // of its memory; no handle names it

    void open(std::shared_ptr<hosted_runtime> runtime, std::shared_ptr<event_queue> queue,
              bool sequential) noexcept;
    // The next visit sends the last that is ever sent; from there on it holds neither queue nor
    // runtime.
    void close() noexcept { closing_ = true; }
    // Everything has been told.
    void forget() noexcept;

    // [under the lock]
    [[nodiscard]] std::int64_t now() const noexcept;
    void send(posted what) noexcept { out_.append(what); }
    void send(const posted_chain& several) noexcept { out_.append(several); }
    [[nodiscard]] host_party* make_party(host_lane& whose, host_barrier& where);
    void give(host_party& p) noexcept;

    // The lane of `p` ends, or its barrier, if it still waits after so long. [under the lock]
    [[nodiscard]] bool watch(host_party& p, std::int64_t timeout_ns);
    [[nodiscard]] bool watch(host_barrier& b, std::int64_t timeout_ns);
    void unwatch(const void* whom) noexcept;
    [[nodiscard]] bool watches() const noexcept { return !alarms_.empty(); }

    [[nodiscard]] bool is_foreign() const noexcept {
        return process_.load(std::memory_order_relaxed).is_foreign();
    }

    // WEIR_SCOPE_SEQUENTIAL.
    [[nodiscard]] bool is_sequential() const noexcept { return sequential_; }
    [[nodiscard]] stalls& stalled() noexcept { return stalls_; }               // [under the lock]
    [[nodiscard]] std::uint64_t next_number() noexcept { return ++numbers_; }  // [under the lock]

    [[nodiscard]] std::uint64_t next_seq() noexcept { return ++last_seq_; }  // [consumer]

private:
    friend class alarm;

    struct party_memory {
        void operator()(std::byte* p) const noexcept {
            ::operator delete (p, std::align_val_t{alignof(host_party)});
        }
    };

    bool watch(const void* whom, std::int64_t timeout_ns, void (*ring)(void*) noexcept);

    // Gives the lock back.
    void leave() noexcept {
        if (out_) [[unlikely]]
            leave_sending();
        else
            lock_.unlock();
    }
    void leave_sending() noexcept;

    short_lock lock_;
    std::shared_ptr<hosted_runtime> runtime_;
    std::shared_ptr<event_queue> queue_;
    fibers::worker* timekeeper_ = nullptr;
    posted_chain out_;
    std::vector<std::unique_ptr<std::byte, party_memory>> memory_;
    std::vector<void*> free_parties_;
    std::unordered_map<const void*, alarm*> alarms_;
    std::atomic<birthplace> process_;  // stale handles ask while it is opened anew
    bool closing_ = false;
    bool sequential_ = false;
    stalls stalls_;
    std::uint64_t numbers_ = 0;
    std::uint64_t last_seq_ = 0;  // the consumer's
};

}  // namespace weir::plugin
