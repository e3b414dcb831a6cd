// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/expansion.hpp"
#include "adapters/plan/loops.hpp"
#include "tests/conformance/strategy_json.hpp"

#include <cstdlib>
#include <unordered_set>

// A strategy from any JSON: it is refused with a reason, or its instances are as many as it says,
// in order, with suffixes that differ.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace weir;
    if (size == 0) return 0;
    json document;
    std::string error;
    if (!plan::parse_json({reinterpret_cast<const char*>(data) + 1, size - 1}, document, error))
        return 0;
    const plan::strategy s = conformance::strategy_of(document);
    const plan::expansion::options options{.max_instances = 2000,
                                           .labels = (data[0] & 1) != 0,
                                           .compat_harness = (data[0] & 2) != 0};
    const auto name_of = plan::as_written();
    plan::refusal why;
    const auto x = plan::expansion::make(s, options, name_of, why);
    if (!x) {
        if (why.message.empty()) std::abort();
        return 0;
    }
    if (x->count() > options.max_instances) std::abort();
    if (x->count() == 0) return 0;
    std::unordered_set<std::string> suffixes;
    plan::instance at = x->first();
    std::uint64_t seen = 0;
    do {
        if (at.index != seen++) std::abort();
        const std::string suffix = x->suffix(at, name_of);
        if (suffix.size() > 127 || suffix.front() != '_') std::abort();
        if (!suffixes.insert(suffix).second && !options.compat_harness) std::abort();
        const json all = x->values(at);
        for (const auto& [name, value] : all.items()) {
            const auto one = x->value(at, name);
            if (!one || *one != value) std::abort();
        }
    } while (x->advance(at));
    if (seen != x->count()) std::abort();
    return 0;
}
