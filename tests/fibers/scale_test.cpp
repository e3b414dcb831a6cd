// SPDX-License-Identifier: BSL-1.0
#include <fstream>
#include <memory>
#include <string>

#include <sys/resource.h>

#include "fibers/barrier.hpp"
#include "tests/fibers/support.hpp"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define UNDER_SANITIZER 1
#else
#define UNDER_SANITIZER 0
#endif

using namespace weir::fibers;
using namespace weir::fibers::test;

namespace {

// The thread sanitizer knows at most 8,128 fibers.
constexpr std::size_t many = UNDER_SANITIZER ? 5'000 : 100'000;

std::size_t resident() {
    std::ifstream file{"/proc/self/statm"};
    std::size_t all = 0;
    std::size_t pages = 0;
    file >> all >> pages;
    return pages * 4096;
}

struct crowd {
    worker* w;
    barrier b;
    std::unique_ptr<lane_party[]> parties{new lane_party[many]};
    std::size_t come = 0;
    std::size_t passed = 0;
    std::binary_semaphore over{0};

    explicit crowd(worker& home) : w{&home}, b{home, this} {}

    static void body(void* p) noexcept {
        auto& self = *static_cast<crowd*>(p);
        lane_party& mine = self.parties[self.come++];
        if (self.b.arrive(mine, 3'600'000'000'000).kind == verdict::released) {
            ++self.passed;
        }
        if (self.passed == many) {
            self.over.release();
        }
    }
};

}  // namespace

TEST_CASE("a hundred thousand lanes wait at one barrier, each on one page") {
    world here{{.workers = 1, .stack_size = UNDER_SANITIZER ? 0U : 32U << 10}};
    worker& w = here->place();
    crowd c{w};
    here.on_worker(w, [&] {
        c.b.reserve();
        for (std::size_t i = 0; i < many; ++i) {
            c.b.expect(c.parties[i]);
        }
        c.b.open();
    });
    const std::size_t before = resident();
    here.on_worker(w, [&] {
        for (std::size_t i = 0; i < many; ++i) {
            if (w.spawn(&crowd::body, &c) == nullptr) {
                std::abort();
            }
        }
    });
    for (std::size_t come = 0; come < many;) {
        here.on_worker(w, [&] { come = c.come; });
    }
    std::size_t after = 0;
    here.on_worker(w, [&] {
        CHECK(c.b.arrived() == many);
        CHECK(w.lanes() == many);
        after = resident();
        c.b.settle();
    });
    c.over.acquire();
    CHECK(c.passed == many);
    WARN("resident bytes a parked lane: " << (after - before) / many << ", its party "
                                          << sizeof(lane_party));
#if !UNDER_SANITIZER
    CHECK((after - before) / many < 4600);
#endif
    // Ended lanes stay warm, and give their memory back when told to.
    here.on_worker(w, [&] {
        CHECK(w.warm() == many);
        [[maybe_unused]] const std::size_t warm = resident();
        w.trim(0);
        CHECK(w.warm() == 0);
#if !UNDER_SANITIZER
        CHECK(warm - resident() > many * 4000);
#endif
    });
}

#if !UNDER_SANITIZER
TEST_CASE("when there is no memory for another stack, spawn says so, and goes on when there is") {
    world here{{.workers = 1, .stack_size = 1 << 20}};
    worker& w = here->place();
    rlimit before{};
    REQUIRE(::getrlimit(RLIMIT_AS, &before) == 0);
    static int ran;
    ran = 0;
    int made = 0;
    here.on_worker(w, [&] {
        const rlimit least{1 << 30, before.rlim_max};
        ::setrlimit(RLIMIT_AS, &least);
        while (made < 10'000 && w.spawn([](void*) noexcept { ++ran; }, nullptr) != nullptr) {
            ++made;
        }
        ::setrlimit(RLIMIT_AS, &before);
    });
    CHECK(made > 64);
    CHECK(made < 10'000);
    for (std::size_t left = 1; left != 0;) {
        here.on_worker(w, [&] { left = w.lanes(); });
    }
    CHECK(ran == made);
    here.on_worker(w, [&] { CHECK(w.spawn([](void*) noexcept {}, nullptr) != nullptr); });
}
#endif
