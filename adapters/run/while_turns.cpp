// SPDX-License-Identifier: BSL-1.0
#include "adapters/run/while_turns.hpp"

#include "adapters/run/failing.hpp"
#include "adapters/run/forks.hpp"
#include "adapters/run/lookup.hpp"
#include "adapters/run/run.hpp"
#include "adapters/run/turns.hpp"

namespace weir::runs {

namespace {

expressions::result asked(activation& loop, const frame& at) {
    expressions::result said;
    loop.owner.home().on_own_stack([&] {
        said = expressions::condition(loop.what->loop()->condition, lookup{loop.owner, at});
    });
    return said;
}

}  // namespace

outcome run_while(activation& loop, const plan::expansion& turns, fork& lanes) {
    auto turn = turns.first();
    std::string_view before = loop.path;
    do {
        const auto said = asked(loop, {&loop, loop.what, &turns, turn, before});
        if (said.status != expressions::status::ok) {
            return fail(
                loop, {"Unknown", "the condition of its `while` cannot be evaluated before turn " +
                                      std::to_string(turn.index) + ": " + said.message});
        }
        if (!said.value.get<bool>())
            break;
        before = turn_path(loop, turns, turn);
        start_lane(begin_turn(loop, turns, turn, before), lanes);
        await(loop, lanes);
    } while (!loop.halted && turns.advance(turn));
    return ended_fork(loop);
}

}  // namespace weir::runs
