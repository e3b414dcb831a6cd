// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/dialects/dialect.hpp"
#include "adapters/plan/json.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace weir::fuzz {

// Any text as a bare strategy: it is refused with a reason at a place, or its instances are as many
// as it says, in order, each with a suffix and an object of values, which are the same when asked
// for again. The first byte is options, the rest the text.
inline int expand(const std::uint8_t* data, std::size_t size, dialects::dialect which) {
    if (size == 0) {
        return 0;
    }
    const std::string_view text{reinterpret_cast<const char*>(data) + 1, size - 1};
    const dialects::options how{.which = which,
                                .most = 2000,
                                .labels = (data[0] & 1) != 0,
                                .compat_harness = (data[0] & 2) != 0};
    plan::diagnostics findings;
    const auto x = dialects::expand(text, how, findings);
    if (static_cast<bool>(x) == findings.any_error()) {
        std::abort();
    }
    if (!x || x->count() == 0) {
        return 0;
    }
    if (x->count() > how.most) {
        std::abort();
    }
    plan::instance at = x->first();
    std::uint64_t seen = 0;
    do {
        std::string values, again;
        x->append_values(at, values);
        x->append_values(at, again);
        const bool object = json::accept(values) && values.front() == '{';
        const std::string suffix = x->suffix(at, dialects::names_of(*x, at));
        if (at.index != seen++ || !object || values != again || suffix.size() > (1u << 24)) {
            std::abort();
        }
    } while (x->advance(at));
    if (seen != x->count()) {
        std::abort();
    }
    return 0;
}

}  // namespace weir::fuzz
