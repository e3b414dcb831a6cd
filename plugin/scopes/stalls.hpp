// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>

#include "plugin/scopes/wait_point.hpp"

namespace weir::plugin {

// Decides stalls in a tree whose host has said WEIR_SCOPE_SEQUENTIAL: lanes that wait in a circle.
//
// A lane can move when it does not wait, when that at which it waits can end, or when a lane below
// it can move. A barrier can end while one of the missing can move (who comes, or fails), or
// something holds it open; a gate, while one of the holders can. All of it is "or": what cannot end
// is that from which no lane that moves can be reached. So a stall can only begin at a barrier or
// gate where a lane begins to wait, or that loses somebody who could move, and is looked for there.
//
// Each barrier and gate remembers one who can move, as solvers watch a literal: to look again is to
// ask that one, and a search is due only when it stops. [under the tree's lock]
//
// Shown by tests/plugin/scope_stalls_test.cpp, against a model by
// tests/plugin/scope_stalls_random_test.cpp.
class stalls {
public:
    // A lane waits here from now on, or one for whom it waited is gone.
    void look(wait_point& at) noexcept;

    // The same, later: the call is not over yet.
    void suspect(wait_point& at) noexcept;
    void look_at_suspects() noexcept;

private:
    [[nodiscard]] bool follow(wait_point& from) noexcept;
    [[nodiscard]] bool search(wait_point& from) noexcept;
    void decide(wait_point& from) noexcept;
    [[nodiscard]] wait_point& first_on_some_way(wait_point& from) noexcept;
    [[nodiscard]] bool find_circle(wait_point& through) noexcept;
    void begin(wait_point& from) noexcept;
    void reach(wait_point& goal, wait_point& from, host_lane& through) noexcept;

    std::uint64_t searches_ = 0;
    wait_point* last_seen_ = nullptr;
    wait_point* suspects_ = nullptr;
};

}  // namespace weir::plugin
