// SPDX-License-Identifier: BSL-1.0
#include "adapters/check/check.hpp"
#include "adapters/plan/describe.hpp"
#include "tests/property/exhaustive.hpp"
#include "tests/property/knots.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <iostream>
#include <map>
#include <regex>

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

// All that conditions and keys may be. Empty: that is too much.
std::vector<world> worlds(const plan::plan& p) {
    const auto conditions = conditional_nodes(p);
    const auto keys = unknown_keys(p);
    if (conditions + keys > most_unknown) {
        return {};
    }
    std::vector<std::vector<std::string>> named;
    std::vector<std::string> none;
    name_keys(none, keys, 0, named);
    std::vector<world> all;
    for (std::uint64_t holds = 0; holds < std::uint64_t{1} << conditions; ++holds) {
        for (const auto& names : named) {
            all.push_back({holds, names});
        }
    }
    return all;
}

// By trying all orders. False: that is too much.
bool exhaustive_verdict(const plan::plan& p, verdict& out) {
    const auto all = worlds(p);
    std::size_t stuck = 0;
    for (const auto& one : all) {
        const auto fate = try_all_orders(p, one, most_states);
        if (fate == fate::too_large) {
            return false;
        }
        stuck += fate == fate::gets_stuck ? 1 : 0;
    }
    out = stuck == 0            ? verdict::sound
          : stuck == all.size() ? verdict::deadlock
                                : verdict::deadlock_when;
    return !all.empty();
}

// Those who wait, as the finding tells them.
waits told_waits(const plan::diagnostic& finding) {
    const std::regex form{"`([^`]*)` waits here (?:at barrier|for lock) `([^`]*)`"};
    waits all;
    for (const auto& n : finding.notes) {
        if (std::smatch found; std::regex_match(n.message, found, form)) {
            all.emplace_back(found[1], found[2]);
        }
    }
    return all;
}

// Does one world lead into what a finding tells? A lock whose key nobody knows is told by its
// expression: there, who waits is enough.
fate replayed(const plan::plan& p, const plan::diagnostic& finding) {
    auto expected = told_waits(finding);
    for (auto& [path, name] : expected) {
        name = name.starts_with("<+") ? "" : name;
    }
    auto best = fate::completes;
    for (const auto& one : worlds(p)) {
        const auto end =
            expected.empty() ? fate::completes : end_with(p, one, expected, most_states);
        if (end == fate::gets_stuck) {
            return end;
        }
        best = end == fate::too_large ? end : best;
    }
    return best;
}

// Of several findings one is come to; another may be a state that is come to when that is repaired.
fate replayed(const plan::plan& p, const plan::diagnostics& findings) {
    auto best = fate::completes;
    for (const auto& f : findings.all()) {
        const auto end = replayed(p, f);
        if (end == fate::gets_stuck) {
            return end;
        }
        best = end == fate::too_large ? end : best;
    }
    return best;
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

TEST_CASE(
    "the checker says of a random plan what trying all orders says, and its witness can be come "
    "to") {
    std::cout << "WEIR_PROPERTY_SEED=" << first_seed() << " WEIR_PROPERTY_PLANS=" << plans()
              << "\n";
    std::map<verdict, std::uint64_t> said;
    std::uint64_t sound_with_barriers = 0;
    std::uint64_t left_out = 0;
    std::uint64_t witnesses = 0;
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
        if (found == verdict::sound) {
            continue;
        }
        const auto end = replayed(*p, findings);
        witnesses += end == fate::gets_stuck ? 1 : 0;
        if (end == fate::completes) {
            FAIL("seed " << first_seed() + i << ": nobody comes to wait like that\n"
                         << shown(*p, findings));
        }
    }
    std::cout << "sound " << said[verdict::sound] << " (" << sound_with_barriers
              << " with a barrier of several lanes), deadlock " << said[verdict::deadlock]
              << ", when " << said[verdict::deadlock_when] << ", witnesses replayed " << witnesses
              << ", with unknown keys " << unknown_keys_tried << " (when " << stuck_on_keys
              << "), too large for trying " << left_out << "\n";
    CHECK(3 * sound_with_barriers >= said[verdict::sound]);
    CHECK(2 * left_out <= plans());
    // Of a few with many locks, the way there is not found among so many states.
    const auto stuck = said[verdict::deadlock] + said[verdict::deadlock_when];
    CHECK(10 * witnesses >= 9 * stuck);
    if (plans() >= 1000) {
        CHECK(20 * unknown_keys_tried >= said[verdict::sound]);
        CHECK(stuck_on_keys > 0);
    }
}
