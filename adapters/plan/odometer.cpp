// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/odometer.hpp"

#include "adapters/plan/json_text.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <numeric>
#include <utility>

namespace weir::plan {

namespace {

constexpr std::size_t most_keys = 1'000'000;

std::string identity_of(const json& value, odometer::equal_by how) {
    return how == odometer::equal_by::text
               ? text_of(value)
               : value.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

void odometer::add(std::string name, std::vector<json> values, equal_by how) {
    dimension& d = dimensions_.emplace_back();
    d.name = std::move(name);
    d.values = std::move(values);
    d.original.resize(d.values.size());
    std::iota(d.original.begin(), d.original.end(), 0u);
    auto& numbers = numbers_.emplace_back();
    d.same.reserve(d.values.size());
    for (const json& value : d.values) {
        const auto next = static_cast<std::uint32_t>(numbers.size());
        d.same.push_back(numbers.try_emplace(identity_of(value, how), next).first->second);
    }
    d.alike.resize(numbers.size());
}

std::optional<std::uint32_t> odometer::number_of(std::uint32_t of, const std::string& text) const {
    const auto found = numbers_[of].find(text);
    if (found == numbers_[of].end())
        return std::nullopt;
    return found->second;
}

void odometer::exclude(std::vector<term> entry) {
    for (term& t : entry)
        std::sort(t.values.begin(), t.values.end());
    std::stable_sort(entry.begin(), entry.end(),
                     [](const term& a, const term& b) { return a.dimension < b.dimension; });
    for (std::size_t i = 1; i < entry.size();) {
        if (entry[i].dimension != entry[i - 1].dimension) {
            ++i;
            continue;
        }
        std::vector<std::uint32_t> both;
        std::set_intersection(entry[i - 1].values.begin(), entry[i - 1].values.end(),
                              entry[i].values.begin(), entry[i].values.end(),
                              std::back_inserter(both));
        entry[i - 1].values = std::move(both);
        entry.erase(entry.begin() + static_cast<std::ptrdiff_t>(i));
    }
    const auto none = [](const term& t) { return t.values.empty(); };
    if (!entry.empty() && std::none_of(entry.begin(), entry.end(), none))
        entries_.push_back(std::move(entry));
}

void odometer::count_alike(dimension& d) {
    std::fill(d.alike.begin(), d.alike.end(), 0u);
    d.before.clear();
    d.before.reserve(d.same.size());
    for (const std::uint32_t same : d.same)
        d.before.push_back(d.alike[same]++);
}

// An entry that names one axis only takes those values out of it: nothing is left to step over.
void odometer::drop_single_values() {
    for (std::uint32_t i = 0; i < dimensions_.size(); ++i) {
        dimension& d = dimensions_[i];
        std::vector<bool> gone(d.alike.size());
        bool any = false;
        for (const auto& entry : entries_) {
            if (entry.size() != 1 || entry.front().dimension != i)
                continue;
            for (const std::uint32_t same : entry.front().values)
                gone[same] = true;
            any = true;
        }
        if (!any)
            continue;
        std::size_t kept = 0;
        for (std::size_t v = 0; v < d.values.size(); ++v) {
            if (gone[d.same[v]])
                continue;
            if (kept != v) {
                d.values[kept] = std::move(d.values[v]);
                d.original[kept] = d.original[v];
                d.same[kept] = d.same[v];
            }
            ++kept;
        }
        d.values.resize(kept);
        d.original.resize(kept);
        d.same.resize(kept);
    }
}

// Every way to take one value of each of the entry's terms. False when there are too many.
bool odometer::add_keys(const std::vector<term>& entry, mask& into) {
    std::vector<std::size_t> at(entry.size());
    for (;;) {
        std::vector<fixed> terms;
        std::uint64_t key = 0;
        bool left = true;
        for (std::size_t i = 0; i < entry.size(); ++i) {
            const dimension& d = dimensions_[entry[i].dimension];
            const std::uint32_t same = entry[i].values[at[i]];
            left = left && d.alike[same] != 0;  // another entry may have taken it out
            terms.push_back({entry[i].dimension, same});
            key = key * d.alike.size() + same;
        }
        if (left && into.keys.insert(key).second) {
            if (exclusions_.size() == most_keys)
                return false;
            exclusions_.push_back(std::move(terms));
        }
        std::size_t turn = entry.size();
        while (turn > 0 && ++at[turn - 1] == entry[turn - 1].values.size())
            at[--turn] = 0;
        if (turn == 0)
            return true;
        if (++steps_ == 4 * most_keys)
            return false;
    }
}

bool odometer::make_masks() {
    std::map<std::vector<std::uint32_t>, std::size_t> known;
    for (const auto& entry : entries_) {
        if (entry.size() < 2)
            continue;
        std::vector<std::uint32_t> named;
        for (const term& t : entry)
            named.push_back(t.dimension);
        const auto [at, fresh] = known.try_emplace(named, masks_.size());
        if (fresh)
            masks_.push_back({named, {}, dimensions_[named.back()].stride});
        if (!add_keys(entry, masks_[at->second]))
            return false;
    }
    std::erase_if(masks_, [](const mask& m) { return m.keys.empty(); });
    std::stable_sort(masks_.begin(), masks_.end(),
                     [](const mask& a, const mask& b) { return a.stride > b.stride; });
    return true;
}

void odometer::finish(std::uint64_t walkable) {
    drop_single_values();
    std::uint64_t product = 1;
    for (auto d = dimensions_.rbegin(); d != dimensions_.rend(); ++d) {
        count_alike(*d);
        d->stride = product;
        if (product != 0 && d->values.size() > too_many / product)
            product = too_many;
        else
            product *= d->values.size();
    }
    // A later axis without values leaves nothing, however many combinations overflowed before it.
    if (std::any_of(dimensions_.begin(), dimensions_.end(),
                    [](const dimension& d) { return d.values.empty(); })) {
        product = 0;
    }
    all_differ_ = std::all_of(dimensions_.begin(), dimensions_.end(), [](const dimension& d) {
        return std::all_of(d.alike.begin(), d.alike.end(), [](std::uint32_t n) { return n <= 1; });
    });
    combinations_ = count_ = product;
    numbers_ = {};
    if (product == 0 || product >= too_many)
        return;
    const bool told_apart = make_masks();
    entries_ = {};
    if (!told_apart) {
        count_ = too_many;
        return;
    }
    if (masks_.empty())
        return;

    std::vector<rest> alive;
    for (const auto& e : exclusions_)
        alive.emplace_back(e.data(), e.data() + e.size());
    std::uint64_t excluded = 0;
    std::uint64_t budget = 1'000'000 + 64 * alive.size();
    if (combinations_ > walkable) {
        count_ = too_many;
    } else if (count_excluded(0, alive, excluded, budget)) {
        count_ = combinations_ - excluded;
    } else {
        count_ = 0;
        for (std::uint64_t c = allowed(0); c < combinations_; c = allowed(c + 1))
            ++count_;
    }
    exclusions_ = {};
}

// Counts what is excluded among the combinations of the axes from `at` on, given the exclusions
// that the values chosen so far have met. Values that no exclusion names are alike: they are
// counted once. False when the budget is used up (many exclusions that each leave out other axes).
bool odometer::count_excluded(std::size_t at, const std::vector<rest>& alive, std::uint64_t& sum,
                              std::uint64_t& budget) const {
    sum = 0;
    if (alive.empty())
        return true;
    if (budget < alive.size())
        return false;
    budget -= alive.size();
    for (const rest& r : alive) {
        if (r.first != r.second)
            continue;
        sum = at == 0 ? combinations_ : dimensions_[at - 1].stride;
        return true;
    }
    // The met ones that name a value of this axis, by value; then those that do not name it at all.
    const dimension& d = dimensions_[at];
    std::vector<rest> ordered(alive);
    const auto named = [at](const rest& r) { return r.first->dimension == at; };
    const auto free = std::partition(ordered.begin(), ordered.end(), named);
    const auto same = [](const rest& r) { return r.first->same; };
    std::sort(ordered.begin(), free,
              [&same](const rest& a, const rest& b) { return same(a) < same(b); });

    const bool last = at + 1 == dimensions_.size();  // every exclusion left is met in full
    std::uint64_t unnamed = d.values.size();
    std::uint64_t part = 1;
    std::vector<rest> met;
    for (auto from = ordered.begin(); from != free;) {
        const auto to =
            std::find_if(from, free, [&](const rest& r) { return same(r) != same(*from); });
        if (!last) {
            met.assign(free, ordered.end());
            for (auto r = from; r != to; ++r)
                met.emplace_back(r->first + 1, r->second);
            if (!count_excluded(at + 1, met, part, budget))
                return false;
        }
        unnamed -= d.alike[same(*from)];
        sum += d.alike[same(*from)] * part;
        from = to;
    }
    if (unnamed == 0 || last)
        return true;
    met.assign(free, ordered.end());
    if (!count_excluded(at + 1, met, part, budget))
        return false;
    sum += unnamed * part;
    return true;
}

std::uint64_t odometer::key(const mask& m, std::uint64_t combination) const noexcept {
    std::uint64_t key = 0;
    for (const std::uint32_t i : m.dimensions) {
        const dimension& d = dimensions_[i];
        key = key * d.alike.size() + d.same[digit(combination, d)];
    }
    return key;
}

std::uint64_t odometer::step_over(std::uint64_t from) const noexcept {
    while (from < combinations_) {
        const auto hit = std::find_if(masks_.begin(), masks_.end(),
                                      [&](const mask& m) { return m.keys.contains(key(m, from)); });
        if (hit == masks_.end())
            return from;
        from = (from / hit->stride + 1) * hit->stride;
    }
    return combinations_;
}

std::uint64_t odometer::equal_before(std::uint64_t combination) const noexcept {
    if (all_differ_)
        return 0;
    std::uint64_t rank = 0;
    for (const dimension& d : dimensions_) {
        const std::uint32_t at = digit(combination, d);
        rank = rank * d.alike[d.same[at]] + d.before[at];
    }
    return rank;
}

}  // namespace weir::plan
