// SPDX-License-Identifier: BSL-1.0
#include "adapters/check/key_choices.hpp"

#include <algorithm>
#include <map>

namespace weir::check {

namespace {

constexpr std::size_t most_unknown = 16;

class chooser {
public:
    chooser(const occurrences& all, const scenario& worst, const std::vector<bool>& held,
            std::uint64_t most)
        : worst_{worst}, held_{held}, most_{most}, now_{all.keys().size()} {
        for (std::uint32_t k = 0; k < all.keys().size(); ++k) {
            if (all.keys()[k].requests.empty())
                continue;
            if (all.keys()[k].known)
                classes_.push_back({k, held[k]});
            else
                unknown_.push_back(k);
        }
        // Where nobody waits while he holds one, who is equal to whom does not matter.
        if (std::ranges::find(held, true) == held.end())
            unknown_.clear();
        if (unknown_.size() > most_unknown) {
            made_.all = false;
            unknown_.resize(most_unknown);
        }
    }

    key_choices choose() {
        extend(0);
        return std::move(made_);
    }

private:
    struct one_class {
        std::uint32_t first;
        bool held;
    };

    void extend(std::size_t at) {
        if (made_.tried.size() >= most_) {
            made_.all = false;
            return;
        }
        if (at == unknown_.size()) {
            made_.tried.push_back(worst_);
            return now_.apply(made_.tried.back(), held_);
        }
        const auto key = unknown_[at];
        classes_.push_back({key, held_[key]});
        extend(at + 1);
        classes_.pop_back();
        for (std::size_t c = 0; c < classes_.size(); ++c) {
            const bool was = classes_[c].held;
            if (!was && !held_[key])
                continue;
            classes_[c].held = true;
            now_.join(key, classes_[c].first);
            extend(at + 1);
            classes_[c].held = was;
        }
        now_.part(key);
    }

    const scenario& worst_;
    const std::vector<bool>& held_;
    const std::uint64_t most_;
    std::vector<std::uint32_t> unknown_;
    std::vector<one_class> classes_;
    key_classes now_;
    key_choices made_;
};

}  // namespace

key_classes::key_classes(std::size_t keys) : class_(keys) {
    for (std::uint32_t k = 0; k < keys; ++k)
        part(k);
}

key_classes::key_classes(const scenario& s) : key_classes(s.locked.size()) {
    for (std::uint32_t k = 0; k < s.same.size(); ++k) {
        if (s.same[k] != k)
            join(k, s.same[k]);
    }
}

void key_classes::apply(scenario& to, const std::vector<bool>& held) const {
    std::map<std::uint32_t, std::uint32_t> first;
    to.same.resize(class_.size());
    to.locked.assign(class_.size(), false);
    for (std::uint32_t k = 0; k < class_.size(); ++k) {
        to.same[k] = first.try_emplace(class_[k], k).first->second;
        to.locked[to.same[k]] = to.locked[to.same[k]] || held[k];
    }
}

key_choices choices_of_keys(const occurrences& all, const scenario& worst,
                            const std::vector<bool>& held, std::uint64_t most) {
    return chooser{all, worst, held, most}.choose();
}

}  // namespace weir::check
