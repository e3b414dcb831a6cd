// SPDX-License-Identifier: BSL-1.0
#include "adapters/check/check.hpp"

#include "adapters/check/components.hpp"
#include "adapters/check/inquiry.hpp"
#include "adapters/check/remarks.hpp"

#include <algorithm>
#include <vector>

namespace weir::check {

namespace {

constexpr std::size_t most_causes = 20;
constexpr std::uint64_t most_searches = 10;  // that are cut short
constexpr std::size_t most_together = 12;    // assumptions that are tried in all combinations

// Does some component get stuck, whatever holds? Each may hang on the same condition, one on its
// being true, another on its being false.
bool leave_no_way(const std::vector<assumptions>& stuck_under) {
    assumptions all;
    for (const auto& s : stuck_under)
        all.insert(s.begin(), s.end());
    if (all.size() > most_together)
        return false;
    for (std::uint64_t trial = 0; trial < std::uint64_t{1} << all.size(); ++trial) {
        std::size_t bit = 0;
        for (auto& [what, holds] : all)
            holds = (trial >> bit++ & 1U) != 0;
        const bool stuck = std::ranges::any_of(stuck_under, [&](const assumptions& s) {
            return std::ranges::all_of(s,
                                       [&](const auto& a) { return all.at(a.first) == a.second; });
        });
        if (!stuck)
            return false;
    }
    return true;
}

class examination {
public:
    examination(const plan::plan& document, plan::diagnostics& findings, const options& how)
        : document_{document},
          whole_{document, how.slots},
          findings_{findings},
          how_{how},
          left_{most_searches * how.most_steps, most_causes, plan::no_node} {}

    verdict run() {
        if (whole_.empty())
            return verdict::sound;
        const auto sets = components(whole_);
        for (const auto& steps : sets) {
            if (sets.size() == 1) {
                look_at(whole_);
            } else {
                occurrences part{whole_, steps};
                look_at(part);
            }
        }
        if (said_ == verdict::deadlock_when && leave_no_way(certain_))
            return verdict::deadlock;
        if (said_ == verdict::not_proved)
            tell_unproved();
        return said_;
    }

private:
    void look_at(occurrences& part) {
        inquiry one{part, findings_, how_, left_};
        const auto said = one.run();
        if (rank(said) > rank(said_))
            said_ = said;
        if (said == verdict::deadlock_when)
            certain_.insert(certain_.end(), one.certain().begin(), one.certain().end());
    }

    static int rank(verdict v) noexcept {
        switch (v) {
        case verdict::sound:
            return 0;
        case verdict::not_proved:
            return 1;
        case verdict::deadlock_when:
            return 2;
        case verdict::deadlock:
            break;
        }
        return 3;
    }

    void tell_unproved() {
        const auto step = left_.unknown_amounts;
        const bool amounts = step != plan::no_node;
        auto& found = findings_.add(
            how_.allow_unproved ? plan::code::unproved : plan::code::not_proved,
            amounts ? document_[step].where : document_.root().where,
            amounts
                ? "how many permits are asked for here, of how many, is known only in a run, and "
                  "somebody waits while he holds some: whether the pipeline can get stuck cannot "
                  "be "
                  "found out"
                : "so many steps take locks that looking at every order in which they may ask for "
                  "them, and at all that is unknown, costs too much: whether they can get stuck "
                  "was "
                  "not found out");
        if (amounts)
            found.path = plan::path_of(document_, step);
        found.help = amounts
                         ? "write `capacity` and `permits` as numbers, let the step come after "
                           "the barrier, or accept this with `--allow-unproved`"
                         : "let fewer steps hold a lock while they wait for a barrier or another "
                           "lock, or accept this with `--allow-unproved`";
    }

    const plan::plan& document_;
    occurrences whole_;
    plan::diagnostics& findings_;
    const options& how_;
    allowance left_;
    verdict said_ = verdict::sound;
    std::vector<assumptions> certain_;
};

}  // namespace

verdict check(const plan::plan& document, plan::diagnostics& findings, const options& how) {
    remark_on_rollbacks(document, findings);
    return examination{document, findings, how}.run();
}

}  // namespace weir::check
