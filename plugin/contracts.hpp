// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <weir/weir.h>

#include <cstdint>
#include <utility>

namespace weir::plugin {

// Which of the host's functions this thread is inside of.
enum class hook : std::uint8_t { none, wake, log };

extern constinit thread_local hook inside;

// While one lives, this thread is inside a function of the host's.
class visit_to_host {
public:
    explicit visit_to_host(hook which) noexcept : before_{std::exchange(inside, which)} {}
    ~visit_to_host() { inside = before_; }
    visit_to_host(const visit_to_host&) = delete;
    visit_to_host& operator=(const visit_to_host&) = delete;

private:
    const hook before_;
};

// The answer to a call from inside such a function: to the caller, and to the logs.
[[gnu::cold]] weir_status forbid(weir_error* error) noexcept;

}  // namespace weir::plugin
