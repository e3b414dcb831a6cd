// SPDX-License-Identifier: BSL-1.0
#include "fibers/stacks.hpp"

#include <algorithm>
#include <new>

#include <sys/mman.h>
#include <unistd.h>

#if defined(BOOST_USE_ASAN)
#include <sanitizer/asan_interface.h>
#endif

namespace weir::fibers {
namespace {

constexpr std::size_t least_slab = 64;
constexpr std::size_t greatest_slab = 4096;

}  // namespace

std::size_t stacks::page() noexcept {
    return static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

stacks::stacks(std::size_t size, std::size_t guarded) noexcept
    : size_{(size + page() - 1) / page() * page()}, guards_left_{guarded} {}

stacks::~stacks() {
    for (const slab& s : slabs_) {
        ::munmap(s.base, s.length);
    }
}

void* stacks::take() noexcept {
    if (free_.empty() && !grow()) {
        return nullptr;
    }
    void* stack = free_.back();
    free_.pop_back();
    return stack;
}

void stacks::give(void* stack) noexcept {
#if defined(BOOST_USE_ASAN)
    // The last frames of an ended lane never returned, so their red zones are still marked.
    __asan_unpoison_memory_region(stack, size_);
#endif
    ::madvise(stack, size_, MADV_DONTNEED);
    free_.push_back(stack);
}

bool stacks::grow() noexcept {
    const std::size_t count = std::clamp(mapped_, least_slab, greatest_slab);
    try {
        slabs_.reserve(slabs_.size() + 1);
        if (free_.capacity() < mapped_ + count) {
            free_.reserve(2 * (mapped_ + count));
        }
    } catch (const std::bad_alloc&) {
        return false;
    }
    void* base = ::mmap(nullptr, count * size_, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    if (base == MAP_FAILED) {
        return false;
    }
    // A huge page would make every stack in it resident at the first touch of one.
    ::madvise(base, count * size_, MADV_NOHUGEPAGE);
    slabs_.push_back({base, count * size_});
    mapped_ += count;
    // Taken from the lowest address up: lanes made together lie in a row, which the prefetcher
    // likes.
    for (std::size_t i = count; i-- > 0;) {
        free_.push_back(static_cast<char*>(base) + i * size_);
    }
    for (std::size_t i = 0; i < count && guards_left_ > 0; ++i, --guards_left_) {
        ::mprotect(static_cast<char*>(base) + i * size_, page(), PROT_NONE);
    }
    return true;
}

}  // namespace weir::fibers
