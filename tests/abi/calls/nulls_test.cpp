// SPDX-License-Identifier: BSL-1.0
#include "tests/abi/table/world.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace weir::abi::test;

TEST_CASE("a null where something must be is refused, and nothing is written") {
    for (const function& f : all_functions()) {
        for (std::size_t i = 0; i < f.roles.size(); ++i) {
            if (!is_needed_pointer(f.roles[i])) {
                continue;
            }
            INFO(f.name << ", argument " << i + 1 << ": " << f.roles[i]);
            world w;
            words arguments = w.good(f);
            arguments[i] = 0;
            CHECK(f(arguments) == WEIR_E_INVALID_ARGUMENT);
            CHECK((w.untouched() || f.takes("accepted")));
        }
    }
}

TEST_CASE("a null where nothing need be is accepted") {
    for (const function& f : all_functions()) {
        for (std::size_t i = 0; i < f.roles.size(); ++i) {
            const std::string& role = f.roles[i];
            if (role != "out?" && role != "error" && role != "wake" && role != "context") {
                continue;
            }
            INFO(f.name << ", argument " << i + 1 << ": " << role);
            world w;
            words arguments = w.good(f);
            arguments[i] = 0;
            CHECK(f(arguments) == WEIR_OK);
        }
    }
}

TEST_CASE("a null with length 0 is the empty text") {
    for (const function& f : all_functions()) {
        for (std::size_t i = 0; i < f.roles.size(); ++i) {
            const std::string& role = f.roles[i];
            if (!is_text(role)) {
                continue;
            }
            INFO(f.name << ", argument " << i + 1 << ": " << role);
            world w;
            words arguments = w.good(f);
            arguments[i] = arguments[i + 1] = 0;
            const weir_status expected = role == "document" || role == "strategy" ? WEIR_E_DOCUMENT
                                         : role == "known"                        ? WEIR_E_NOT_FOUND
                                         : f.takes("barrier_options") ? WEIR_E_INVALID_ARGUMENT
                                                                      : WEIR_OK;
            CHECK(f(arguments) == expected);
        }
    }
}
