// SPDX-License-Identifier: BSL-1.0
#pragma once

// The plainest model of a barrier: what each call must do, with no thought for speed.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "fibers/barrier_core.hpp"

namespace weir::fibers::test {

struct outcome {
    verdict kind = verdict::pending;
    reason why = reason::none;
    int culprit = -1;
    std::uint32_t arrived = 0;
    std::uint32_t generation = 0;
    bool late = false;
    bool operator==(const outcome&) const = default;
};

// `wanted` of a barrier that is in `now`: it may have forgotten all but the verdict of generations
// that are long gone.
inline bool same(const outcome& said, const outcome& wanted, std::uint32_t now) {
    if (wanted.kind == verdict::released && wanted.generation + 1 < now) {
        return said.kind == verdict::released && said.generation == wanted.generation &&
               said.late == wanted.late;
    }
    return said == wanted;
}

struct barrier_model {
    static constexpr std::size_t parties = 6;

    struct answer {
        std::size_t who;
        outcome said;
        bool operator==(const answer&) const = default;
    };

    bool cyclic = false;
    bool completes = false;
    std::uint32_t quorum = 0;

    bool open = false;
    bool releasing = false;
    std::uint32_t reserved = 0;
    std::uint32_t generation = 1;
    std::optional<outcome> last;  // the final decision
    std::vector<outcome> decisions;
    std::array<party_state, parties> state{};
    std::array<std::uint32_t, parties> came_in{};  // the last generation that each has done with
    std::vector<std::size_t> waiting;              // in order of arrival
    std::vector<answer> answers;  // of arrivals, in the order in which they are given
    int lost = -1;
    reason lost_why = reason::unreachable;

    std::uint32_t count(party_state s) const {
        return static_cast<std::uint32_t>(std::count(state.begin(), state.end(), s));
    }
    bool member(std::size_t i) const {
        return state[i] == party_state::expected || state[i] == party_state::arrived;
    }
    void decide(verdict kind, reason why, int culprit) {
        const outcome d{kind, why, culprit, count(party_state::arrived), generation, false};
        decisions.push_back(d);
        releasing = false;
        for (const std::size_t i : waiting) {
            answers.push_back({i, d});
        }
        waiting.clear();
        if (kind == verdict::released && cyclic) {
            ++generation;
            std::replace(state.begin(), state.end(), party_state::arrived, party_state::expected);
        } else {
            last = d;
        }
    }
    void evaluate() {
        if (last || !open || reserved != 0 || releasing) {
            return;
        }
        const auto arrived = count(party_state::arrived);
        const auto left = arrived + count(party_state::expected);
        if (quorum == 0 ? left == arrived : arrived >= quorum) {
            if (arrived == 0) {
                decide(verdict::voided, reason::none, -1);
            } else if (completes) {
                releasing = true;
            } else {
                decide(verdict::released, reason::none, -1);
            }
        } else if (quorum != 0 && left < quorum) {
            if (left == 0 && lost == -1) {
                decide(verdict::voided, reason::none, -1);
            } else {
                decide(verdict::broken, lost_why, lost);
            }
        }
    }
    void arrive(std::size_t i) {
        if (state[i] == party_state::expected && came_in[i] + 1 < generation) {
            answers.push_back({i, decisions[came_in[i]++]});
            answers.back().said.late = true;
        } else if (last) {
            answers.push_back({i, *last});
            answers.back().said.late = came_in[i] != generation;
        } else if (state[i] != party_state::expected) {
            answers.push_back({i, {.generation = generation, .late = true}});
        } else {
            state[i] = party_state::arrived;
            came_in[i] = generation;
            waiting.push_back(i);
            evaluate();
        }
    }
    void take_back(std::size_t i, reason why = reason::none) {
        waiting.erase(std::find(waiting.begin(), waiting.end(), i));
        const int culprit = why == reason::none ? -1 : static_cast<int>(i);
        answers.push_back({i, {.why = why, .culprit = culprit, .generation = generation}});
        came_in[i] = generation - 1;
    }
    bool withdraw(std::size_t i) {
        if (last || !member(i) || (releasing && state[i] == party_state::arrived)) {
            return false;
        }
        if (state[i] == party_state::arrived) {
            take_back(i);
        }
        state[i] = party_state::withdrawn;
        evaluate();
        return true;
    }
    bool retract(std::size_t i, std::uint32_t of = 0) {
        if (last || releasing || state[i] != party_state::arrived ||
            (of != 0 && of != generation)) {
            return false;
        }
        take_back(i);
        state[i] = party_state::expected;
        return true;
    }
    bool fail(std::size_t i, reason why, std::uint32_t of = 0) {
        if (last || !member(i) || (of != 0 && of != generation)) {
            return false;
        }
        if (quorum != 0) {
            if (state[i] == party_state::arrived) {
                take_back(i, why);
            }
            lost = static_cast<int>(i);
            lost_why = why;
            state[i] = party_state::failed;
            if (releasing && count(party_state::arrived) < quorum) {
                decide(verdict::broken, why, static_cast<int>(i));
            }
            evaluate();
            return true;
        }
        const auto before = count(party_state::arrived);
        state[i] = party_state::failed;
        decide(verdict::broken, why, static_cast<int>(i));
        decisions.back().arrived = last->arrived = before;
        for (answer& a : answers) {
            if (a.said.kind == verdict::broken && !a.said.late) {
                a.said.arrived = before;
            }
        }
        return true;
    }
    bool expect(std::size_t i) {
        if (last || (releasing && !member(i)) || state[i] == party_state::failed) {
            return false;
        }
        if (!member(i)) {
            state[i] = party_state::expected;
            came_in[i] = generation - 1;
        }
        return true;
    }
    void reserve() { ++reserved; }
    void settle() {
        --reserved;
        evaluate();
    }
    void open_up() {
        open = true;
        evaluate();
    }
    void finish(std::uint32_t of, reason why) {
        if (releasing && of == generation) {
            decide(why == reason::none ? verdict::released : verdict::broken, why, -1);
        }
    }
    void break_now(reason why) {
        if (!last) {
            decide(verdict::broken, why, -1);
        }
    }
    void release_now() {
        if (!last) {
            decide(verdict::released, reason::by_hand, -1);
        }
    }
};

}  // namespace weir::fibers::test
