// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <cstddef>
#include <memory_resource>
#include <new>

namespace weir::runs {

// Memory for the small objects of one run, used again for the next of about that size, and given
// back as a whole. The library's pools are no choice: libstdc++'s go on with a chunk that they
// could not note down when memory ran out. [worker]
class recycled final : public std::pmr::memory_resource {
public:
    recycled() = default;
    recycled(const recycled&) = delete;
    recycled& operator=(const recycled&) = delete;

private:
    static constexpr std::size_t grain = 64;
    static constexpr std::size_t classes = 32;

    struct block {
        block* next;
    };

    static std::size_t grains(std::size_t bytes) noexcept { return (bytes + grain - 1) / grain; }

    void* do_allocate(std::size_t bytes, std::size_t alignment) override {
        const auto size = grains(bytes);
        if (size >= classes || alignment > grain)
            return all_.allocate(bytes, alignment);
        if (block* const again = free_[size]) {
            free_[size] = again->next;
            return again;
        }
        return all_.allocate(size * grain, grain);
    }

    void do_deallocate(void* at, std::size_t bytes, std::size_t alignment) noexcept override {
        const auto size = grains(bytes);
        if (size < classes && alignment <= grain)
            free_[size] = new (at) block{free_[size]};
    }

    [[nodiscard]] bool do_is_equal(const memory_resource& other) const noexcept override {
        return this == &other;
    }

    std::pmr::monotonic_buffer_resource all_;
    std::array<block*, classes> free_{};
};

}  // namespace weir::runs
