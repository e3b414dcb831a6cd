// SPDX-License-Identifier: BSL-1.0
#include "tests/abi/table/world.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace weir::abi::test;

TEST_CASE("every function has an entry in the table, whose arguments it accepts") {
    for (const function& f : all_functions()) {
        INFO(f.name);
        world w;
        const words arguments = w.good(f);
        CHECK(f(arguments) == (f.gives_status ? WEIR_OK : 1));
    }
}

TEST_CASE("a handle whose object has ended is stale for every function, and nothing is written") {
    for (const function& f : all_functions()) {
        INFO(f.name);
        world w;
        const words arguments = w.good(f);
        w.end();
        w.touch_up();
        bool any = false;
        for (const auto& role : f.roles) {
            any = any || is_handle(role);
        }
        if (any) {
            CHECK(f(arguments) == WEIR_E_STALE);
            CHECK((w.untouched() || f.takes("accepted")));
        }
    }
}
