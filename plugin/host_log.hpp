// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <weir/weir.h>

#include <cstdint>
#include <memory>
#include <string_view>

namespace weir::plugin {

// Where a runtime's log goes: to a function of the host's, or nowhere. Saying something asks for no
// memory. [any thread, on its own stack]
class host_log {
public:
    host_log() noexcept;  // nowhere
    host_log(weir_log_function to, void* context, std::uint32_t least_level);
    ~host_log();
    host_log(const host_log&) = delete;
    host_log& operator=(const host_log&) = delete;

    void say(std::uint32_t level, std::string_view text) noexcept;

    // Once this returns, the host's function is not called any more; waits for a call under way.
    void close() noexcept;

private:
    struct works;
    std::unique_ptr<works> works_;
};

// What concerns no runtime in particular: to all that there are.
[[gnu::format(printf, 2, 3)]] void log_to_all(std::uint32_t level, const char* format,
                                              ...) noexcept;

// A line, formatted in place and cut where it is too long.
[[gnu::format(printf, 3, 4)]] void log_to(host_log&, std::uint32_t level, const char* format,
                                          ...) noexcept;

}  // namespace weir::plugin
