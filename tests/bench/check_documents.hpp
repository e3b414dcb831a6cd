// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace weir::bench {

// Harness pipelines of `stages` stages, each of three steps as people write them, and a tenth as
// many barriers. The shape says who meets whom:
//   blocks       ten parallel stages meet, then the next ten
//   chained      all at once; each meets at the barriers of its ten and of the next ten
//   conditional  blocks, each stage behind a condition that only a run can tell
//   crossing     chained and conditional; the last two stages meet in the wrong order
//   serial       blocks, one stage after another: none of the barriers can ever be released
[[nodiscard]] std::string document(std::string_view shape, std::size_t stages);
[[nodiscard]] const std::vector<std::string_view>& shapes();

// The first `count` of an endless row of sound documents, as large as those that people publish.
[[nodiscard]] std::vector<std::string> published(std::size_t count);

}  // namespace weir::bench
