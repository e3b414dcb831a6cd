// SPDX-License-Identifier: BSL-1.0
// What C++ has without a library: a thread for each who waits. It knows neither who is missing nor
// who has failed.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

class thread_barrier {
public:
    explicit thread_barrier(std::uint32_t parties) : parties_(parties), left_(parties) {}

    void wait() {
        std::unique_lock lock(mutex_);
        const std::uint64_t mine = generation_;
        if (--left_ == 0) {
            left_ = parties_;
            ++generation_;
            all_.notify_all();
            return;
        }
        all_.wait(lock, [&] { return generation_ != mine; });
    }

private:
    std::mutex mutex_;
    std::condition_variable all_;
    const std::uint32_t parties_;
    std::uint32_t left_;
    std::uint64_t generation_ = 0;
};

/// Starts n threads, which meet once before time is taken.
inline std::chrono::steady_clock::duration threads_that_meet(std::uint32_t n,
                                                             std::uint32_t rounds) {
    thread_barrier barrier(n);
    std::chrono::steady_clock::time_point start;
    std::vector<std::thread> all;
    for (std::uint32_t i = 0; i < n; ++i) {
        all.emplace_back([&, i] {
            barrier.wait();
            if (i == 0)
                start = std::chrono::steady_clock::now();
            for (std::uint32_t k = 0; k < rounds; ++k)
                barrier.wait();
        });
    }
    for (std::thread& each : all)
        each.join();
    return std::chrono::steady_clock::now() - start;
}

/// Parks n threads, calls `look`, and lets them go.
template <typename Look>
void park_threads(std::uint32_t n, Look look) {
    thread_barrier begun(n + 1), barrier(n + 1);
    std::vector<std::thread> all;
    for (std::uint32_t i = 0; i < n; ++i) {
        all.emplace_back([&] {
            begun.wait();
            barrier.wait();
        });
    }
    begun.wait();
    look();
    barrier.wait();
    for (std::thread& each : all)
        each.join();
}
