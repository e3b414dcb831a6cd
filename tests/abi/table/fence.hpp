// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <catch2/catch_test_macros.hpp>

#include <cstddef>
#include <cstring>

#include <sys/mman.h>

namespace weir::abi::test {

// Bytes right before a page that nobody can read: whoever reads one more ends the process. With an
// alignment there may be some bytes between.
class fence {
public:
    explicit fence(std::size_t size, std::size_t alignment = 1)
        : mapped_{(size + page - 1) / page * page + page} {
        void* const at =
            ::mmap(nullptr, mapped_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        REQUIRE(at != MAP_FAILED);
        start_ = static_cast<unsigned char*>(at);
        REQUIRE(::mprotect(start_ + mapped_ - page, page, PROT_NONE) == 0);
        const std::size_t room = (size + alignment - 1) / alignment * alignment;
        bytes_ = start_ + mapped_ - page - room;
    }
    fence(const void* from, std::size_t size) : fence{size} { std::memcpy(bytes_, from, size); }
    ~fence() { ::munmap(start_, mapped_); }
    fence(const fence&) = delete;
    fence& operator=(const fence&) = delete;

    [[nodiscard]] unsigned char* bytes() const { return bytes_; }

private:
    static constexpr std::size_t page = 4096;
    std::size_t mapped_;
    unsigned char* start_ = nullptr;
    unsigned char* bytes_ = nullptr;
};

}  // namespace weir::abi::test
