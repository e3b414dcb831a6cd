// SPDX-License-Identifier: BSL-1.0
#include "adapters/check/check.hpp"
#include "adapters/plan/describe.hpp"
#include "tests/property/exhaustive.hpp"
#include "tests/property/knots.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <iostream>
#include <map>
#include <set>

using namespace weir;
using namespace weir::property;
using check::verdict;

namespace {

constexpr std::size_t most_states = 20'000;
constexpr unsigned most_unknown = 3;

std::uint64_t first_seed() {
    return number_from("WEIR_PROPERTY_SEED", 20261127);
}

std::uint64_t plans() {
    return number_from("WEIR_PROPERTY_PLANS", number_from("WEIR_RANDOM_PLANS", 2000));
}

// Every way in which so many unknown keys may be equal to known ones, or to each other.
void name_keys(std::vector<std::string>& so_far, std::size_t left, unsigned others,
               std::vector<std::vector<std::string>>& all) {
    if (left == 0) {
        all.push_back(so_far);
        return;
    }
    std::vector<std::string> names{"k", "l"};
    for (unsigned other = 0; other <= others; ++other) {
        names.push_back("other " + std::to_string(other));
    }
    for (std::size_t n = 0; n < names.size(); ++n) {
        so_far.push_back(names[n]);
        name_keys(so_far, left - 1, others + (n + 1 == names.size() ? 1 : 0), all);
        so_far.pop_back();
    }
}

// By trying all orders, for all that conditions and keys may be. False: that is too much.
bool exhaustive_verdict(const plan::plan& p, verdict& out) {
    const auto conditions = conditional_nodes(p);
    const auto keys = unknown_keys(p);
    if (conditions + keys > most_unknown) {
        return false;
    }
    std::vector<std::vector<std::string>> named;
    std::vector<std::string> none;
    name_keys(none, keys, 0, named);
    std::size_t stuck = 0;
    for (std::uint64_t holds = 0; holds < std::uint64_t{1} << conditions; ++holds) {
        for (const auto& names : named) {
            const auto fate = try_all_orders(p, {holds, names}, most_states);
            if (fate == fate::too_large) {
                return false;
            }
            stuck += fate == fate::gets_stuck ? 1 : 0;
        }
    }
    out = stuck == 0                              ? verdict::sound
          : stuck == (named.size() << conditions) ? verdict::deadlock
                                                  : verdict::deadlock_when;
    return true;
}

bool has_unknown_key(const plan::plan& p) {
    return std::ranges::any_of(p.nodes, [](const plan::node& n) {
        return n.kind == plan::node_kind::lock && n.extras->lock->key.starts_with("<+");
    });
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
    std::uint64_t unknown_keys_tried = 0;
    std::uint64_t stuck_on_keys = 0;
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
        unknown_keys_tried += has_unknown_key(*p) ? 1 : 0;
        stuck_on_keys += has_unknown_key(*p) && found == verdict::deadlock_when ? 1 : 0;
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
              << ", when " << said[verdict::deadlock_when] << ", with unknown keys "
              << unknown_keys_tried << " (when " << stuck_on_keys << "), too large for trying "
              << left_out << "\n";
    CHECK(3 * sound_with_barriers >= said[verdict::sound]);
    CHECK(2 * left_out <= plans());
    if (plans() >= 1000) {
        CHECK(20 * unknown_keys_tried >= said[verdict::sound]);
        CHECK(stuck_on_keys > 0);
    }
}
