// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <vector>

namespace weir::fibers {

// The stacks of one worker's lanes, cut from slabs: one mapping holds many stacks, so that a
// million of them stay far below the kernel's limit on mappings. Their size is virtual; only
// touched pages are resident, and they go back to the kernel when a stack is given back. Address
// space stays until the end. [worker]
class stacks {
public:
    // `size` is rounded up to whole pages. The lowest page of the first `guarded` stacks is
    // inaccessible (two mappings each); the others rely on the canary that a lane checks.
    stacks(std::size_t size, std::size_t guarded) noexcept;
    ~stacks();
    stacks(const stacks&) = delete;
    stacks& operator=(const stacks&) = delete;

    // The lowest address of a stack; null when the kernel gives no more memory.
    [[nodiscard]] void* take() noexcept;

    void give(void* stack) noexcept;

    [[nodiscard]] std::size_t size() const noexcept { return size_; }

    // Address space mapped, in stacks.
    [[nodiscard]] std::size_t mapped() const noexcept { return mapped_; }

    static std::size_t page() noexcept;

private:
    struct slab {
        void* base;
        std::size_t length;
    };

    bool grow() noexcept;

    const std::size_t size_;
    std::size_t guards_left_;
    std::size_t mapped_ = 0;
    std::vector<slab> slabs_;
    std::vector<void*> free_;  // has room for every stack there is: giving back cannot fail
};

}  // namespace weir::fibers
