// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <weir/weir.h>

#include <string>
#include <string_view>
#include <utility>

namespace weir::runner {

// Owners of the library's handles: each releases its own once.
class owned_text {
public:
    owned_text() = default;
    owned_text(const owned_text&) = delete;
    owned_text& operator=(const owned_text&) = delete;
    ~owned_text() { weir_text_release(handle_); }

    weir_text* out() noexcept { return &handle_; }
    [[nodiscard]] std::string_view view() const noexcept;

private:
    weir_text handle_ = 0;
};

class owned_plan {
public:
    owned_plan() = default;
    owned_plan(owned_plan&& other) noexcept : handle_(std::exchange(other.handle_, 0)) {}
    owned_plan& operator=(owned_plan&& other) noexcept {
        std::swap(handle_, other.handle_);
        return *this;
    }
    ~owned_plan() { weir_plan_release(handle_); }

    weir_plan* out() noexcept { return &handle_; }
    [[nodiscard]] weir_plan get() const noexcept { return handle_; }

private:
    weir_plan handle_ = 0;
};

class owned_loop {
public:
    owned_loop() = default;
    owned_loop(const owned_loop&) = delete;
    owned_loop& operator=(const owned_loop&) = delete;
    ~owned_loop() { weir_loop_close(handle_); }

    weir_loop* out() noexcept { return &handle_; }
    [[nodiscard]] weir_loop get() const noexcept { return handle_; }

private:
    weir_loop handle_ = 0;
};

// To be destroyed after the last run's RUN_FINISHED was drained.
class owned_queue {
public:
    owned_queue() = default;
    owned_queue(const owned_queue&) = delete;
    owned_queue& operator=(const owned_queue&) = delete;
    ~owned_queue() { weir_queue_destroy(handle_); }

    weir_queue* out() noexcept { return &handle_; }
    [[nodiscard]] weir_queue get() const noexcept { return handle_; }

private:
    weir_queue handle_ = 0;
};

class owned_runtime {
public:
    owned_runtime() = default;
    owned_runtime(const owned_runtime&) = delete;
    owned_runtime& operator=(const owned_runtime&) = delete;
    ~owned_runtime() { weir_runtime_destroy_wait(handle_); }

    weir_runtime* out() noexcept { return &handle_; }
    [[nodiscard]] weir_runtime get() const noexcept { return handle_; }

private:
    weir_runtime handle_ = 0;
};

// What the library said about a call that failed, for people.
[[nodiscard]] std::string describe(weir_status status, const weir_error& error);

[[nodiscard]] inline weir_error new_error() noexcept {
    weir_error error{};
    error.struct_size = sizeof error;
    return error;
}

}  // namespace weir::runner
