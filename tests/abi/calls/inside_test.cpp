// SPDX-License-Identifier: BSL-1.0
#include "tests/abi/table/world.hpp"

#include <catch2/catch_test_macros.hpp>

#include <csignal>
#include <future>
#include <map>

#include <poll.h>
#include <pthread.h>

using namespace weir::abi::test;

namespace {

// What is called inside a function of the host's, once, and what it gave.
struct visit {
    const function* what = nullptr;
    words arguments;
    std::promise<int> gave;
    bool called = false;

    static void take(void* context, const weir_event*, uint32_t stride, uint32_t count) {
        auto& self = *static_cast<visit*>(context);
        if (!self.called && count != 0 && stride >= sizeof(weir_event)) {
            self.called = true;
            self.gave.set_value(self.what->call(self.arguments.data()));
        }
    }
};

// Calls `f` from within `take` of the queue that the world's own things send to.
int from_inside(const function& f, world& w, word queue_argument_is_ours) {
    visit one;
    one.what = &f;
    one.arguments = w.good(f);
    const word queue = w.handle("queue");
    for (std::size_t i = 0; i < f.roles.size() && queue_argument_is_ours; ++i) {
        if (f.roles[i].starts_with("queue")) {
            one.arguments[i] = queue;
        }
    }
    auto answer = one.gave.get_future();
    REQUIRE(weir_queue_dispatch(queue, visit::take, &one) == WEIR_OK);
    weir_scope scope = 0;
    REQUIRE(weir_scope_open(w.handle("runtime"), queue, nullptr, &scope, nullptr) == WEIR_OK);
    REQUIRE(weir_scope_close(scope) == WEIR_OK);  // an event
    const int gave = answer.get();
    REQUIRE(weir_queue_dispatch_end_wait(queue) == WEIR_OK);
    return gave;
}

}  // namespace

TEST_CASE("in the dispatcher's function every call is as good as elsewhere") {
    for (const function& f : all_functions()) {
        INFO(f.name);
        world w;
        CHECK(from_inside(f, w, false) == (f.name == "weir_queue_drain" ? WEIR_E_BAD_STATE
                                           : f.gives_status             ? WEIR_OK
                                                                        : 1));
    }
}

TEST_CASE(
    "in the dispatcher's function the queue that it drains can be neither drained nor ended") {
    const std::map<std::string_view, weir_status> refused{
        {"weir_queue_drain", WEIR_E_BAD_STATE},
        {"weir_queue_dispatch", WEIR_E_BAD_STATE},
        {"weir_queue_on_wake", WEIR_E_BAD_STATE},
        {"weir_queue_dispatch_end_wait", WEIR_E_BAD_STATE},
        {"weir_queue_destroy", WEIR_E_BUSY},
        {"weir_queue_wake", WEIR_OK},
        {"weir_queue_descriptor", WEIR_OK},
    };
    for (const auto& [name, expected] : refused) {
        INFO(name);
        world w;
        CHECK(from_inside(function_named(name), w, true) == expected);
    }
}

TEST_CASE("while a document is looked up every call is as good as elsewhere") {
    constexpr std::string_view refers =
        "pipeline: {identifier: p, stages: [{stage: {identifier: c, type: Pipeline, spec: "
        "{org: o, project: q, pipeline: other}}}]}";
    for (const function& f : all_functions()) {
        INFO(f.name);
        world w;
        visit one;
        one.what = &f;
        one.arguments = w.good(f);
        weir_load_options how{};
        how.struct_size = sizeof how;
        how.resolve_context = &one;
        how.resolve = [](void* context, const weir_reference*, weir_resolution*) {
            auto& self = *static_cast<visit*>(context);
            self.gave.set_value(self.what->call(self.arguments.data()));
            return WEIR_E_NOT_FOUND;
        };
        weir_plan plan = 0;
        CHECK(weir_plan_load(refers.data(), refers.size(), &how, &plan, nullptr, nullptr) ==
              WEIR_E_DOCUMENT);
        CHECK(one.gave.get_future().get() == (f.gives_status ? WEIR_OK : 1));
    }
}

TEST_CASE("the dispatcher's thread has all signals blocked") {
    static sigset_t blocked;
    std::promise<void> seen;
    world w;
    const word queue = w.handle("queue");
    const auto take = [](void* context, const weir_event*, uint32_t, uint32_t) {
        pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
        static_cast<std::promise<void>*>(context)->set_value();
    };
    REQUIRE(weir_queue_dispatch(queue, take, &seen) == WEIR_OK);
    weir_scope scope = 0;
    REQUIRE(weir_scope_open(w.handle("runtime"), queue, nullptr, &scope, nullptr) == WEIR_OK);
    REQUIRE(weir_scope_close(scope) == WEIR_OK);
    seen.get_future().wait();
    REQUIRE(weir_queue_dispatch_end_wait(queue) == WEIR_OK);
    for (const int signal : {SIGINT, SIGTERM, SIGCHLD, SIGALRM, SIGUSR1, SIGURG, SIGPROF}) {
        CHECK(sigismember(&blocked, signal) == 1);
    }
}

TEST_CASE("the wake hook is called once after a drain that found nothing, with nothing locked") {
    struct {
        int woken = 0;
        word queue = 0;
    } seen;
    world w;
    seen.queue = w.handle("queue");
    const auto wake = [](void* context) { ++static_cast<decltype(seen)*>(context)->woken; };
    REQUIRE(weir_queue_on_wake(seen.queue, wake, &seen) == WEIR_OK);
    const word scope = w.handle("scope");
    CHECK(seen.woken == 0);
    const word gate = w.handle("gate");
    REQUIRE(weir_lane_take_slot(w.handle("lane"), gate, 1) == WEIR_OK);
    CHECK(seen.woken == 1);
    REQUIRE(weir_lane_take_slot(w.handle("lane.absent"), gate, 1) == WEIR_OK);
    REQUIRE(weir_lane_give_slot(w.handle("lane.absent"), gate) == WEIR_OK);
    CHECK(seen.woken == 1);
    CHECK(weir_queue_on_wake(seen.queue, nullptr, nullptr) == WEIR_E_BAD_STATE);
    CHECK(weir_queue_wake(seen.queue) == WEIR_OK);
    CHECK(seen.woken == 2);
    CHECK(weir_scope_close(scope) == WEIR_OK);
    CHECK(seen.woken == 2);
}
