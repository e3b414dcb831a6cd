// SPDX-License-Identifier: BSL-1.0
#include "tests/abi/memory/failing.hpp"
#include "tests/abi/memory/trials.hpp"
#include "tests/abi/table/world.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <string>

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

}  // namespace

TEST_CASE("whatever runs out, and wherever, every function says so and leaves nothing behind") {
    const bool for_good = GENERATE(false, true);
    for (const function& f : all_functions()) {
        if (!f.gives_status) {
            continue;
        }
        const place end = tried([&](place& here) { return fault_of(f, for_good, here); });
        INFO(f.name << ", request " << end.at << (for_good ? " and all after it" : "") << ": "
                    << weir_status_name(end.status));
        CHECK(std::string{end.fault ? end.fault : ""} == "");
    }
}
