// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/odometer.hpp"

#include "adapters/plan/json_text.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace weir::plan {

void odometer::add(std::string name, std::vector<json> values) {
    dimension& d = dimensions_.emplace_back();
    d.name = std::move(name);
    d.values = std::move(values);
    d.original.resize(d.values.size());
    for (std::uint32_t i = 0; i < d.original.size(); ++i) d.original[i] = i;
}

void odometer::exclude(const std::vector<term>& entry) { entries_.push_back(entry); }

void odometer::number(dimension& d) const {
    std::unordered_map<std::string, std::uint32_t> numbers;
    d.same.clear();
    d.before.clear();
    d.alike.clear();
    for (const json& value : d.values) {
        const auto next = static_cast<std::uint32_t>(numbers.size());
        const std::uint32_t same = numbers.try_emplace(text_of(value), next).first->second;
        if (same == next) d.alike.push_back(0);
        d.same.push_back(same);
        d.before.push_back(d.alike[same]++);
    }
}

// An entry that names one axis only takes those values out of it: nothing is left to step over.
void odometer::drop_single_values() {
    for (std::uint32_t i = 0; i < dimensions_.size(); ++i) {
        std::unordered_set<std::string_view> gone;
        for (const auto& entry : entries_) {
            if (entry.size() == 1 && entry.front().dimension == i) gone.insert(entry.front().value);
        }
        if (gone.empty()) continue;
        dimension& d = dimensions_[i];
        std::size_t kept = 0;
        for (std::size_t v = 0; v < d.values.size(); ++v) {
            if (gone.contains(text_of(d.values[v]))) continue;
            if (kept != v) {
                d.values[kept] = std::move(d.values[v]);
                d.original[kept] = d.original[v];
            }
            ++kept;
        }
        d.values.resize(kept);
        d.original.resize(kept);
    }
}

void odometer::make_masks() {
    std::vector<std::unordered_map<std::string, std::uint32_t>> numbers(dimensions_.size());
    std::map<std::vector<std::uint32_t>, std::size_t> known;
    for (const auto& entry : entries_) {
        if (entry.size() < 2) continue;
        std::vector<fixed> terms;
        for (const term& t : entry) {
            auto& texts = numbers[t.dimension];
            const dimension& d = dimensions_[t.dimension];
            if (texts.empty()) {
                for (std::size_t v = 0; v < d.values.size(); ++v) {
                    texts.try_emplace(text_of(d.values[v]), d.same[v]);
                }
            }
            const auto found = texts.find(t.value);
            if (found == texts.end()) break;   // no value is equal: it removes nothing
            terms.push_back({t.dimension, found->second});
        }
        if (terms.size() != entry.size()) continue;
        std::sort(terms.begin(), terms.end(),
                  [](const fixed& a, const fixed& b) { return a.dimension < b.dimension; });
        std::vector<std::uint32_t> named;
        std::uint64_t key = 0;
        for (const fixed& t : terms) {
            named.push_back(t.dimension);
            key = key * dimensions_[t.dimension].alike.size() + t.same;
        }
        const auto [at, fresh] = known.try_emplace(named, masks_.size());
        if (fresh) masks_.push_back({named, {}, dimensions_[named.back()].stride});
        if (masks_[at->second].keys.insert(key).second) exclusions_.push_back(std::move(terms));
    }
    std::stable_sort(masks_.begin(), masks_.end(),
                     [](const mask& a, const mask& b) { return a.stride > b.stride; });
    entries_ = {};
}

void odometer::finish(std::uint64_t walkable) {
    drop_single_values();
    std::uint64_t product = 1;
    for (auto d = dimensions_.rbegin(); d != dimensions_.rend(); ++d) {
        number(*d);
        d->stride = product;
        if (product != 0 && d->values.size() > too_many / product) product = too_many;
        else product *= d->values.size();
    }
    // A later axis without values leaves nothing, however many combinations overflowed before it.
    if (std::any_of(dimensions_.begin(), dimensions_.end(),
                    [](const dimension& d) { return d.values.empty(); })) {
        product = 0;
    }
    combinations_ = count_ = product;
    if (product == 0 || product >= too_many) return;
    make_masks();
    if (masks_.empty()) return;

    std::vector<rest> alive;
    for (const auto& e : exclusions_) alive.emplace_back(e.data(), e.data() + e.size());
    std::uint64_t excluded = 0;
    std::uint64_t budget = 1'000'000 + 64 * alive.size();
    if (combinations_ > walkable) {
        count_ = too_many;
    } else if (count_excluded(0, alive, excluded, budget)) {
        count_ = combinations_ - excluded;
    } else {
        count_ = 0;
        for (std::uint64_t c = allowed(0); c < combinations_; c = allowed(c + 1)) ++count_;
    }
    exclusions_ = {};
}

// Counts what is excluded among the combinations of the axes from `at` on, given the exclusions
// that the values chosen so far have met. Values that no exclusion names are alike: they are
// counted once. False when the budget is used up (many exclusions that each leave out other axes).
bool odometer::count_excluded(std::size_t at, const std::vector<rest>& alive, std::uint64_t& sum,
                              std::uint64_t& budget) const {
    sum = 0;
    if (alive.empty()) return true;
    if (budget < alive.size()) return false;
    budget -= alive.size();
    for (const rest& r : alive) {
        if (r.first != r.second) continue;
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

    const bool last = at + 1 == dimensions_.size();   // every exclusion left is met in full
    std::uint64_t unnamed = d.values.size();
    std::uint64_t part = 1;
    std::vector<rest> met;
    for (auto from = ordered.begin(); from != free;) {
        const auto to =
            std::find_if(from, free, [&](const rest& r) { return same(r) != same(*from); });
        if (!last) {
            met.assign(free, ordered.end());
            for (auto r = from; r != to; ++r) met.emplace_back(r->first + 1, r->second);
            if (!count_excluded(at + 1, met, part, budget)) return false;
        }
        unnamed -= d.alike[same(*from)];
        sum += d.alike[same(*from)] * part;
        from = to;
    }
    if (unnamed == 0 || last) return true;
    met.assign(free, ordered.end());
    if (!count_excluded(at + 1, met, part, budget)) return false;
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
        const auto hit = std::find_if(masks_.begin(), masks_.end(), [&](const mask& m) {
            return m.keys.contains(key(m, from));
        });
        if (hit == masks_.end()) return from;
        from = (from / hit->stride + 1) * hit->stride;
    }
    return combinations_;
}

std::uint64_t odometer::equal_before(std::uint64_t combination) const noexcept {
    std::uint64_t rank = 0;
    for (const dimension& d : dimensions_) {
        const std::uint32_t at = digit(combination, d);
        rank = rank * d.alike[d.same[at]] + d.before[at];
    }
    return rank;
}

}  // namespace weir::plan
