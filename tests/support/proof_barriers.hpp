// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "tests/support/proof_nodes.hpp"
#include "tests/support/proof_record.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace weir::test {

// Barriers: who was expected, who came, one decision, and nobody past it before.
class barrier_rules {
public:
    explicit barrier_rules(const node_rules& nodes) : nodes_(nodes) {}

    void party(std::string_view type,
               const record& event);  // expected, arrived, withdrawn, failed, retracted
    void reservation(std::string_view type, const record& event);
    void decision(std::string_view type, const record& event);
    void barrier_step_finished(const record& event);
    void end(proof& into) const;

private:
    enum class state { expected, arrived, withdrawn, failed };
    struct party_state {
        state now = state::expected;
        std::size_t line = 0;  // of the last change
        std::size_t expected_at = 0;
        bool finished = false;  // its Barrier step ended
        bool gone = false;      // it failed or withdrew after the decision
    };
    struct generation {
        std::string name;  // for people
        std::size_t first_line = 0;
        std::string decision;  // its type; empty: none yet
        std::unordered_map<std::string, party_state> parties;
        std::unordered_set<std::string> reserved;
        std::size_t expected = 0, arrived = 0;
        std::size_t fell_out = 0;  // failed after they had arrived
    };

    struct early_end {
        std::size_t line;
        std::string what;
        std::string path;
        const party_state* party;
    };

    generation& of(const record& event);
    void released(const generation& barrier, const record& event) const;
    void broken(const generation& barrier, const record& event) const;
    void voided(const generation& barrier, const record& event) const;

    const node_rules& nodes_;
    std::map<std::string, generation> generations_;
    std::vector<early_end> early_;  // Barrier steps that failed before their barrier was decided
};

}  // namespace weir::test
