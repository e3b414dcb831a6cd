// SPDX-License-Identifier: BSL-1.0
#include "tests/abi/table/fence.hpp"
#include "tests/abi/table/world.hpp"

#include <catch2/catch_test_macros.hpp>

#include <cstring>
#include <map>

using namespace weir::abi::test;

namespace {

const std::map<std::string_view, std::size_t> sizes{
    {"runtime_options", sizeof(weir_runtime_options)},
    {"queue_options", sizeof(weir_queue_options)},
    {"load_options", sizeof(weir_load_options)},
    {"run_options", sizeof(weir_run_options)},
    {"scope_options", sizeof(weir_scope_options)},
    {"barrier_options", sizeof(weir_barrier_options)},
    {"loop_options", sizeof(weir_loop_options)},
    {"statistics", sizeof(weir_statistics)},
};

// Calls `f` with a struct of zeros that says it is `says` bytes long and has so many, before a
// fence; its last byte is `last`.
weir_status with(const function& f, std::size_t argument, uint32_t says, std::size_t bytes,
                 unsigned char last = 0) {
    world w;
    words arguments = w.good(f);
    const fence given{bytes, 8};
    given.bytes()[bytes - 1] = last;
    std::memcpy(given.bytes(), &says, sizeof says);
    if (f.name == "weir_runtime_create" && bytes > 8) {
        given.bytes()[4] = WEIR_RUNTIME_POLLED;
    }
    arguments[argument] = as_word(given.bytes());
    const auto status = f(arguments);
    if (f.takes("statistics") && status == WEIR_OK) {
        uint32_t still = 0;
        std::memcpy(&still, given.bytes(), sizeof still);
        CHECK(still == says);
        CHECK((bytes == sizeof(weir_statistics) || given.bytes()[bytes - 1] == 0));
    }
    return status;
}

bool goes_in(std::string_view role) {
    return role != "statistics";
}

}  // namespace

TEST_CASE("a struct may be exact or longer with a zero tail, and is read to its size, no further") {
    for (const function& f : all_functions()) {
        for (std::size_t i = 0; i < f.roles.size(); ++i) {
            const auto found = sizes.find(f.roles[i]);
            INFO(f.name << ", argument " << i + 1 << ": " << f.roles[i]);
            CHECK((found != sizes.end() || !f.roles[i].ends_with("_options")));
            if (found == sizes.end()) {
                continue;
            }
            const auto exact = static_cast<uint32_t>(found->second);
            CHECK(with(f, i, 0, sizeof(uint32_t)) == WEIR_E_STRUCT_SIZE);
            CHECK(with(f, i, 4, sizeof(uint32_t)) == WEIR_E_STRUCT_SIZE);
            CHECK(with(f, i, exact - 4, exact - 4) == WEIR_E_STRUCT_SIZE);
            CHECK(with(f, i, exact - 1, exact) == WEIR_E_STRUCT_SIZE);
            CHECK(with(f, i, exact, exact) == WEIR_OK);
            CHECK(with(f, i, exact + 1, exact + 1) == WEIR_OK);
            CHECK(with(f, i, exact + 24, exact + 24) == WEIR_OK);
            const weir_status tail = goes_in(f.roles[i]) ? WEIR_E_STRUCT_SIZE : WEIR_OK;
            CHECK(with(f, i, exact + 1, exact + 1, 1) == tail);
            CHECK(with(f, i, exact + 24, exact + 24, 1) == tail);
            CHECK(with(f, i, 0xFFFFFFFF, exact) == WEIR_E_STRUCT_SIZE);
            CHECK(with(f, i, 0x80000000, exact) == WEIR_E_STRUCT_SIZE);
        }
    }
}

TEST_CASE("an error is filled by whoever refuses, in so much as the caller has of it") {
    for (const function& f : all_functions()) {
        if (!f.takes("error")) {
            continue;
        }
        INFO(f.name);
        for (const uint32_t says : {0u, 4u, 255u, 256u, 300u}) {
            world w;
            words arguments = w.good(f);
            const fence room{says < 8 ? 8 : says, 8};
            std::memcpy(room.bytes(), &says, sizeof says);
            arguments.back() = as_word(room.bytes());
            for (std::size_t i = 0; i < f.roles.size(); ++i) {
                if (f.roles[i] == "out") {
                    arguments[i] = 0;
                }
            }
            CHECK(f(arguments) == WEIR_E_INVALID_ARGUMENT);
            weir_status told = 0;
            std::memcpy(&told, room.bytes() + 4, sizeof told);
            CHECK(told == (says < sizeof(weir_error) ? 0 : WEIR_E_INVALID_ARGUMENT));
        }
    }
}

TEST_CASE("a stride is the struct's, or longer by eights, and every byte of it is written once") {
    for (const char* const name : {"weir_queue_drain", "weir_loop_next"}) {
        const function& f = function_named(name);
        const std::size_t exact = f.takes("events") ? sizeof(weir_event) : sizeof(weir_instance);
        for (const std::size_t stride : {std::size_t{0}, exact - 8, exact - 1, exact + 1, exact + 4,
                                         exact, exact + 8, exact + 64}) {
            INFO(name << ", stride " << stride);
            world w;
            words arguments = w.good(f);
            if (f.takes("events")) {
                (void)w.handle("run");
                (void)weir_runtime_poll(w.handle("runtime"), 0, nullptr);
            }
            const fence room{2 * stride + 8, 8};
            std::memset(room.bytes(), 0xA5, 2 * stride + 8);
            arguments[1] = as_word(room.bytes());
            arguments[2] = stride;
            arguments[3] = 2;
            const bool fits = stride >= exact && stride % 8 == 0;
            CHECK(f(arguments) == (fits ? WEIR_OK : WEIR_E_STRUCT_SIZE));
            for (std::size_t i = 0; i < 2 && fits; ++i) {
                for (std::size_t b = exact; b < stride; ++b) {
                    CHECK(room.bytes()[i * stride + b] == 0);
                }
            }
            CHECK(room.bytes()[2 * stride] == 0xA5);
        }
    }
}
