// SPDX-License-Identifier: BSL-1.0
#include "tests/abi/memory/trials.hpp"

#include <catch2/catch_test_macros.hpp>

#include <csignal>
#include <new>

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

namespace weir::abi::test {

place tried(const std::function<const char*(place& here)>& all, unsigned seconds) {
    void* const shared =
        ::mmap(nullptr, sizeof(place), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    REQUIRE(shared != MAP_FAILED);
    auto& there = *new (shared) place{0, 0, "it ended the process, or hung"};
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        ::alarm(seconds);
        for (const int fatal : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTERM}) {
            (void)std::signal(fatal, SIG_DFL);
        }
        there.fault = all(there);
        ::_exit(0);
    }
    REQUIRE(::waitpid(child, nullptr, 0) == child);
    const place seen = there;
    ::munmap(shared, sizeof(place));
    return seen;
}

}  // namespace weir::abi::test
