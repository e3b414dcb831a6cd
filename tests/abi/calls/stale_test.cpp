// SPDX-License-Identifier: BSL-1.0
#include "tests/abi/table/world.hpp"

#include <catch2/catch_test_macros.hpp>

#include <array>

using namespace weir::abi::test;

namespace {

constexpr std::array<std::string_view, 11> kinds{
    "runtime", "queue", "plan", "run", "step", "text", "scope", "lane", "barrier", "gate", "loop"};

bool same_kind(std::string_view a, std::string_view b) {
    return a.substr(0, a.find_first_of(".?")) == b.substr(0, b.find_first_of(".?"));
}

// Numbers that name nothing, or something of another kind.
words strangers(world& w, std::string_view role, word good) {
    const word generation = word{1} << 24;
    words all{1,        ~word{0}, good + generation,    good - generation,
              good ^ 1, good + 7, good ^ word{1} << 56, good & 0xFFFFFFFF};
    for (const auto kind : kinds) {
        if (!same_kind(kind, role)) {
            all.push_back(w.handle(kind));
        }
    }
    return all;
}

bool may_be_zero(std::string_view role) {
    return role.ends_with('?');
}

}  // namespace

TEST_CASE("zero, a number that was never given, and a handle of another kind are stale") {
    for (const function& f : all_functions()) {
        for (std::size_t i = 0; i < f.roles.size(); ++i) {
            if (!is_handle(f.roles[i])) {
                continue;
            }
            world w;
            words arguments = w.good(f);
            const word good = arguments[i];
            words others = strangers(w, f.roles[i], good);
            others.push_back(0);
            w.touch_up();
            for (const word stranger : others) {
                INFO(f.name << ", argument " << i + 1 << ": " << std::hex << stranger);
                arguments[i] = stranger;
                const bool accepted = stranger == 0 && may_be_zero(f.roles[i]);
                CHECK(f(arguments) == (accepted ? WEIR_OK : WEIR_E_STALE));
                CHECK((accepted || w.untouched() || f.takes("accepted")));
            }
        }
    }
}

TEST_CASE("a lane, a barrier and a gate of two runtimes do not meet") {
    for (const function& f : all_functions()) {
        for (std::size_t i = 0; i < f.roles.size(); ++i) {
            const std::string& role = f.roles[i];
            const bool pair = (f.takes("lane") || f.takes("lanes") || f.takes("lane?")) &&
                              f.roles.size() > 1 && i > 0 && is_handle(role);
            if (!pair) {
                continue;
            }
            INFO(f.name << ", argument " << i + 1 << ": " << role);
            world w, other;
            words arguments = w.good(f);
            arguments[i] = other.handle(role);
            CHECK(f(arguments) == WEIR_E_INVALID_ARGUMENT);
            CHECK((w.untouched() || f.takes("accepted")));
        }
    }
}

TEST_CASE("once more is too late: what ends an object ends it once") {
    for (const char* const name : {"weir_text_release", "weir_plan_release", "weir_loop_close",
                                   "weir_scope_close", "weir_lane_finish", "weir_step_finish",
                                   "weir_queue_destroy", "weir_runtime_destroy_wait"}) {
        INFO(name);
        world w;
        const function& f = function_named(name);
        const words arguments = w.good(f);
        CHECK(f(arguments) == WEIR_OK);
        CHECK(f(arguments) == WEIR_E_STALE);
    }
}
