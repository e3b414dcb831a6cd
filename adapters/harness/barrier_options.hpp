// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/harness/context.hpp"

#include <cstdint>

namespace weir::harness {

// What Weir adds to the declaration of a barrier (SEMANTICS.md, section 2).
struct barrier_options_draft {
    yaml::value quorum, stragglers, cyclic, exchange, on_release, timeout;
    yaml::value stragglers_key, on_release_key;
};

// Reads them into the barrier that was declared last; its `onRelease` steps become nodes.
void read_barrier_options(context&, const barrier_options_draft&, std::uint32_t barrier);

}  // namespace weir::harness
