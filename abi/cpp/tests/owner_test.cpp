// SPDX-License-Identifier: BSL-1.0
#include <string>
#include <type_traits>

#include "abi/cpp/tests/host.hpp"

static_assert(!std::is_copy_constructible_v<weir::queue> && !std::is_copy_assignable_v<weir::lane>);
static_assert(std::is_nothrow_move_constructible_v<weir::queue> &&
              std::is_nothrow_move_assignable_v<weir::queue>);
static_assert(std::is_nothrow_move_constructible_v<weir::scope> &&
              std::is_nothrow_move_assignable_v<weir::loop>);
static_assert(sizeof(weir::result<void>) == sizeof(weir_status));
static_assert(sizeof(weir::lane) == sizeof(weir_lane));

TEST(an_owner_that_was_moved_from_owns_nothing) {
    weir::queue first = made(weir::queue::create());
    const weir_queue handle = first.handle();
    weir::queue second = std::move(first);
    CHECK(!first && second.handle() == handle);
    CHECK(first.end().code() == weir::status::stale);
    weir::queue third = made(weir::queue::create());
    const weir_queue replaced = third.handle();
    third = std::move(second);
    CHECK(third.handle() == handle);
    CHECK(weir_queue_wake(replaced) == WEIR_E_STALE);
    weir::queue& itself = third;
    third = std::move(itself);
    CHECK(third.handle() == handle && third.wake());
}

TEST(a_handle_that_was_given_up_is_the_callers) {
    weir_queue handle = 0;
    {
        weir::queue queue = made(weir::queue::create());
        handle = queue.release();
        CHECK(!queue);
    }
    weir::queue again(handle);
    CHECK(again.wake());
    CHECK(again.end() && !again);
    CHECK(weir_queue_destroy(handle) == WEIR_E_STALE);
}

TEST(owners_end_what_they_own) {
    weir_runtime runtime = 0;
    weir_scope scope = 0;
    weir_plan plan = 0;
    weir_lane lane = 0;
    {
        host h;
        runtime = h.runtime.handle();
        scope = h.scope.handle();
        lane = h.lane("a").handle();
        CHECK(weir_lane_finish(lane, WEIR_SUCCEEDED) == WEIR_E_STALE);
        weir::text text = made(h.scope.describe());
        CHECK(text.view().front() == '{' && text.str() == text.view());
        const weir_text handle = text.handle();
        text = weir::text();
        CHECK(weir_text_release(handle) == WEIR_E_STALE && text.view().empty());
        weir::plan loaded =
            made(weir::plan::load("pipeline: {name: a, identifier: a, stages: []}"));
        plan = loaded.handle();
    }
    CHECK(weir_scope_close(scope) == WEIR_E_STALE);
    CHECK(weir_plan_release(plan) == WEIR_E_STALE);
    CHECK(weir_runtime_destroy_wait(runtime) == WEIR_E_STALE);
}

TEST(what_is_in_use_stays_and_says_so) {
    host h;
    CHECK(h.queue.end().code() == weir::status::busy && h.queue);
    CHECK(h.runtime.end_wait().code() == weir::status::busy && h.runtime);
    CHECK(h.scope.close() && !h.scope);
    CHECK(h.scope.close().code() == weir::status::stale);
}

TEST(an_error_has_the_librarys_words) {
    weir::runtime_options how;
    how.workers = 5000;
    const weir::result<weir::runtime> none = weir::runtime::create(how);
    CHECK(!none && none.code() == weir::status::invalid_argument);
    CHECK(none.error().text().find("workers") != std::string_view::npos);
    const weir::result<void> stale = weir::queue().wake();
    CHECK(stale.error().text() == weir::words(weir::status::stale));
    CHECK(std::string_view(weir::name(stale.code())) == "WEIR_E_STALE");
    CHECK(weir::error(static_cast<weir::status>(-999)).code() != weir::status::ok);
}

TEST(numbers_have_names) {
    using std::string_view;
    CHECK(weir::name(weir::outcome::timed_out) == string_view("timed_out"));
    CHECK(weir::name(weir::reason::timed_out) == string_view("timeout"));
    CHECK(weir::name(weir::event_kind::barrier_released) == string_view("barrier.released"));
    CHECK(weir::name(static_cast<weir::event_kind>(9999)) == string_view("unknown"));
    CHECK(weir::abi_version() >= weir::abi_wanted && weir::version() == string_view("1.0.0"));
    CHECK(weir::api()->version() == string_view(weir::version()));
    CHECK(weir::api(0x7fff0000) == nullptr);
}

TEST(a_runtime_tells_what_it_holds) {
    host h;
    const weir_statistics held = made(h.runtime.statistics());
    CHECK(held.workers == 1 && held.runs == 1);
    CHECK(weir::runtime().statistics().code() == weir::status::stale);
    CHECK(h.runtime.poll().code() == weir::status::bad_state);
}

#if defined(__cpp_exceptions)
#include <weir/throw.hpp>

TEST(results_are_thrown_where_that_is_asked_for) {
    weir::queue queue = weir::must(weir::queue::create());
    weir::must(queue.wake());
    weir::status thrown = weir::status::ok;
    try {
        weir::must(weir::queue().wake());
    } catch (const weir::exception& e) {
        thrown = e.code();
        CHECK(e.what() == e.error().text());
    }
    CHECK(thrown == weir::status::stale);
}
#endif

TEST(a_log_gets_lines_and_may_call_nothing) {
    struct kept {
        std::string lines;
        weir::status refused = weir::status::ok;
    } log;
    weir::runtime_options how;
    how.polled = true;
    how.log = [](void* context, std::uint32_t, const char* message, std::uint32_t length) {
        kept& to = *static_cast<kept*>(context);
        to.lines.append(message, length).push_back('\n');
        to.refused = weir::queue::create().code();
    };
    how.log_context = &log;
    how.log_level = WEIR_LOG_DEBUG;
    CHECK(made(weir::runtime::create(how)).end_wait());
    CHECK(log.lines == "runtime made, workers: 0\nruntime ended\n");
    CHECK(log.refused == weir::status::forbidden);
}
