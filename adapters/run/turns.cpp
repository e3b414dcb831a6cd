// SPDX-License-Identifier: BSL-1.0
#include "adapters/run/turns.hpp"

#include "adapters/run/lookup.hpp"
#include "adapters/run/run.hpp"

namespace weir::runs {

namespace {

plan::expansion::evaluator evaluator_at(run& owner, const frame& at, bool& known) {
    return [&owner, &at, &known](std::string_view expression,
                                 std::string& error) -> std::unique_ptr<json> {
        auto found = expressions::value_of(expression, lookup{owner, at});
        if (found.status == expressions::status::ok)
            return std::make_unique<json>(std::move(found.value));
        if (found.status == expressions::status::not_yet)
            known = false;
        error = std::move(found.message);
        return nullptr;
    };
}

}  // namespace

std::shared_ptr<const plan::expansion> expand(run& owner, const frame& at, bool& known,
                                              std::string& error) {
    known = true;
    plan::expansion::options how;
    how.compat_harness = owner.document().compat_harness;
    return plan::expansion::make(*at.what->loop(), how, evaluator_at(owner, at, known), error);
}

std::string_view path_of_turn(run& owner, const frame& loop, const plan::expansion& turns,
                              const plan::instance& turn) {
    const frame at{&loop, loop.what, &turns, turn, loop.path, {}, loop.live};
    bool known = true;
    return owner.keep(std::string{loop.path} + turns.suffix(turn, evaluator_at(owner, at, known)));
}

std::shared_ptr<const plan::expansion> turns_of(activation& loop, std::string& error) {
    if (loop.members && loop.members->turns)
        return loop.members->turns;
    std::shared_ptr<const plan::expansion> made;
    loop.owner.home().on_own_stack([&] {
        bool known = true;
        made = expand(loop.owner, loop, known, error);
        if (!made || !loop.members)
            return;
        loop.owner.members().settle(*loop.members, made);
        loop.join(loop.members);
    });
    return made;
}

std::string_view turn_path(activation& loop, const plan::expansion& turns,
                           const plan::instance& turn) {
    // The roster names the turns that it knows, in the same order.
    // A loop that is tried again goes by another path.
    if (loop.next_member && loop.next_member->turn.index == turn.index &&
        loop.members->path == loop.path)
        return loop.next_member->path;
    std::string_view path;
    loop.owner.home().on_own_stack([&] { path = path_of_turn(loop.owner, loop, turns, turn); });
    return path;
}

activation& begin_turn(activation& loop, const plan::expansion& turns, const plan::instance& turn,
                       std::string_view path) {
    std::string_view known_as;
    if (!loop.known_as.empty()) {
        known_as = loop.owner.keep(std::string{loop.known_as} +
                                   std::string{path.substr(loop.path.size())});
    }
    auto& made = loop.owner.begin(&loop, *loop.what, path);
    made.loop = &turns;
    made.turn = turn;
    made.known_as = known_as;
    if (loop.next_member && loop.next_member->turn.index == turn.index) {
        made.join(loop.next_member);
        loop.next_member = made.members->next;
    }
    return made;
}

}  // namespace weir::runs
