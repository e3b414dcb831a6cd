// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/harness/yaml.hpp"

namespace weir::harness::yaml {

// Carries out the merge key `<<` of a mapping whose children are complete: the entries of the
// mapping, or of the mappings of the list, that it names are appended as aliases where the mapping
// lacks their key, and `<<` goes. `before` is the child before the key, or none. The node that is
// no mapping, or none.
[[nodiscard]] node_index merge_entries(document&, node_index mapping, node_index before,
                                       node_index merge_key);

}  // namespace weir::harness::yaml
