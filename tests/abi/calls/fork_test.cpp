// SPDX-License-Identifier: BSL-1.0
#include "tests/abi/table/world.hpp"

#include <catch2/catch_test_macros.hpp>

#include <functional>
#include <optional>

#include <sys/wait.h>
#include <unistd.h>

using namespace weir::abi::test;

namespace {

// What `body` gives, in a child.
int in_a_child(const std::function<int()>& body) {
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        ::alarm(20);  // a lock that was held when we were born would never be given back
        ::_exit(body());
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    INFO("the child ended with " << status);
    REQUIRE(WIFEXITED(status));
    return WEXITSTATUS(status);
}

// Plans, texts and loops are the child's as well: they have no thread, lock or descriptor.
bool belongs_to_the_parent(const function& f) {
    for (const auto& role : f.roles) {
        if (is_handle(role) && role.substr(0, 4) != "plan" && role.substr(0, 4) != "text" &&
            role.substr(0, 4) != "loop") {
            return true;
        }
    }
    return false;
}

}  // namespace

TEST_CASE("in a child after fork the parent's objects are the parent's, for every function") {
    for (const function& f : all_functions()) {
        INFO(f.name);
        world w;
        const words arguments = w.good(f);
        const int status = in_a_child([&] { return -f.call(arguments.data()) & 0xFF; });
        const int well = f.gives_status ? -WEIR_OK : 0xFF;
        CHECK(status == (belongs_to_the_parent(f) ? -WEIR_E_FORKED : well));
        CHECK((!belongs_to_the_parent(f) || f.documented.contains(WEIR_E_FORKED)));
        // The parent goes on.
        CHECK(f(arguments) == (f.gives_status ? WEIR_OK : 1));
    }
}

TEST_CASE("a child makes a runtime of its own, and ends it, and so does its child") {
    std::optional<world> parents;
    parents.emplace();
    (void)parents->handle("step");
    const auto life = [] {
        world own;
        for (const char* role : {"step", "lane", "barrier.completing", "gate.held", "text"}) {
            (void)own.handle(role);
        }
        const word queue = own.handle("queue");
        own.end();
        return weir_queue_wake(queue) == WEIR_E_STALE ? 0 : 1;
    };
    CHECK(in_a_child([&] { return life() + in_a_child(life); }) == 0);
    CHECK(life() == 0);
}
