// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <atomic>
#include <cstdint>

namespace weir::plugin {

// Counts the forks that this process is away from the one that loaded the library.
extern std::atomic<std::uint32_t> fork_depth;

// From the first call on, forks are counted, and each waits until no thread is inside a table: the
// child finds them whole and unlocked. [any thread]
void survive_forks() noexcept;

// The process in which its owner was made. A child after fork has none of the threads of that, and
// its locks may be held for ever. Asks the system nothing. [any thread]
class birthplace {
public:
    [[nodiscard]] bool is_foreign() const noexcept {
        return made_in_ != fork_depth.load(std::memory_order_relaxed);
    }

private:
    std::uint32_t made_in_ = fork_depth.load(std::memory_order_relaxed);
};

}  // namespace weir::plugin
