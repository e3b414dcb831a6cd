// SPDX-License-Identifier: BSL-1.0
#include "adapters/check/check.hpp"
#include "adapters/plan/describe.hpp"
#include "tests/property/exhaustive.hpp"
#include "tests/property/knots.hpp"

#include <catch2/catch_test_macros.hpp>

#include <iostream>
#include <map>
#include <set>

using namespace weir;
using namespace weir::property;
using check::verdict;

namespace {

constexpr std::size_t most_states = 20'000;
constexpr unsigned most_conditions = 3;

std::uint64_t first_seed() {
    return number_from("WEIR_PROPERTY_SEED", 20261127);
}

std::uint64_t plans() {
    return number_from("WEIR_PROPERTY_PLANS", number_from("WEIR_RANDOM_PLANS", 2000));
}

// By trying all orders, for all that the conditions may be. False: that is too much.
bool exhaustive_verdict(const plan::plan& p, verdict& out) {
    const auto conditions = conditional_nodes(p);
    if (conditions > most_conditions) {
        return false;
    }
    unsigned stuck = 0;
    for (std::uint64_t holds = 0; holds < std::uint64_t{1} << conditions; ++holds) {
        const auto fate = try_all_orders(p, holds, most_states);
        if (fate == fate::too_large) {
            return false;
        }
        stuck += fate == fate::gets_stuck ? 1 : 0;
    }
    out = stuck == 0                    ? verdict::sound
          : stuck == (1U << conditions) ? verdict::deadlock
                                        : verdict::deadlock_when;
    return true;
}

// A barrier that several lanes name.
bool meets_anybody(const plan::plan& p) {
    std::map<std::uint32_t, unsigned> uses;
    for (const auto& n : p.nodes) {
        if (n.kind == plan::node_kind::barrier && ++uses[n.barrier] > 1) {
            return true;
        }
    }
    return false;
}

std::string shown(const plan::plan& p, const plan::diagnostics& findings) {
    auto text = plan::to_tree(p);
    for (const auto& f : findings.all()) {
        text += f.message + "\n";
        for (const auto& n : f.notes) {
            text += "  note: " + n.message + "\n";
        }
    }
    return text;
}

}  // namespace

TEST_CASE("the checker says of a random plan what trying all orders says") {
    std::cout << "WEIR_PROPERTY_SEED=" << first_seed() << " WEIR_PROPERTY_PLANS=" << plans()
              << "\n";
    std::map<verdict, std::uint64_t> said;
    std::uint64_t sound_with_barriers = 0;
    std::uint64_t left_out = 0;
    for (std::uint64_t i = 0; i < plans(); ++i) {
        dice d{first_seed() + i};
        const auto p = random_knot(d);
        verdict truth{};
        if (!exhaustive_verdict(*p, truth)) {
            ++left_out;
            continue;
        }
        plan::diagnostics findings;
        const auto found = check::check(*p, findings);
        ++said[found];
        sound_with_barriers += found == verdict::sound && meets_anybody(*p) ? 1 : 0;
        if (found != truth) {
            FAIL("seed " << first_seed() + i << ": the checker says " << static_cast<int>(found)
                         << ", trying all orders " << static_cast<int>(truth) << "\n"
                         << shown(*p, findings));
        }
        CHECK(findings.any_error() == (found != verdict::sound));
    }
    std::cout << "sound " << said[verdict::sound] << " (" << sound_with_barriers
              << " with a barrier of several lanes), deadlock " << said[verdict::deadlock]
              << ", when " << said[verdict::deadlock_when] << ", too large for trying " << left_out
              << "\n";
    CHECK(3 * sound_with_barriers >= said[verdict::sound]);
    CHECK(2 * left_out <= plans());
}
