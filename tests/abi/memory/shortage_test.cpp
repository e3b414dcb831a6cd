// SPDX-License-Identifier: BSL-1.0
#include "tests/abi/memory/failing.hpp"
#include "tests/abi/table/world.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace weir::abi::test;

namespace {

struct attempt {
    weir_status status = 0;
    bool short_of_something = false;
    long blocks = 0;  // in use when all was over
};

// A world, one call in it that the `at`-th request fails, and the world's end.
attempt try_with(const function& f, std::size_t at, bool for_good) {
    attempt made;
    {
        world w;
        const words arguments = w.good(f);
        const shortage now{at, for_good};
        made.status = f.call(arguments.data());
        made.short_of_something = now.came();
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

}  // namespace

TEST_CASE("whatever runs out, and wherever, every function says so and leaves nothing behind") {
    const bool for_good = GENERATE(false, true);
    INFO((for_good ? "for good" : "once"));
    for (const function& f : all_functions()) {
        if (!f.gives_status) {
            continue;
        }
        attempt last{0, true, 0};
        for (std::size_t at = 0; last.short_of_something && at < 5000; ++at) {
            last = try_with(f, at, for_good);
            const bool said = is_honest(last.status) && f.documented.contains(last.status);
            if (said && !grows(f, at, for_good, last.blocks)) {
                continue;
            }
            INFO(f.name << ", request " << at << ": " << weir_status_name(last.status));
            CHECK(said);
            CHECK_FALSE(grows(f, at, for_good, last.blocks));
        }
        INFO(f.name);
        CHECK_FALSE(last.short_of_something);
        CHECK(last.status == WEIR_OK);
    }
}
