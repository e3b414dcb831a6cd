// SPDX-License-Identifier: BSL-1.0
#include <cstdint>
#include <string_view>

#include "abi/cpp/tests/host.hpp"

using weir::status;

/// Longer than 32 bits can say, as far as anybody asks: it is refused before it is looked at. Cut
/// to 32 bits it would be "gate".
static constexpr std::string_view too_long("gate", std::uint64_t{UINT32_MAX} + 5);

TEST(a_text_that_is_too_long_is_refused_not_cut) {
    host h;
    weir::barrier_options how;
    how.parties = 1;
    made(h.scope.declare("gate", how));
    CHECK(h.scope.find(too_long).code() == status::invalid_argument);
    CHECK(h.scope.declare(too_long).code() == status::invalid_argument);
    CHECK(h.scope.open_lane(too_long).code() == status::invalid_argument);
    CHECK(h.scope.open_gate(too_long, 1).code() == status::invalid_argument);
    CHECK(weir::scope::open(h.runtime, h.queue, too_long).code() == status::invalid_argument);
    CHECK(weir::loop::open(too_long).code() == status::invalid_argument);
    CHECK(weir::plan::load(too_long).code() == status::invalid_argument);
    for (const auto member : {&weir::load_options::adapter, &weir::load_options::file,
                              &weir::load_options::variables}) {
        weir::load_options options;
        options.*member = too_long;
        CHECK(weir::plan::load(two_steps, options).code() == status::invalid_argument);
    }
    const weir::plan plan = made(weir::plan::load(two_steps));
    for (const auto member : {&weir::run_options::id, &weir::run_options::simulation}) {
        weir::run_options options;
        options.*member = too_long;
        CHECK(weir::run::start(h.runtime, plan, h.queue, options).code() ==
              status::invalid_argument);
    }
    walk w(two_steps);
    const weir::step one = w.asked();
    CHECK(one.finish(end::succeeded, too_long).code() == status::invalid_argument);
    CHECK(one.finish(end::succeeded, {}, too_long).code() == status::invalid_argument);
    CHECK(one.progress(too_long).code() == status::invalid_argument);
    CHECK(w.run.cancel(too_long).code() == status::invalid_argument);
    CHECK(w.run.break_barrier(too_long).code() == status::invalid_argument);
    CHECK(w.run.intervene("x", too_long).code() == status::invalid_argument);
    CHECK(w.run.cancel() && one.finish(end::cancelled));
    CHECK(w.ended() == end::cancelled);
}
