// SPDX-License-Identifier: BSL-1.0
#include "tests/abi/memory/failing.hpp"
#include "tests/abi/table/world.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <csignal>
#include <new>
#include <string>

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace weir::abi::test;

namespace {

struct attempt {
    weir_status status = 0;
    bool short_of_something = false;
    bool ended_well = true;
    long blocks = 0;  // in use when all was over
};

// A world, one call in it that the `at`-th request fails, and the world's end.
attempt try_with(const function& f, std::size_t at, bool for_good) {
    attempt made;
    {
        world w;
        const words arguments = w.good(f);
        {
            const shortage now{at, for_good};
            made.status = f.call(arguments.data());
            made.short_of_something = now.came();
        }
        made.ended_well = w.end();
    }
    made.blocks = blocks_in_use();
    return made;
}

// Whether every further time leaves more behind. Some is kept for the next time.
bool grows(const function& f, std::size_t at, bool for_good, long blocks) {
    for (int times = 0; times < 5; ++times) {
        const long now = try_with(f, at, for_good).blocks;
        if (now <= blocks) {
            return false;
        }
        blocks = now;
    }
    return true;
}

bool is_honest(weir_status status) {
    return status == WEIR_OK || status == WEIR_E_NO_MEMORY || status == WEIR_E_LIMIT;
}

// Where a child stands that tries all requests of a function.
struct place {
    std::size_t at;
    weir_status status;
    const char* fault;
};

const char* fault_of(const function& f, bool for_good, place& here) {
    attempt last{0, true, true, 0};
    for (here.at = 0; last.short_of_something; ++here.at) {
        last = try_with(f, here.at, for_good);
        here.status = last.status;
        if (!is_honest(last.status) || !f.documented.contains(last.status)) {
            return "a status that is not a shortage's, or that weir.h does not say";
        }
        if (!last.ended_well) {
            return "what was there before cannot be ended any more";
        }
        if (grows(f, here.at, for_good, last.blocks)) {
            return "it leaves memory behind";
        }
    }
    return last.status == WEIR_OK ? nullptr : "it does not succeed when nothing is short";
}

// Tries all in a child, which may end as it likes.
place tried(const function& f, bool for_good) {
    void* const shared =
        ::mmap(nullptr, sizeof(place), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    REQUIRE(shared != MAP_FAILED);
    auto& there = *new (shared) place{0, 0, "it ended the process, or hung"};
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        ::alarm(30);
        for (const int fatal : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTERM}) {
            (void)std::signal(fatal, SIG_DFL);
        }
        there.fault = fault_of(f, for_good, there);
        ::_exit(0);
    }
    REQUIRE(::waitpid(child, nullptr, 0) == child);
    const place seen = there;
    ::munmap(shared, sizeof(place));
    return seen;
}

// These make JSON values. The library for that asks for memory when a value is destroyed, and ends
// the process when there is none; what it had half made it loses.
bool makes_json(const function& f) {
    return f.takes("document") || f.takes("strategy") || f.takes("instances") ||
           f.name.ends_with("_describe");
}

}  // namespace

TEST_CASE("whatever runs out, and wherever, every function says so and leaves nothing behind") {
    const bool for_good = GENERATE(false, true);
    for (const function& f : all_functions()) {
        if (!f.gives_status || makes_json(f)) {
            continue;
        }
        const place end = tried(f, for_good);
        INFO(f.name << ", request " << end.at << (for_good ? " and all after it" : "") << ": "
                    << weir_status_name(end.status));
        CHECK(std::string{end.fault ? end.fault : ""} == "");
    }
}
